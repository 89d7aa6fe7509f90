"""What waited, by reason and by who let it wait: how often, how long in open time, how many too long, ended by whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from helpdesk import clock
from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services import pauses, rulebook
from helpdesk.services.reports.counted import facts, tickets
from helpdesk.services.reports.periods import Period
from helpdesk.services.reports.reach import reach
from helpdesk.vocabulary import WAITING, RulebookKind
from sla import waiting

ENDINGS = ("ticket_resolved", "ticket_cancelled", "ticket_merged")
ENDED_BY = ("citizen", "staff", "clock", "finished")
"""By an answer, by a colleague, by itself, or because the request was over."""


@dataclass(frozen=True)
class Waited:
    """One wait: ``ended_at`` is None while it goes on; ``over`` when it lasted as long as it may, or longer."""

    ticket_id: int
    reason: str
    agent_id: int | None
    since: datetime
    ended_at: datetime | None
    ended_by: str
    seconds: float
    over: bool


@dataclass(frozen=True)
class Measures:
    """Of some waits; seconds of open time. ``ended_by`` counts those that have ended."""

    n: int
    running: int
    median: float | None
    p90: float | None
    over: int
    ended_by: Mapping[str, int]

    @property
    def over_share(self) -> float | None:
        """Percent that lasted as long as they may, or longer."""
        return 100.0 * self.over / self.n if self.n else None


@dataclass(frozen=True)
class WaitingReport:
    """The waits that began within a period."""

    whole: Measures
    by_reason: Mapping[str, Measures]
    by_agent: Mapping[int | None, Measures]


def report(
    actor: Actor, period: Period, department_id: int | None = None, *, now: datetime | None = None
) -> WaitingReport:
    """Of what the actor may see; raises Forbidden."""
    found = list(_waits(actor, period, department_id, now or clock.now()))
    return WaitingReport(measure(found), _by(found, lambda one: one.reason), _by(found, lambda one: one.agent_id))


def _by(found: Sequence[Waited], key: Callable[[Waited], Any]) -> dict[Any, Measures]:
    """The most frequent first."""
    groups: dict[Any, list[Waited]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), str(item[0])))
    return {name: measure(waits) for name, waits in ordered}


def measure(waits: Sequence[Waited]) -> Measures:
    """What they come to."""
    lengths = sorted(one.seconds for one in waits)
    ended = [one.ended_by for one in waits if one.ended_at is not None]
    return Measures(
        n=len(waits),
        running=len(waits) - len(ended),
        median=percentile(lengths, 0.5),
        p90=percentile(lengths, 0.9),
        over=sum(one.over for one in waits),
        ended_by={who: ended.count(who) for who in ENDED_BY},
    )


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Exact, interpolated between the two neighbours where it falls between them."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _waits(actor: Actor, period: Period, department_id: int | None, now: datetime) -> Iterator[Waited]:
    rules = _Rules(now)
    for _, rows in groupby(_facts(actor, period, department_id), key=lambda row: row.ticket_id):
        for began, ended in _folded(list(rows)):
            if period.begin <= began.at < period.end:
                yield rules.waited(began, ended)


def _facts(actor: Actor, period: Period, department_id: int | None) -> Iterable[Row[Any]]:
    """All moves of the tickets that began to wait within the period, ticket by ticket, in their order."""
    began = select(facts.c.ticket_id).where(
        facts.c.type == "status_changed",
        facts.c.at >= period.begin,
        facts.c.at < period.end,
        facts.c.data["status"].astext.in_(WAITING),
    )
    query = select(facts.c.ticket_id, facts.c.type, facts.c.at, facts.c.actor_kind, facts.c.actor_id, facts.c.data)
    query = query.add_columns(tickets.c.department_id).join(tickets, tickets.c.id == facts.c.ticket_id)
    moves = (facts.c.type.in_(("status_changed", *ENDINGS)), facts.c.ticket_id.in_(began))
    query = query.where(*moves, reach(actor, department_id)).order_by(facts.c.ticket_id, facts.c.id)
    return db.session.execute(query.execution_options(yield_per=5_000))


def _folded(rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Row[Any] | None]]:
    """Each wait by the facts that began and ended it; the same reason set again, or extended, goes on."""
    open_: Row[Any] | None = None
    for row in rows:
        waits = row.type == "status_changed" and row.data["status"] in WAITING
        if open_ is not None:
            if waits and row.data.get("reason") == open_.data.get("reason"):
                continue
            yield open_, row
        open_ = row if waits else None
    if open_ is not None:
        yield open_, None


class _Rules:
    """What held when, and the hours of each department, looked up once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        rows = rulebook.versions(RulebookKind.WAITING, rulebook.DEFAULT)
        held = sorted((row.in_force_at, row.id) for row in rows if row.in_force_at is not None)
        self._held = [(since, rulebook.version(id_).value) for since, id_ in held]

    def waited(self, began: Row[Any], ended: Row[Any] | None) -> Waited:
        """One wait, measured."""
        reason = began.data.get("reason") or ""
        calendar = pauses.hours(began.department_id)
        last = ended.at if ended is not None else self.now
        return Waited(
            ticket_id=began.ticket_id,
            reason=reason,
            agent_id=began.actor_id,
            since=began.at,
            ended_at=ended.at if ended is not None else None,
            ended_by=_ended_by(ended) if ended is not None else "",
            seconds=calendar.worked(began.at, last).total_seconds(),
            over=last >= waiting.limit(self._rule(reason, began.at), began.at, calendar),
        )

    def _rule(self, reason: str, at: datetime) -> waiting.WaitingRule:
        known = [rules for since, rules in self._held if since <= at] or [rules for _, rules in self._held[:1]]
        return known[-1].of(reason) if known else waiting.USUAL


def _ended_by(row: Row[Any]) -> str:
    if row.actor_kind == "system":
        return "clock"
    if row.type != "status_changed":
        return "finished"
    return "citizen" if row.actor_kind == "citizen" else "staff"
