"""Who has waited long chooses what becomes of it; who is silent for long is asked first, and never cut off unheard."""

from datetime import timedelta

import pytest

from helpdesk.errors import Forbidden, Invalid
from helpdesk.services import chats, dialogue, journal, presence
from helpdesk.services.chats import settings
from helpdesk.services.chats.settings import ChatSettings
from tests.builders import NOON, a_department, an_administrator
from tests.services.chatting import SECOND, a_chat, accepted, row_of, said
from tests.services.crew import a_member

pytestmark = pytest.mark.usefixtures("rules")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_bot():
    before = list(dialogue._partners)
    dialogue._partners.clear()
    yield
    dialogue._partners[:] = before


def busy():
    """A department whose only agent is in conversation, and somebody who waits there."""
    place = a_department()
    agent = a_member(place, capacity=4)
    a_chat(place, "Ο πρώτος")
    accepted(agent)
    return agent, a_chat(place, "Ο δεύτερος")


def later(agent, key, at):
    """The clock goes on while both are there."""
    presence.seen(agent.id, at)
    chats.agent_seen(agent.id, at)
    chats.citizen_seen(key.id, at)
    chats.tick(at)


def told(key):
    return [code for author, code in said(key) if author == "house"]


def ends(key):
    return [fact.event.by for fact in journal.of(row_of(key).ticket_id) if fact.type == "chat_ended"]


def test_who_waits_for_long_is_asked_once_what_they_prefer_and_keeps_their_place():
    agent, key = busy()
    later(agent, key, NOON + 4 * MINUTE)
    assert "long_wait" not in told(key)
    for minutes in (5, 6, 12):
        later(agent, key, NOON + minutes * MINUTE)
    assert told(key).count("long_wait") == 1 and row_of(key).state == "queued"


def test_who_keeps_waiting_is_asked_again_later():
    agent, key = busy()
    later(agent, key, NOON + 5 * MINUTE)
    for _ in range(2):
        chats.say(key, "Περιμένω", choice="do:wait", client_id="w", at=NOON + 6 * MINUTE)
    assert told(key)[-1] == "waits_on" and told(key).count("waits_on") == 1
    assert ("citizen", "Περιμένω") not in said(key)
    later(agent, key, NOON + 10 * MINUTE)
    assert told(key)[-1] == "waits_on"
    later(agent, key, NOON + 11 * MINUTE)
    assert told(key)[-1] == "long_wait"


@pytest.mark.parametrize(("choice", "code"), [("do:leave", "leaves"), ("do:call", "call_back")])
def test_who_waits_no_longer_leaves_a_request_and_the_line(choice, code):
    agent, key = busy()
    later(agent, key, NOON + 5 * MINUTE)
    chats.say(key, "Όχι άλλο", choice=choice, at=NOON + 6 * MINUTE)
    assert (row_of(key).state, told(key)[-1]) == ("left", code)
    facts = [fact.event for fact in journal.of(row_of(key).ticket_id) if fact.type == "chat_left"]
    assert [fact.chosen for fact in facts] == [True]


def test_a_choice_that_comes_when_somebody_has_answered_changes_nothing():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    before = row_of(key).seq
    assert chats.say(key, "Φεύγω", choice="do:leave", at=NOON + SECOND).seq == before
    assert row_of(key).state == "active" and row_of(key).seq == before


def test_who_says_a_word_more_while_waiting_is_asked_again():
    agent, key = busy()
    later(agent, key, NOON + 5 * MINUTE)
    chats.say(key, "Είστε εκεί;", at=NOON + 6 * MINUTE)
    later(agent, key, NOON + 11 * MINUTE)
    assert told(key).count("long_wait") == 2


def talking():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    chats.answer(agent, key.id, "Πείτε μου τη διεύθυνση.", at=NOON)
    return agent, key


def test_long_silence_is_asked_about_and_ends_the_chat_five_minutes_later():
    agent, key = talking()
    later(agent, key, NOON + 19 * MINUTE)
    assert "silent" not in told(key)
    later(agent, key, NOON + 20 * MINUTE)
    assert told(key)[-1] == "silent" and row_of(key).state == "active"
    later(agent, key, NOON + 24 * MINUTE)
    assert row_of(key).state == "active"
    later(agent, key, NOON + 25 * MINUTE)
    assert row_of(key).state == "closed" and ends(key) == ["clock"]


def test_who_says_that_they_are_still_there_has_as_long_again_however_often():
    agent, key = talking()
    at = NOON
    for _ in range(11):
        at += 20 * MINUTE
        later(agent, key, at)
        assert told(key)[-1] == "silent"
        at += 2 * MINUTE
        chats.say(key, "Εδώ είμαι", choice="do:stay", at=at)
        assert told(key)[-1] == "stays" and row_of(key).warned_at is None
    assert row_of(key).state == "active"


def test_any_word_of_either_side_answers_the_question():
    agent, key = talking()
    later(agent, key, NOON + 20 * MINUTE)
    chats.answer(agent, key.id, "Με την ησυχία σας.", at=NOON + 22 * MINUTE)
    later(agent, key, NOON + 30 * MINUTE)
    assert row_of(key).state == "active"
    later(agent, key, NOON + 42 * MINUTE)
    chats.say(key, "Το βρήκα", at=NOON + 43 * MINUTE)
    later(agent, key, NOON + 60 * MINUTE)
    assert row_of(key).state == "active"


def test_who_waits_for_the_agents_answer_is_never_cut_off():
    agent, key = talking()
    chats.say(key, "Αθηνάς 5", at=NOON + MINUTE)
    for minutes in (21, 40, 60):
        later(agent, key, NOON + minutes * MINUTE)
    assert row_of(key).state == "active" and "silent" not in told(key)


def test_administrators_decide_how_long_and_within_what_is_bearable():
    boss = an_administrator()
    settings.decide(boss, ChatSettings(longest_wait=2, idle=30, watched=("  Bomb  threat", "bomb threat")), NOON)
    assert settings.current().longest_wait == 2 and settings.current().watched == ("bomb threat",)
    with pytest.raises(Invalid) as refused:
        settings.decide(boss, ChatSettings(idle=19, flood=0), NOON)
    assert set(refused.value.fields) == {"idle", "flood"}
    with pytest.raises(Forbidden):
        settings.decide(a_member(a_department()), ChatSettings(), NOON)
