"""The supervisors' review of what waits: over-long first, then the oldest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select, tuple_

from helpdesk import clock
from helpdesk.db import db, table
from helpdesk.errors import Forbidden
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Person
from helpdesk.models.tickets import Ticket
from helpdesk.models.waiting import TicketWait
from helpdesk.permissions import Actor, may
from helpdesk.services.records import cursors
from helpdesk.services.scope import visible
from helpdesk.vocabulary import WAITING

_tickets, _waits, _departments, _people = table(Ticket), table(TicketWait), table(Department), table(Person)
_setters, _workers = _people.alias("setter"), _people.alias("worker")

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What is looked for: ``department_id`` 0 stands for triage; ``agent_id`` is who let it wait."""

    department_id: int | None = None
    reason: str = ""
    agent_id: int | None = None


@dataclass(frozen=True)
class Listed:
    """A part of the list, and the place of the next (None: this is the end)."""

    rows: Sequence[Row[Any]]
    next: str | None


def listed(actor: Actor, wanted: Wanted, place: str = "", *, now: datetime | None = None) -> Listed:
    """What waits of all that the actor may see. Raises Forbidden; Invalid for a place nobody gave out."""
    require(actor)
    over = case((func.coalesce(_waits.c.limit_at <= (now or clock.now()), literal(True)), 0), else_=1)
    order = (over, _waits.c.since, _tickets.c.id)
    query = _query(over).where(visible(actor), *_conditions(wanted))
    if place:
        after = cursors.read(place, int, datetime, int)
        query = query.where(tuple_(*order) > tuple_(*map(literal, after)))
    rows = db.session.execute(query.order_by(*order).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Listed(rows[:PAGE], cursors.write([last.short, last.since, last.id]) if last else None)


def require(actor: Actor) -> None:
    """Raises Forbidden for all but those who supervise."""
    if not may(actor, "supervise"):
        raise Forbidden("The review of what waits is for supervisors and administrators.")


def _query(over: ColumnElement[int]) -> Select[Any]:
    joined = _waits.join(_tickets, _tickets.c.id == _waits.c.ticket_id)
    joined = joined.outerjoin(_departments, _departments.c.id == _tickets.c.department_id)
    joined = joined.outerjoin(_setters, _setters.c.id == _waits.c.set_by_id)
    joined = joined.outerjoin(_workers, _workers.c.id == _tickets.c.assignee_id)
    names = ("id", "version", "subject", "language", "status", "waiting_until", "department_id")
    kept = ("reason", "since", "limit_at", "rules_id", "reminders", "reminded_at", "warned_at", "extended", "next_at")
    columns: list[ColumnElement[Any]] = [_tickets.c[name] for name in names]
    columns += [_waits.c[name] for name in (*kept, "error")]
    columns += [over.label("short"), _departments.c.names.label("department")]
    columns += [_setters.c.name.label("set_by"), _workers.c.name.label("assignee")]
    return select(*columns).select_from(joined).where(_tickets.c.status.in_(WAITING))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.department_id is not None:
        place = wanted.department_id or None
        found.append(_tickets.c.department_id == place if place else _tickets.c.department_id.is_(None))
    if wanted.reason:
        found.append(_waits.c.reason == wanted.reason)
    if wanted.agent_id is not None:
        found.append(_waits.c.set_by_id == wanted.agent_id)
    return found


def setters(actor: Actor) -> Sequence[tuple[int, str]]:
    """Those who let something wait that waits now, by name."""
    require(actor)
    query = select(_setters.c.id, _setters.c.name).distinct()
    query = query.select_from(_waits.join(_tickets, _tickets.c.id == _waits.c.ticket_id)).join(
        _setters, _setters.c.id == _waits.c.set_by_id
    )
    rows = db.session.execute(query.where(and_(_tickets.c.status.in_(WAITING), visible(actor))))
    return sorted(((row.id, row.name) for row in rows), key=lambda one: one[1])
