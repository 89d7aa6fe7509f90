"""The desk's named views of the queue: which tickets each shows, in which order, and how many there are."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    select,
)

from helpdesk.clock import NEVER
from helpdesk.db import db, table
from helpdesk.models.catalogue import Department
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import scope

tickets = table(Ticket)
_departments = table(Department)

MOST = 1000
"""Counts stop here, so that a badge costs the same however much there is."""

AT = bindparam("at", type_=DateTime(timezone=True))
"""The moment of the look, for statements that are put together once and run often."""

HORIZON = timedelta(hours=8)
"""What is due this soon, or late, is at risk."""

# Spelled out, not bound: a partial index is only used when its condition is seen at planning time.
OPEN = tickets.c.is_open
UNDELIVERED = literal_column("message.delivery_state in ('refused', 'unknown', 'bounced')", type_=OPEN.type)
WAITING = literal_column(
    "ticket.status in ('waiting_requester', 'waiting_supplier', 'waiting_internal', 'scheduled')", type_=OPEN.type
)
RESOLVED = literal_column("ticket.status = 'resolved'", type_=OPEN.type)
UNFINISHED = literal_column("ticket.status not in ('closed', 'cancelled', 'merged')", type_=OPEN.type)


class View(StrEnum):
    """What an agent can look at, in the order of the rail."""

    MINE = "mine"
    DUTIES = "duties"
    RISK = "risk"
    UNASSIGNED = "unassigned"
    DEPARTMENTS = "departments"
    WAITING = "waiting"
    TRIAGE = "triage"
    UNDELIVERED = "undelivered"
    RESOLVED = "resolved"
    ALL = "all"
    ANY = "any"


class Sort(StrEnum):
    """Orders of a list; each is total, so that paging neither repeats nor skips."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Order:
    """The column to sort by (the number breaks ties) and its direction.

    ``top``: the key under which lasting major incidents stand before all others, where the column alone does not.
    """

    column: ColumnElement[datetime]
    descending: bool = False
    top: datetime | None = None


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GRAVE = and_(OPEN, tickets.c.queue_at == EPOCH)
"""Lasting major incidents, by the place that their row gives them in the queue."""

ORDERS = {
    Sort.DUE: Order(tickets.c.queue_at),
    Sort.NEWEST: Order(tickets.c.received_at, descending=True, top=NEVER),
    Sort.OLDEST: Order(tickets.c.received_at, top=EPOCH),
    Sort.RESOLVED: Order(tickets.c.resolved_at, descending=True),
}

PER_DEPARTMENT = frozenset(
    {View.RISK, View.UNASSIGNED, View.DEPARTMENTS, View.WAITING, View.UNDELIVERED, View.RESOLVED}
)
"""Views over the reader's own departments: one index scan a department, so that cost stays flat."""

COUNTED = (
    View.MINE, View.DUTIES, View.RISK, View.UNASSIGNED, View.DEPARTMENTS, View.WAITING, View.TRIAGE, View.UNDELIVERED,
)  # fmt: skip


def default_sort(view: View) -> Sort:
    """What breaks first on top, except where nothing can break any more."""
    return {View.RESOLVED: Sort.RESOLVED, View.ANY: Sort.NEWEST}.get(view, Sort.DUE)


def conditions(view: View, actor: Actor, at: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    """What a ticket must be to stand in the view, its department apart."""
    undelivered = tickets.c.id.in_(select(table(Message).c.ticket_id).where(UNDELIVERED))
    known: dict[View, list[ColumnElement[bool]]] = {
        View.MINE: [OPEN, tickets.c.assignee_id == actor.id],
        View.DUTIES: [OPEN, tickets.c.owner_id == actor.id],
        View.RISK: [OPEN, tickets.c.queue_at < at + HORIZON],
        View.UNASSIGNED: [OPEN, tickets.c.assignee_id.is_(None)],
        View.DEPARTMENTS: [OPEN],
        View.WAITING: [OPEN, WAITING],
        View.TRIAGE: [OPEN, tickets.c.department_id.is_(None), scope.visible(actor)],
        View.UNDELIVERED: [UNFINISHED, undelivered],
        View.RESOLVED: [RESOLVED],
        View.ALL: [OPEN],
        View.ANY: [],
    }
    return known[view]


def departments(actor: Actor, key: str | None = None) -> FromClause:
    """The departments whose queue is the actor's: their own; for an administrator all. ``key`` narrows to one."""
    query = select(_departments.c.id)
    if not actor.sees_all:
        query = query.where(_departments.c.id == func.any(literal(sorted(actor.departments), ARRAY(BigInteger))))
    if key:
        query = query.where(_departments.c.key == key)
    return query.subquery("place")


def counts(actor: Actor, at: datetime) -> dict[View, int]:
    """How many tickets each counted view holds, at most ``MOST`` each, in one statement."""
    row = db.session.execute(_counting(actor, MOST), {AT.key: at}).one()
    return {view: row._mapping[view.value] for view in COUNTED}


@lru_cache(maxsize=256)
def _counting(actor: Actor, most: int) -> Select[Any]:
    """Kept by reader: to put the statement together costs more than to run it."""
    columns: list[ColumnElement[Any]] = [_count(view, actor, most).label(view.value) for view in COUNTED]
    return select(*columns)


def _count(view: View, actor: Actor, most: int) -> ColumnElement[int]:
    wanted = [*conditions(view, actor, AT), *([] if view is View.TRIAGE else [scope.counted(actor)])]
    found: Select[tuple[int]] = select(literal_column("1").label("one")).where(*wanted)
    if view in PER_DEPARTMENT:
        place = departments(actor)
        found = found.select_from(place.join(tickets, tickets.c.department_id == place.c.id))
    else:
        found = found.select_from(tickets)
    return select(func.count()).select_from(found.limit(most).subquery()).scalar_subquery()
