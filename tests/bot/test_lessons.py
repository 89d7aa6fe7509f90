"""What editors learn from misses: alike together, with the article that helped in the end; one click teaches it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.permissions import SYSTEM
from helpdesk.services import bot, handbook
from helpdesk.services.bot import lessons
from helpdesk.services.dialogue import Spoken
from helpdesk.services.rulebook import ensure_defaults
from tests import builders
from tests.builders import NOON

LATER = NOON + timedelta(hours=1)
MISSED = "σκοτάδι έχει η οδός, κάηκε η λάμπα"


@pytest.fixture
def lamps(session) -> int:
    """The article that answers; its id."""
    ensure_defaults(NOON)
    return an_article("Βλάβη στον δημοτικό φωτισμό", "Πείτε μας την οδό, και αν κάηκε κάτι.")


def an_article(title: str, body: str) -> int:
    told = {"titles": {"el": title, "en": f"About {title}"}, "bodies": {"el": body}}
    return handbook.save(SYSTEM, "article", None, NOON, **told, published=True)


def ask(*said: tuple[str, str]) -> None:
    spoken = Spoken(0, "el", NOON)
    kept = bot.greet(spoken, NOON).kept
    for words, choice in said:
        kept = bot.answer(replace(spoken, kept=kept, choice=choice), words, NOON).kept


def answered(question: str) -> int | None:
    sources = bot.answer(Spoken(0, "el", NOON), question, NOON).sources
    return sources[0].article_id if sources else None


def test_misses_alike_stand_together_with_what_people_chose_and_what_helped(lamps):
    other = an_article("Οδός: αλλαγή ονόματος", "Τα ονόματα των οδών τα αλλάζει το συμβούλιο.")
    ask((MISSED, ""), ("Βλάβη", f"article:{lamps}"), ("ναι", "yes"))
    ask((f"{MISSED}!", ""), ("Οδός", f"article:{other}"))
    [one] = lessons.lessons(builders.an_administrator())
    assert (one.count, one.asked, one.language) == (2, (f"{MISSED}!", MISSED), "el")
    assert [(each.article_id, each.chosen, each.helped) for each in one.candidates] == [(lamps, 1, 1), (other, 1, 0)]


def test_taught_it_answers_what_it_refused_and_the_question_is_taken_up(lamps):
    root = builders.an_administrator()
    ask((MISSED, ""))
    ask(("πότε φεύγει το καράβι για Πάρο", ""))
    assert answered(MISSED) is None
    one = next(each for each in lessons.lessons(root) if MISSED in each.asked)
    before = handbook.find("article", lamps).updated_at
    lessons.teach(root, one.turn, lamps, f"  {MISSED} ", LATER)
    assert answered(MISSED) == lamps and answered("κάηκε η λάμπα στο σκοτάδι της οδού") == lamps
    row = handbook.find("article", lamps)
    assert row.phrasings == {"el": MISSED} and row.updated_at == before, "this is no review of what it says"
    assert [each.asked for each in lessons.lessons(root)] == [("πότε φεύγει το καράβι για Πάρο",)]
    with pytest.raises(Stale):
        lessons.teach(root, one.turn, lamps, MISSED, LATER)


def test_what_was_set_aside_is_not_shown_until_somebody_asks_it_again(lamps):
    root = builders.an_administrator()
    ask((MISSED, ""))
    lessons.set_aside(root, lessons.lessons(root)[0].turn, LATER)
    assert lessons.lessons(root) == []
    ask((MISSED, ""))
    assert lessons.lessons(root)[0].count == 1


def test_the_same_words_are_kept_once(lamps):
    root = builders.an_administrator()
    for _ in range(2):
        ask((MISSED, ""))
        handbook.add_phrasing(root, lamps, "el", MISSED, LATER)
    assert handbook.find("article", lamps).phrasings["el"] == MISSED


def test_only_who_may_write_articles_teaches_and_agents_see_nothing(lamps):
    house_ = builders.a_department()
    ask((MISSED, ""))
    [one] = lessons.lessons(builders.a_supervisor(house_))
    for act in (lambda who: lessons.teach(who, one.turn, lamps, MISSED, LATER),
                lambda who: lessons.set_aside(who, one.turn, LATER)):  # fmt: skip
        with pytest.raises(Forbidden):
            act(builders.a_supervisor(house_))
    with pytest.raises(Forbidden):
        lessons.lessons(builders.an_agent(house_))


def test_words_that_say_nothing_or_are_too_many_and_no_article_are_refused(lamps):
    root = builders.an_administrator()
    ask((MISSED, ""))
    [one] = lessons.lessons(root)
    for words in ("", "τι είναι αυτό", "λάμπα " * 100):
        with pytest.raises(Invalid):
            lessons.teach(root, one.turn, lamps, words, LATER)
    with pytest.raises(NotFound):
        lessons.teach(root, one.turn, lamps + 1_000, MISSED, LATER)
    assert len(lessons.lessons(root)) == 1, "what was refused took nothing up"


def test_what_was_forgotten_is_learned_from_no_more(lamps):
    ask((MISSED, ""))
    bot.forget(NOON + timedelta(days=91))
    assert lessons.lessons(builders.an_administrator()) == []
