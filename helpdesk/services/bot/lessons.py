"""What editors can learn from questions without an answer: the words of people, and the article that helped in the end.

Nothing is learned by itself: an editor takes the words of a question as another way to ask for an article, or sets the
question aside. What was taken up is not shown again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.permissions import Actor, may
from helpdesk.services import handbook, retrieval
from helpdesk.services.bot import clusters, gate
from helpdesk.services.retrieval import terms

MOST_QUESTIONS, MOST_LESSONS = 1_000, 20
HELPED = 3
"""What it counts that somebody chose an article and said that it helped, against having chosen it."""

Turn = tuple[int, int]
"""A thing said: its session and its place there."""


@dataclass(frozen=True)
class Candidate:
    """An article that may answer; how often people chose it after such a question, and how often it helped them."""

    article_id: int
    title: Mapping[str, str]
    chosen: int = 0
    helped: int = 0


@dataclass(frozen=True)
class Lesson:
    """Questions alike that had no answer. ``turn`` names it; ``language`` is that of most of them."""

    turn: Turn
    count: int
    asked: tuple[str, ...]
    language: str
    candidates: tuple[Candidate, ...]


def lessons(actor: Actor) -> list[Lesson]:
    """Those that nobody took up, the most frequent first; raises Forbidden."""
    if not may(actor, "see-figures"):
        raise Forbidden("What the bot could not answer is for supervisors and administrators.")
    rows = _open()
    found = [_Gathered(one, [rows[turn] for turn in one.members]) for one in _clusters(rows)[:MOST_LESSONS]]
    articles = _titles({id_ for one in found for id_ in one.article_ids})
    return [one.lesson(articles) for one in found]


@unit()
def teach(actor: Actor, turn: Turn, article_id: int, words: str, at: datetime) -> None:
    """Takes words of a question as another way to ask for an article; raises Forbidden, NotFound, Invalid, Stale."""
    _require(actor)
    if not terms.of_question(words):
        raise Invalid("Write a question that says what it is about.", fields={"words": "say what it is about"})
    rows = _open()
    members = _members(rows, turn)
    handbook.add_phrasing(actor, article_id, rows[turn].language, words, at)
    _settle(members, at)


@unit()
def set_aside(actor: Actor, turn: Turn, at: datetime) -> None:
    """Lets a question and those like it rest: no article is to answer them. Raises Forbidden, Stale."""
    _require(actor)
    _settle(_members(_open(), turn), at)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("Texts for all are kept by administrators.")


def _open() -> Mapping[Turn, Row[Any]]:
    rows = db.session.execute(_OPEN, {"most": MOST_QUESTIONS})
    return {(row.session_id, row.place): row for row in rows}


_OPEN = text(
    """
    select turn.session_id, turn.place, turn.asked, turn.words, turn.language, next.article_id,
           exists(select from bot_turn solved where solved.session_id = turn.session_id
                  and solved.outcome = 'solved' and solved.article_id = next.article_id) as helped
    from bot_turn turn join bot_session on bot_session.id = turn.session_id
    left join bot_turn next
      on next.session_id = turn.session_id and next.place = turn.place + 1 and next.outcome = 'answered'
    where turn.settled_at is null and turn.asked is not null and cardinality(turn.words) > 0
      and (turn.outcome = 'refused' or turn.outcome = 'handed_over' and bot_session.reason = 'failed')
    order by turn.at desc, turn.session_id desc, turn.place desc limit :most
    """
)


def _clusters(rows: Mapping[Turn, Row[Any]]) -> list[clusters.Cluster]:
    return clusters.gather((row.asked, row.words, turn) for turn, row in rows.items())


def _members(rows: Mapping[Turn, Row[Any]], turn: Turn) -> Sequence[Turn]:
    found = next((one.members for one in _clusters(rows) if turn in one.members), None)
    if found is None:
        raise Stale("This question was taken up already.")
    return found


def _settle(members: Sequence[Turn], at: datetime) -> None:
    told = {"at": at, "sessions": [one[0] for one in members], "places": [one[1] for one in members]}
    db.session.execute(_SETTLE, told)


_SETTLE = text(
    """
    update bot_turn set settled_at = :at
    from unnest(cast(:sessions as bigint[]), cast(:places as int[])) as taken(session_id, place)
    where bot_turn.session_id = taken.session_id and bot_turn.place = taken.place
    """
)


class _Gathered:
    """A cluster with its rows, and the articles that may answer it: those that people chose, then the likest."""

    def __init__(self, cluster: clusters.Cluster, rows: Sequence[Row[Any]]) -> None:
        self._cluster, self._rows = cluster, rows
        self._chosen = Counter(row.article_id for row in rows if row.article_id)
        self._helped = Counter(row.article_id for row in rows if row.helped)
        likest = [one.article_id for one in gate.judge(retrieval.search(rows[0].asked)).every]
        known = sorted(self._chosen, key=lambda id_: -self._chosen[id_] - HELPED * self._helped[id_])
        self.article_ids = list(dict.fromkeys([*known, *likest]))[: gate.MOST_OFFERED]

    def lesson(self, articles: Mapping[int, Any]) -> Lesson:
        """As it is shown."""
        candidates = tuple(
            Candidate(id_, articles[id_], self._chosen[id_], self._helped[id_])
            for id_ in self.article_ids if id_ in articles
        )  # fmt: skip
        language = Counter(row.language for row in self._rows).most_common(1)[0][0]
        cluster = self._cluster
        return Lesson(cluster.members[0], cluster.count, tuple(cluster.asked), language, candidates)


def _titles(ids: Iterable[int]) -> Mapping[int, Mapping[str, str]]:
    return handbook.titles("article", ids)
