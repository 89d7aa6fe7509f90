"""Whether the best match is an answer, or honesty says that we do not know. Pure.

Likeness alone cannot refuse: for every question some article is the most like. So two shares are asked for: how much of
the question the article holds, and how much of the article's title, or of a phrasing of it, the question holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.services.retrieval import Match

COVERAGE = 2 / 3
"""What an article must hold of a question's weight: a question whose third and more is about something else is another
question ("heating allowance" is not "rent allowance")."""

AIM = 0.3
"""What a question must hold of a title or a phrasing: of a title of three telling words one, if it is the rarest."""

WHOLE = 0.68
"""A question no title speaks of is answered when the text holds every word of it (each counts 0.7 there), ..."""

WHOLE_WORDS = 2
"""... and there are so many of them."""

MARGIN = 0.2
"""By which share the best must stand before the next: where two articles fit alike, the citizen chooses."""

LIKELY = 0.07
"""From which score an article may be meant: one telling word in seven stands in its text."""

MOST_OFFERED = 3


@dataclass(frozen=True)
class Verdict:
    """The article that answers, or none; and what may be meant else, the likeliest first."""

    answer: Match | None
    offered: tuple[Match, ...]


def judge(matches: Sequence[Match]) -> Verdict:
    """What the matches of a question, the best first, are good for."""
    offered = tuple(one for one in matches if one.score >= LIKELY)[:MOST_OFFERED]
    best = matches[0] if matches else None
    if best is None or not _fits(best) or not _stands_out(matches):
        return Verdict(None, offered)
    return Verdict(best, tuple(one for one in offered if one is not best))


def _fits(one: Match) -> bool:
    aimed = one.coverage >= COVERAGE and one.aim >= AIM
    return aimed or (one.coverage >= WHOLE and one.words >= WHOLE_WORDS)


def _stands_out(matches: Sequence[Match]) -> bool:
    return len(matches) < 2 or matches[0].score - matches[1].score >= MARGIN * matches[0].score
