"""Which article a question is about, and how much of both agrees. Pure: postings and counts give matches."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpdesk.services.retrieval.postings import Line, Posting

IN_TEXT = 0.7
"""What a word counts that stands in the text only, against one in the title or in a phrasing."""

Place = tuple[int, str]
"""An article in one of its languages."""


@dataclass(frozen=True)
class Match:
    """An article that a question may be about.

    ``coverage``: how much of the question's weight the article holds (0..1). Of the one line, its title or a phrasing,
    that agrees best with the question: ``aim`` is how much of the line the question holds, ``focus`` how much of the
    question the line holds. ``words``: how many of the question's words the article holds.
    """

    article_id: int
    language: str
    coverage: float
    aim: float
    focus: float
    words: int

    @property
    def score(self) -> float:
        """One figure to rank by: what both agree on."""
        return self.coverage * (0.5 + 0.5 * self.aim)


def rank(terms: int, postings: Iterable[Posting], lines: Iterable[Line], articles: int) -> list[Match]:
    """The matches of a question of so many words, the best first; one language an article."""
    held = list(postings)
    weights = _weights(terms, held, articles)
    strengths = _strengths(held)
    total = sum(weights)
    agreed = _agreement(held, lines, weights, articles)
    found: dict[int, Match] = {}
    for place, by_term in strengths.items():
        covered = sum(weights[term] * strength for term, strength in by_term.items()) / total
        one = Match(*place, covered, *agreed.get(place, (0.0, 0.0)), len(by_term))
        found[place[0]] = max(found.get(place[0], one), one, key=lambda match: match.score)
    return sorted(found.values(), key=lambda match: (-match.score, match.article_id))


def weight(in_articles: int, articles: int) -> float:
    """How telling a word is that so many of the articles hold (the inverse document frequency); none: as one does."""
    return math.log(1 + articles / max(1, in_articles))


def _weights(terms: int, postings: Sequence[Posting], articles: int) -> list[float]:
    held: list[set[int]] = [set() for _ in range(terms)]
    for one in postings:
        held[one.term].add(one.article_id)
    return [weight(len(found), articles) for found in held]


def _strengths(postings: Sequence[Posting]) -> Mapping[Place, Mapping[int, float]]:
    found: dict[Place, dict[int, float]] = {}
    for one in postings:
        by_term = found.setdefault((one.article_id, one.language), {})
        strength = one.strength * (1.0 if one.line >= 0 else IN_TEXT)
        by_term[one.term] = max(by_term.get(one.term, 0.0), strength)
    return found


def _agreement(
    postings: Sequence[Posting], lines: Iterable[Line], weights: Sequence[float], articles: int
) -> Mapping[Place, tuple[float, float]]:
    """Aim and focus of each article's best line."""
    met: dict[tuple[int, str, int], list[Posting]] = {}
    for one in postings:
        met.setdefault((one.article_id, one.language, one.line), []).append(one)
    best: dict[Place, tuple[float, float]] = {}
    total = sum(weights)
    for line in lines:
        found = met.get((line.article_id, line.language, line.line), [])
        places = _strongest((one.place, one.strength) for one in found)
        terms = _strongest((one.term, one.strength) for one in found)
        whole = sum(weight(count, articles) for count in line.places.values())
        held = sum(weight(line.places.get(place, 1), articles) * strength for place, strength in places.items())
        asked = sum(weights[term] * strength for term, strength in terms.items())
        agreed = (held / whole if whole else 0.0, asked / total if total else 0.0)
        key = (line.article_id, line.language)
        best[key] = max(best.get(key, (0.0, 0.0)), agreed, key=lambda pair: pair[0] * pair[1])
    return best


def _strongest(pairs: Iterable[tuple[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for key, strength in pairs:
        found[key] = max(found.get(key, 0.0), strength)
    return found
