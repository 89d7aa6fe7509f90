"""A conversation with the bot on real articles: quotes, sources, refusals, hand-overs, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk.permissions import SYSTEM
from helpdesk.services import bot, dialogue, handbook
from helpdesk.services.bot import settings
from helpdesk.services.bot.settings import BotSettings
from helpdesk.services.dialogue import Said, Spoken
from helpdesk.services.rulebook import ensure_defaults
from tests import builders
from tests.bot.library import fill, questions
from tests.builders import NOON

FORM = {"name": "place", "labels": {"el": "Πού ακριβώς;", "en": "Where exactly?"}, "kind": "text", "required": True}
USE = {
    "name": "use",
    "labels": {"el": "Για ποια χρήση;", "en": "What is it for?"},
    "kind": "choice",
    "required": False,
    "choices": [{"value": "abroad", "labels": {"el": "Για το εξωτερικό", "en": "For use abroad"}}],
}


class Talk:
    """A conversation, as the chat would lead it."""

    def __init__(self, language: str = "el") -> None:
        self.spoken = Spoken(0, language, NOON)
        self.said: Said = bot.greet(self.spoken, NOON)

    def say(self, text: str, choice: str = "") -> Said:
        kept = self.said.kept
        self.said = bot.answer(replace(self.spoken, kept=kept, choice=choice), text, NOON)
        return self.said

    def press(self, wanted: str) -> Said:
        choice = next(one for one in self.said.choices if wanted in (one.key, one.text))
        return self.say(choice.text, choice.key)


@pytest.fixture
def crossing(session):
    """A department with a service, and an article about it; the article's id."""
    ensure_defaults(NOON)
    house = builders.a_department(names={"el": "Τμήμα Οδοποιίας", "en": "Road Department"})
    service = builders.a_service(department_id=house.id, fields=[FORM, USE])
    told = {
        "titles": {"el": "Βάψιμο διαβάσεων", "en": "Painting of crossings"},
        "bodies": {"el": "Οι διαβάσεις βάφονται **κάθε άνοιξη**.", "en": "Crossings are painted **every spring**."},
    }
    return handbook.save(
        SYSTEM, "article", None, NOON, **told, published=True, department_id=house.id, service_id=service.id
    )


def article(id_: int) -> object:
    return handbook.find("article", id_)


def turns(session) -> list[tuple]:
    query = text("select outcome, article_id, asked from bot_turn order by session_id, place")
    return [tuple(row) for row in session.execute(query)]


def test_its_first_words_say_that_it_is_a_bot_and_offer_a_person(crossing):
    for language, word in (("el", "ρομπότ"), ("en", "bot")):
        said = Talk(language).said
        assert word in said.lines[0] and [one.key for one in said.choices] == ["human"]


def test_it_quotes_word_for_word_and_names_the_source(crossing):
    said = Talk().say("πότε γίνεται το βάψιμο των διαβάσεων;")
    assert said.lines[1] == "Οι διαβάσεις βάφονται κάθε άνοιξη."
    [source] = said.sources
    assert source.article_id == crossing and source.department == "Τμήμα Οδοποιίας"
    assert source.link.endswith(f"/el/help/{article(crossing).key}") and source.reviewed_on == NOON.date().isoformat()
    assert {"yes", "no", "wrong", "form", "human"} == {one.key for one in said.choices}


def test_it_answers_in_the_language_of_the_question(crossing):
    talk = Talk("el")
    assert talk.say("painting of crossings").lines[1] == "Crossings are painted every spring."
    assert not talk.say("vapsimo diavaseon").sources, "shown already, so it is not quoted again"
    assert Talk("en").say("vapsimo diavaseon").lines[1] == "Οι διαβάσεις βάφονται κάθε άνοιξη."


def test_what_is_written_in_one_language_only_is_offered_openly(crossing):
    handbook.save(
        SYSTEM, "article", crossing, NOON, titles={"el": "Βάψιμο διαβάσεων", "en": "Painting of crossings"},
        bodies={"el": "Οι διαβάσεις βάφονται κάθε άνοιξη."}, published=True,
    )  # fmt: skip
    talk = Talk("en")
    said = talk.say("painting of crossings")
    assert "Greek" in said.lines[0] and not said.sources
    shown = talk.press(f"article:{crossing}:el")
    assert shown.lines[1] == "Οι διαβάσεις βάφονται κάθε άνοιξη." and shown.sources[0].language == "el"


def test_a_draft_is_no_answer(crossing):
    handbook.save(
        SYSTEM, "article", crossing, NOON, titles={"el": "Βάψιμο διαβάσεων"}, bodies={"el": "Άνοιξη."}, published=False
    )
    said = Talk().say("βάψιμο διαβάσεων")
    assert not said.sources and "Δεν βρίσκω" in said.lines[0]
    assert not bot.is_on(None), "there is nothing to answer from"


def test_it_refuses_what_it_does_not_know_and_passes_on_at_the_second_time(crossing):
    talk = Talk()
    assert "Δεν βρίσκω" in talk.say("ποιος κέρδισε τον αγώνα;").lines[0]
    said = talk.say("και το δίπλωμα οδήγησης;")
    assert said.hand_over is not None and said.hand_over.reason == "failed"
    assert "αγώνα" in said.hand_over.summary and "οδήγησης" in said.hand_over.summary


