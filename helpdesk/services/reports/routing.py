"""Where requests were sent first, how many were handed on from there, came back again, and what time that cost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services.reports.counted import facts, tickets
from helpdesk.services.reports.periods import Period
from helpdesk.services.reports.reach import reach
from helpdesk.services.reports.waiting import percentile

Means = tuple[str, str]
"""By what the first department was named (rule, service, address, classifier, staff), and the rule's title."""
BY_STAFF, OVERFLOW = "staff", "overflow"


@dataclass(frozen=True)
class Sent:
    """A request with its first department: handed on from there, back where it had been, seconds until it stayed."""

    department_id: int
    means: Means
    handed_on: bool
    came_back: bool
    lost: float


@dataclass(frozen=True)
class Measures:
    """Of some requests; seconds of calendar time, of those that were handed on."""

    n: int
    handed_on: int
    came_back: int
    lost_median: float | None
    lost_p90: float | None

    @property
    def share(self) -> float | None:
        """Percent that were handed on."""
        return 100.0 * self.handed_on / self.n if self.n else None


@dataclass(frozen=True)
class RoutingReport:
    """The requests that reached their first department and were opened within a period."""

    whole: Measures
    by_department: Mapping[int, Measures]
    by_means: Mapping[Means, Measures]


def report(actor: Actor, period: Period, department_id: int | None = None) -> RoutingReport:
    """Of what the actor may see; ``department_id`` is the first one. Raises Forbidden."""
    found = [one for one in _sent(actor, period) if department_id in (None, one.department_id)]
    return RoutingReport(
        measure(found), _by(found, lambda one: one.department_id), _by(found, lambda one: one.means)
    )  # fmt: skip


def _by(found: Sequence[Sent], key: Callable[[Sent], Any]) -> dict[Any, Measures]:
    """The most often handed on first."""
    groups: dict[Any, list[Sent]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    measured = {name: measure(group) for name, group in groups.items()}
    return dict(sorted(measured.items(), key=lambda item: (-item[1].handed_on, -item[1].n, str(item[0]))))


def measure(sent: Sequence[Sent]) -> Measures:
    """What they come to."""
    lost = sorted(one.lost for one in sent if one.handed_on)
    return Measures(
        len(sent), len(lost), sum(one.came_back for one in sent), percentile(lost, 0.5), percentile(lost, 0.9)
    )


def _sent(actor: Actor, period: Period) -> Iterator[Sent]:
    moves: dict[int, list[Row[Any]]] = {}
    for move in db.session.execute(_moves(actor, period)):
        moves.setdefault(move.ticket_id, []).append(move)
    for routed in db.session.execute(_routed(actor, period)):
        if (one := _fate(routed, moves.get(routed.ticket_id, []))) is not None:
            yield one


def _routed(actor: Actor, period: Period) -> Any:
    within = (facts.c.type == "ticket_routed", facts.c.at >= period.begin, facts.c.at < period.end)
    joined = facts.join(tickets, tickets.c.id == facts.c.ticket_id)
    query = select(facts.c.ticket_id, facts.c.at, facts.c.data).select_from(joined)
    return query.where(*within, reach(actor, None)).order_by(facts.c.ticket_id)


def _moves(actor: Actor, period: Period) -> Any:
    of = _routed(actor, period).with_only_columns(facts.c.ticket_id).order_by(None).scalar_subquery()
    query = select(facts.c.ticket_id, facts.c.at, facts.c.data)
    meant = facts.c.data["reason"].astext.is_distinct_from(OVERFLOW)  # nobody had time: the first was no mistake
    of_these = (facts.c.type == "ticket_transferred", facts.c.ticket_id.in_(of), meant)
    return query.where(*of_these).order_by(facts.c.ticket_id, facts.c.id)


def _fate(routed: Row[Any], moves: Sequence[Row[Any]]) -> Sent | None:
    """From triage the first department is the one a colleague chose; None while nobody has."""
    first, since, means = routed.data.get("department_id"), routed.at, _means(routed.data)
    if first is None:
        if not moves:
            return None
        first, since, means = moves[0].data["department_id"], moves[0].at, (BY_STAFF, "")
        moves = moves[1:]
    been, came_back = {first}, False
    for move in moves:
        place = move.data.get("department_id")
        came_back = came_back or place in been
        been.add(place)
    lost = _seconds(since, moves[-1].at) if moves else 0.0
    return Sent(int(first), means, bool(moves), came_back, lost)


def _means(data: Mapping[str, Any]) -> Means:
    by, reasons = str(data.get("by") or ""), data.get("reasons") or [{}]
    return by, str(reasons[0].get("title") or reasons[0].get("rule") or "") if by == "rule" else ""


def _seconds(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()
