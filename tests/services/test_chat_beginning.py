"""A conversation begins once, however often it is asked for, and nothing is held while the bot thinks."""

import pytest

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.models.chats import Chat
from helpdesk.services import chats, dialogue
from helpdesk.services.chats import Key
from helpdesk.services.dialogue import HandOver, Partner, Said
from tests.builders import NOON, a_department
from tests.services.chatting import SECOND, a_chat, row_of, said
from tests.services.crew import a_member

pytestmark = pytest.mark.usefixtures("rules")

NAME = "n" * 30


@pytest.fixture(autouse=True)
def no_bot():
    before = list(dialogue._partners)
    dialogue._partners.clear()
    yield
    dialogue._partners[:] = before


def how_many():
    return db.session.query(Chat).count()


def test_begun_again_under_its_secret_name_it_is_the_same_conversation_with_the_same_key():
    place = a_department()
    first = a_chat(place, name_of_it=NAME, client_id="c1")
    again = a_chat(place, name_of_it=NAME, client_id="c1", at=NOON + SECOND)
    assert again == first and how_many() == 1
    assert [text for author, text in said(first) if author == "citizen"] == ["Ο κάδος ξεχείλισε."]
    assert chats.begun(NAME) == first and chats.begun("m" * 30) is None


def test_begun_again_with_other_words_these_are_said_in_it():
    key = a_chat(a_department(), name_of_it=NAME, client_id="c1")
    assert a_chat(None, "Και κάτι άλλο", name_of_it=NAME, client_id="c2", at=NOON + SECOND) == key
    assert [text for author, text in said(key) if author == "citizen"] == ["Ο κάδος ξεχείλισε.", "Και κάτι άλλο"]


def test_a_name_that_could_be_guessed_names_no_conversation():
    place = a_department()
    assert a_chat(place, name_of_it="c1") != a_chat(place, name_of_it="c1")
    assert chats.begun("c1") is None


def test_the_token_of_one_name_opens_no_other_conversation():
    mine, other = a_chat(None, name_of_it=NAME), a_chat(None, name_of_it="o" * 30)
    with pytest.raises(NotFound):
        chats.standing(Key(other.id, mine.token), NOON)


def is_working():
    """Whether a unit of work is under way, so that something may be held."""
    return bool(db.session().info.get("helpdesk.unit"))


class Thinker:
    """A bot that notes when it thinks and with which thought it answers."""

    def __init__(self, *, hands_over: bool = False):
        self.held_thinking: list[bool] = []
        self.thoughts: list[object] = []
        self.hands_over = hands_over
        dialogue.register(Partner(lambda place: True, lambda spoken, at: Said(), self.answer, self.think))

    def think(self, spoken, text, at):
        self.held_thinking.append(is_working())
        return f"thought of {text}"

    def answer(self, spoken, text, at):
        self.thoughts.append(spoken.thought)
        assert is_working()
        return Said(lines=("Ναι",), hand_over=HandOver("asked") if self.hands_over else None)


def test_what_is_said_is_thought_about_before_the_conversation_is_held():
    bot = Thinker()
    key = a_chat(a_department())
    chats.say(key, "Πότε;", at=NOON + SECOND)
    assert bot.thoughts == ["thought of Ο κάδος ξεχείλισε.", "thought of Πότε;"]
    assert len(bot.held_thinking) == 2 and not any(bot.held_thinking)


def test_sent_again_it_is_not_thought_about_again():
    bot = Thinker()
    key = a_chat(a_department())
    for _ in range(2):
        chats.say(key, "Πότε;", client_id="c2", at=NOON + SECOND)
    assert len(bot.thoughts) == 2 and len(bot.held_thinking) == 2


def test_after_the_hand_over_the_bot_neither_thinks_nor_speaks():
    bot = Thinker(hands_over=True)
    place = a_department()
    a_member(place)
    key = a_chat(place)
    chats.say(key, "Ακούει κανείς;", at=NOON + SECOND)
    assert row_of(key).ticket_id is not None and len(bot.thoughts) == len(bot.held_thinking) == 1


def test_handed_over_while_the_bot_was_thinking_the_line_goes_to_people():
    place = a_department()
    a_member(place)
    bot = Thinker()
    key = a_chat(place)

    def late(spoken, text, at):
        bot.hands_over = True
        dialogue._partners[:] = [Partner(lambda place: True, lambda spoken, at: Said(), bot.answer)]
        chats.say(key, "Άνθρωπο παρακαλώ", at=NOON + SECOND)

    dialogue._partners[:] = [Partner(lambda place: True, lambda spoken, at: Said(), bot.answer, late)]
    chats.say(key, "Δεύτερη γραμμή", at=NOON + 2 * SECOND)
    chat = row_of(key)
    assert chat.ticket_id is not None and chat.state == "queued"
    assert said(key)[-1] == ("citizen", "Δεύτερη γραμμή") and len(bot.thoughts) == 2
