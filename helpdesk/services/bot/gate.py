"""Whether the best match is an answer, or honesty says that we do not know. Pure.

Likeness alone cannot refuse: for every question some article is the most like. So three shares are asked for: how much
of the question the article holds, how much of its title, or of a phrasing of it, the question holds, and the reverse.

Who asks in words of their own says much beside the matter, and seldom says the title. There it takes several words that
the article holds together and no other does: two meet by chance, three hardly do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.services.retrieval import Match

COVERAGE = 0.7
"""What an article must hold of a question's weight: a question whose third is about something else is another question
("heating allowance" is not "rent allowance")."""

AIM = 0.3
"""What a question must hold of a title or a phrasing: of a title of three telling words one, if it is the rarest."""

FOCUS = 0.55
"""What that same title or phrasing must hold of the question: clearly more than half. Words that only stand somewhere
in the text support an answer; they never make one ("pay online" is not about rent, though its page has both words)."""

MARGIN = 0.2
"""By which share the best must stand before the next: where two articles fit alike, the citizen chooses."""

TOGETHER = 3
"""Telling words of a question that an article must hold, wherever in it, to answer without its title."""

NEARLY_HALF, APART = 0.45, 0.5
"""What they must weigh of the question, and by which share the article must then stand before the next."""

LIKELY = 0.07
"""From which score an article may be meant: one telling word in seven stands in its text."""

NEAR = 0.4
"""What share of the best's score another needs to be offered beside it; on the half that was tuned on, none that was
meant was lost by it, and a third of the others went."""

MOST_OFFERED = 3


@dataclass(frozen=True)
class Verdict:
    """The article that answers, or none; and what may be meant else, the likeliest first."""

    answer: Match | None
    offered: tuple[Match, ...]

    @property
    def every(self) -> tuple[Match, ...]:
        """The answer, where there is one, before the others."""
        return self.offered if self.answer is None else (self.answer, *self.offered)


def judge(matches: Sequence[Match]) -> Verdict:
    """What the matches of a question, the best first, are good for."""
    best = matches[0] if matches else None
    least = max(LIKELY, NEAR * best.score) if best is not None else LIKELY
    offered = tuple(one for one in matches if one.score >= least)[:MOST_OFFERED]
    if best is None or not (_fits(best, matches) or _holds_together(best, matches)):
        return Verdict(None, offered)
    return Verdict(best, tuple(one for one in offered if one is not best))


def _fits(one: Match, matches: Sequence[Match]) -> bool:
    fits = one.coverage >= COVERAGE and one.aim >= AIM and one.focus >= FOCUS
    return fits and _lead(matches) >= MARGIN


def _holds_together(one: Match, matches: Sequence[Match]) -> bool:
    return one.words >= TOGETHER and one.coverage >= NEARLY_HALF and _lead(matches) >= APART


def _lead(matches: Sequence[Match]) -> float:
    """By which share of its score the best stands before the next."""
    return 1.0 if len(matches) < 2 else 1 - matches[1].score / matches[0].score