def test_after_the_hand_over_it_is_silent(crossing):
    talk = Talk()
    assert talk.press("human").hand_over is not None
    for words in ("βάψιμο διαβάσεων", "φωτιά", "άνθρωπος"):
        assert talk.say(words) == Said(kept=talk.said.kept)


def test_the_hand_over_goes_to_the_department_of_what_was_asked(crossing):
    talk = Talk()
    talk.say("βάψιμο διαβάσεων")
    said = talk.say("θέλω να μιλήσω με άνθρωπο")
    house = article(crossing)
    assert said.hand_over is not None
    assert (said.hand_over.department_id, said.hand_over.service_id) == (house.department_id, house.service_id)
    assert "Βάψιμο διαβάσεων" in said.hand_over.summary


def test_an_answer_that_helped_ends_it(crossing):
    talk = Talk()
    talk.say("βάψιμο διαβάσεων")
    assert talk.press("yes").solved


def test_danger_and_ones_own_case_go_to_people(crossing):
    assert Talk().say("έπιασε φωτιά").hand_over.reason == "emergency"
    assert "112" in Talk("en").say("there is a fire").lines[0]
    assert Talk().say("πόσα χρωστάω στον δήμο;").hand_over.reason == "personal"


def test_how_a_request_stands_is_shown_on_its_page_only(crossing):
    said = Talk().say("τι γίνεται με το αίτημά μου;")
    assert said.hand_over is None and said.sources[0].link.endswith("/el/track")
    assert [one.key for one in said.choices] == ["human"]


def test_it_collects_what_the_form_asks(crossing):
    talk = Talk()
    talk.say("βάψιμο διαβάσεων")
    assert talk.press("form").lines == ("Πού ακριβώς;",)
    said = talk.say("Ερμού 12, τηλέφωνο 2101234567")
    assert [one.key for one in said.choices] == ["value:abroad", "skip", "human"]
    assert "Δεν ταιριάζει" in talk.say("κάτι άλλο").lines[0]
    said = talk.press("Για το εξωτερικό")
    assert said.hand_over is not None and said.hand_over.reason == "form"
    assert "Πού ακριβώς;: Ερμού 12" in said.hand_over.summary
    assert "Για ποια χρήση;: Για το εξωτερικό" in said.hand_over.summary


def test_what_was_asked_is_kept_without_addresses_and_numbers(crossing, session):
    talk = Talk()
    talk.say("βάψιμο διαβάσεων, γράψτε μου στο maria@example.org ή στο 6912345678")
    [(outcome, _, asked)] = turns(session)
    assert outcome == "handed_over" and "maria" not in asked and "6912345678" not in asked


def test_every_thing_said_is_a_line_with_its_outcome(crossing, session):
    talk = Talk()
    talk.say("γεια σας")
    talk.say("βάψιμο διαβάσεων")
    talk.press("wrong")
    talk.say("ποιος κέρδισε τον αγώνα;")
    assert turns(session) == [
        ("talked", None, None),
        ("answered", crossing, "βάψιμο διαβάσεων"),
        ("reported_wrong", crossing, None),
        ("handed_over", None, "ποιος κέρδισε τον αγώνα;"),
    ]


def test_questions_are_forgotten_when_raw_post_is(crossing, session):
    talk = Talk()
    talk.say("βάψιμο διαβάσεων")
    assert bot.forget(NOON + timedelta(days=89)) == 0
    assert bot.forget(NOON + timedelta(days=91)) == 1
    assert turns(session) == [("answered", crossing, None)]


def test_it_can_be_switched_off(crossing):
    boss = builders.an_administrator()
    assert bot.is_on(None)
    settings.decide(boss, BotSettings(on=False), NOON)
    assert not bot.is_on(None)


def test_the_chat_finds_it(app, crossing):
    assert dialogue.partner(None) is bot.PARTNER


def test_in_the_whole_dialogue_too_nothing_foreign_is_answered_and_answers_are_right(session):
    keys = fill()
    answered, right, foreign = 0, 0, 0
    for one in questions("answer", "refuse", "personal", "emergency", "agent", held_back=True):
        said = Talk().say(one.text)
        article_id = said.sources[0].article_id if said.sources else None
        if article_id is not None:
            answered += 1
            right += keys[article_id] == one.expected
            foreign += one.kind != "answer"
    assert answered >= 35 and right >= 0.95 * answered and foreign == 0


WAYS = (
    ("γεια σας", ""), ("βάψιμο διαβάσεων", ""), ("ποιος κέρδισε τον αγώνα;", ""),
    ("διαβάσεις στο χωριό του δάσους", ""),
    ("όχι", "no"), ("λάθος", "wrong"), ("ναι", "yes"), ("αίτημα", "form"), ("Ερμού 12", ""), ("κάτι", ""), ("", "skip"),
    ("τι γίνεται με το αίτημά μου;", ""), ("τι;", ""),
)  # fmt: skip


@pytest.mark.parametrize("first", range(len(WAYS)))
def test_a_person_is_one_press_away_after_everything_that_it_says(crossing, first):
    for second in range(len(WAYS)):
        talk = Talk()
        for words, choice in (WAYS[first], WAYS[second], WAYS[first]):
            if talk.said.hand_over is not None:
                break
            talk.say(words, choice)
            if talk.said.hand_over is None and not talk.said.solved:
                assert "human" in {one.key for one in talk.said.choices}, (words, choice)
        if talk.said.hand_over is None:
            handed = talk.say("Μίλησε με άνθρωπο", "human").hand_over
            assert handed is not None and handed.reason == "asked", "also after it was solved"
