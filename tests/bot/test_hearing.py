"""What somebody wants of the bot, in both languages and in Greeklish."""

import pytest

from helpdesk.services.bot.hearing import Wish, choice_of, hear
from tests.bot.library import questions

EXPECTED = {
    "emergency": {Wish.EMERGENCY},
    "agent": {Wish.HUMAN},
    "personal": {Wish.PERSONAL, Wish.STATUS},
}


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("held_back", [False, True], ids=["tuned", "held-back"])
def test_what_needs_people_is_heard(kind, held_back):
    missed = [one.text for one in questions(kind, held_back=held_back) if hear(one.text).wish not in EXPECTED[kind]]
    assert missed == []


def test_their_own_request_is_told_from_other_personal_matters():
    for one in questions("personal"):
        assert (hear(one.text).wish is Wish.STATUS) == (one.expected == "status"), one.text


@pytest.mark.parametrize("held_back", [False, True], ids=["tuned", "held-back"])
def test_ordinary_questions_are_not_taken_for_something_else(held_back):
    rows = questions("answer", "refuse", held_back=held_back)
    other = [one.text for one in rows if hear(one.text).wish is not Wish.QUESTION]
    assert len(other) <= 0.02 * len(rows), other


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Ναι", Wish.YES), ("yes, thanks!", Wish.YES), ("ΟΧΙ", Wish.NO), ("None of these", Wish.NO),
        ("Καλημέρα σας", Wish.GREETING), ("και;", Wish.NOTHING), ("???", Wish.NOTHING), ("", Wish.NOTHING),
        ("my phone is 2101234567", Wish.PERSONAL), ("ταυτότητα ΑΒ 123456", Wish.PERSONAL),
        ("request no. 4711", Wish.STATUS), ("open from 9:00 to 17:30", Wish.QUESTION),
    ],
)  # fmt: skip
def test_short_answers_and_numbers(text, wish):
    assert hear(text).wish is wish


def test_a_choice_counts_before_the_words():
    assert hear("άνθρωπος", "yes").wish is Wish.YES
    named = hear("", choice_of(12, "en"))
    assert (named.wish, named.article_id, named.language) == (Wish.ARTICLE, 12, "en")
    assert hear("λακκούβα", "nonsense").wish is Wish.QUESTION
    assert hear("λακκούβα", "article:9999999999999999999999").wish is Wish.QUESTION
