"""Whether a match is an answer: all three shares, and clearly before the next; what is offered else."""

from helpdesk.services.bot import gate
from helpdesk.services.bot.gate import judge
from helpdesk.services.retrieval import Match


def a_match(id_: int = 1, coverage: float = 1.0, aim: float = 1.0, focus: float = 1.0) -> Match:
    return Match(id_, "el", coverage, aim, focus, 2)


def test_nothing_found_is_no_answer():
    assert judge([]) == gate.Verdict(None, ())


def test_each_share_can_refuse():
    assert judge([a_match()]).answer is not None
    for share, least in (("coverage", gate.COVERAGE), ("aim", gate.AIM), ("focus", gate.FOCUS)):
        assert judge([a_match(**{share: least})]).answer is not None
        assert judge([a_match(**{share: least - 0.01})]).answer is None


def test_three_words_together_answer_without_the_title_and_two_do_not():
    def found(words: int = 3, coverage: float = gate.NEARLY_HALF, next_: float = 0.0):
        best = Match(1, "el", coverage, 0.0, 0.0, words)
        return judge([best, Match(2, "el", next_, 0.0, 0.0, 1)]).answer

    assert found() is not None
    assert found(words=2) is None
    assert found(coverage=gate.NEARLY_HALF - 0.01) is None
    assert found(next_=gate.NEARLY_HALF * 0.6) is None, "another article holds nearly as much"


def test_two_that_fit_alike_are_offered_and_neither_answers():
    found = judge([a_match(1), a_match(2, coverage=0.9)])
    assert found.answer is None and [one.article_id for one in found.offered] == [1, 2]
    assert judge([a_match(1), a_match(2, coverage=0.75)]).answer is not None


def test_what_is_far_behind_or_hardly_like_it_is_not_offered():
    found = judge([a_match(1, coverage=0.6), a_match(2, coverage=0.2), a_match(3, coverage=0.5)])
    assert [one.article_id for one in found.offered] == [1, 3]
    assert judge([a_match(coverage=0.05)]).offered == ()
