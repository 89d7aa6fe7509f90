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

    ``coverage``: how much of the question's weight the article holds (0..1). ``aim``: how much of its title, or of one
    of its phrasings, the question holds. ``found`` are the places of the question's words that it holds.
    """

    article_id: int
    language: str
    coverage: float
    aim: float
    words: int
    found: tuple[int, ...] = ()

    @property
    def score(self) -> float:
        """One figure to rank by: what both agree on."""
        return self.coverage * (0.5 + 0.5 * self.aim)


def rank(terms: int, postings: Iterable[Posting], lines: Iterable[Line], articles: int) -> list[Match]:
    """The matches of a question of so many words, the best first; one language an article."""
    held = list(postings)
    weights = _weights(terms, held, articles)
    strengths = _strengths(held)
    aims = _aims(held, lines, articles)
    total = sum(weights)
    found: dict[int, Match] = {}
    for place, by_term in strengths.items():
        covered = sum(weights[term] * strength for term, strength in by_term.items()) / total
        one = Match(*place, covered, aims.get(place, 0.0), len(by_term), tuple(sorted(by_term)))
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


def _aims(postings: Sequence[Posting], lines: Iterable[Line], articles: int) -> Mapping[Place, float]:
    met: dict[tuple[int, str, int], dict[int, float]] = {}
    for one in postings:
        places = met.setdefault((one.article_id, one.language, one.line), {})
        places[one.place] = max(places.get(one.place, 0.0), one.strength)
    best: dict[Place, float] = {}
    for line in lines:
        total = sum(weight(count, articles) for count in line.places.values())
        places = met.get((line.article_id, line.language, line.line), {})
        held = sum(weight(line.places.get(place, 1), articles) * strength for place, strength in places.items())
        key = (line.article_id, line.language)
        best[key] = max(best.get(key, 0.0), held / total if total else 0.0)
    return best
