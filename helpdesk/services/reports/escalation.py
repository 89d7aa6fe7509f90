"""How much was escalated in a period: how often, to more knowledge or more authority, how soon, and how much back.

ITIL's service-desk metric: count, share functional, share hierarchical, average time to escalate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select

from helpdesk import clock
from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services.reports.counted import facts, tickets
from helpdesk.services.reports.periods import Period
from helpdesk.services.reports.reach import reach

_TYPES = ("ticket_escalated", "ticket_deescalated")


@dataclass(frozen=True)
class Measures:
    """Escalations and the tickets they were of; ``seconds`` is the mean from receipt to a ticket's first one.

    ``by_clock`` of them a step of a clock made; ``stayed`` led to nobody, since nobody stood above; ``taken_back`` is
    how many were taken back within the period.
    """

    n: int = 0
    tickets: int = 0
    functional: int = 0
    hierarchical: int = 0
    stayed: int = 0
    by_clock: int = 0
    taken_back: int = 0
    seconds: float | None = None

    @property
    def functional_share(self) -> float | None:
        """Percent that asked for more knowledge, of those that moved responsibility."""
        return _share(self.functional, self.hierarchical)

    @property
    def hierarchical_share(self) -> float | None:
        """Percent that asked for more authority, of those that moved responsibility."""
        return _share(self.hierarchical, self.functional)


def _share(of: int, other: int) -> float | None:
    return 100.0 * of / (of + other) if of + other else None


@dataclass(frozen=True)
class EscalationReport:
    """The whole, and by the department that has the ticket now (None: triage)."""

    whole: Measures
    by_department: Mapping[int | None, Measures]


def report(
    actor: Actor, period: Period, department_id: int | None = None, *, now: datetime | None = None
) -> EscalationReport:
    """What was escalated within a period, of what the actor may see, in one statement; raises Forbidden."""
    scope = reach(actor, department_id)
    end = min(period.end, now or clock.now())
    whole, places = Measures(), dict[int | None, Measures]()
    for row in db.session.execute(_statement(scope, period.begin, end)):
        if row.level:
            whole = _measures(row)
        else:
            places[row.department_id] = _measures(row)
    return EscalationReport(whole, places)


def _statement(scope: ColumnElement[bool], begin: datetime, end: datetime) -> Select[Any]:
    kind, back = facts.c.data["kind"].astext, facts.c.type == "ticket_deescalated"
    first = func.row_number().over(partition_by=(facts.c.ticket_id, facts.c.type), order_by=facts.c.id) == 1
    earlier = facts.alias("earlier")
    anew = select(earlier.c.id).where(
        earlier.c.ticket_id == facts.c.ticket_id, earlier.c.type == facts.c.type, earlier.c.at < begin
    )
    rows = (
        select(
            tickets.c.department_id,
            facts.c.ticket_id,
            kind.label("kind"),
            back.label("back"),
            (facts.c.actor_kind == "system").label("by_clock"),
            (first & ~anew.exists()).label("first"),
            func.extract("epoch", facts.c.at - tickets.c.received_at).label("seconds"),
        )
        .join(tickets, tickets.c.id == facts.c.ticket_id)
        .where(facts.c.type.in_(_TYPES), facts.c.at >= begin, facts.c.at < end, scope)
        .subquery("rows")
    )
    went = ~rows.c.back
    counts = {
        "n": func.count().filter(went),
        "tickets": func.count(rows.c.ticket_id.distinct()).filter(went),
        "functional": func.count().filter(went, rows.c.kind == "functional"),
        "hierarchical": func.count().filter(went, rows.c.kind == "hierarchical"),
        "stayed": func.count().filter(went, func.coalesce(rows.c.kind, "") == ""),
        "by_clock": func.count().filter(went, rows.c.by_clock),
        "taken_back": func.count().filter(rows.c.back),
        "seconds": func.avg(rows.c.seconds).filter(went, rows.c.first),
    }
    level: ColumnElement[int] = literal_column("grouping(rows.department_id)").label("level")
    query = select(level, rows.c.department_id, *(value.label(name) for name, value in counts.items()))
    return query.group_by(literal_column("grouping sets ((), (rows.department_id))"))


def _measures(row: Row[Any]) -> Measures:
    seconds = float(row.seconds) if row.seconds is not None else None
    return Measures(
        row.n, row.tickets, row.functional, row.hierarchical, row.stayed, row.by_clock, row.taken_back, seconds
    )
