"""Tickets as records: one, or a part of a list, with clocks and links; two statements whatever their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, bindparam, cast, func, select, tuple_, union_all

from helpdesk.db import db, flush_pending, table
from helpdesk.errors import NotFound
from helpdesk.models.catalogue import Category, Department, Service
from helpdesk.models.clocks import TicketClock
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.models.people import Person
from helpdesk.models.rulebook import Rulebook
from helpdesk.models.tickets import Link, Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import checklist, stages
from helpdesk.services.records import cursors
from helpdesk.services.records.people import CONTACT, contact
from helpdesk.services.scope import visible
from helpdesk.vocabulary import Stage

_tickets, _clocks, _links, _rules = table(Ticket), table(TicketClock), table(Link), table(Rulebook)
_departments, _services, _categories = table(Department), table(Service), table(Category)
_openings = _categories.alias("openings")
_customers, _suppliers = table(CustomerBody), table(Supplier)

_ROLES = {
    "requester": "requester_id",
    "on_behalf_of": "on_behalf_of_id",
    "owner": "owner_id",
    "assignee": "assignee_id",
}
_PEOPLE = {role: table(Person).alias(role) for role in _ROLES}
_CLOCK = (
    "name", "cycle", "state", "started_at", "due_at", "stopped_at", "target_seconds", "elapsed_seconds",
    "paused_seconds", "breached_at", "late_seconds", "policy", "calendar",
)  # fmt: skip
_PLAIN = (
    "protocol_number", "type", "status", "channel", "subject", "department", "service", "category", "impact",
    "urgency", "priority", "priority_reason", "escalation_level", "major", "restricted", "language", "received_at",
    "acknowledged_at", "first_response_at", "resolved_at", "confirmed_at", "closed_at", "tags", "version", "customer",
    "supplier", "forwarded_to", "incomplete_since", "extended_days", "opening_category",
)  # fmt: skip
ORDERS = ("newest", "oldest", "due")
"""How a list may be sorted; ``due`` holds the open ones only, which are the ones that something is owed to."""


@dataclass(frozen=True)
class Wanted:
    """Which tickets a list shall hold; None asks nothing."""

    status: str | None = None
    stage: str | None = None
    department: str | None = None
    service: str | None = None
    type: str | None = None
    priority: str | None = None
    channel: str | None = None
    assignee_id: int | None = None
    requester: str | None = None
    updated_since: datetime | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    order: str = "newest"


def ticket(actor: Actor, number: int) -> dict[str, Any]:
    """One ticket with its clocks and links, as the API shows it; raises NotFound."""
    return _one(actor, actor, number)


def changed(actor: Actor, number: int) -> dict[str, Any]:
    """The same for whoever just changed it, before the commit: also where the change took it out of their sight."""
    flush_pending()
    return _one(actor, SYSTEM, number)


def _one(actor: Actor, sight: Actor, number: int) -> dict[str, Any]:
    row = db.session.execute(_read(sight), {"number": number}).one_or_none()
    if row is None:
        raise NotFound("There is no such ticket.")
    return _records(actor, [row])[0]


@lru_cache(maxsize=256)
def _read(sight: Actor) -> Select[Any]:
    """Kept by reader: to put the statement together costs more than to run it."""
    return _select().where(_tickets.c.id == bindparam("number"), visible(sight))


def tickets(actor: Actor, wanted: Wanted, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A part of the list of tickets, and where the next begins."""
    ids, due = _tickets.c.id, _tickets.c.queue_at
    query = _select().where(visible(actor), *_conditions(wanted))
    if wanted.order == "due":
        query = query.where(_tickets.c.is_open).order_by(due, ids)
    else:
        query = query.order_by(ids if wanted.order == "oldest" else ids.desc())
    if cursor:
        query = query.where(_after(wanted.order, cursor))
    rows = db.session.execute(query.limit(limit + 1)).all()
    keys = ("queue_at", "id") if wanted.order == "due" else ("id",)
    more = cursors.write([getattr(rows[limit - 1], key) for key in keys]) if len(rows) > limit else None
    return _records(actor, rows[:limit]), more


def _after(order: str, cursor: str) -> ColumnElement[bool]:
    if order == "due":
        return tuple_(_tickets.c.queue_at, _tickets.c.id) > tuple_(*cursors.read(cursor, datetime, int))
    [last] = cursors.read(cursor, int)
    passed: ColumnElement[bool] = _tickets.c.id > last if order == "oldest" else _tickets.c.id < last
    return passed


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = _tickets.c
    plain = {
        columns.status: wanted.status,
        columns.type: wanted.type,
        columns.priority: wanted.priority,
        columns.channel: wanted.channel,
        columns.assignee_id: wanted.assignee_id,
        _departments.c.key: wanted.department,
        _services.c.key: wanted.service,
        _PEOPLE["requester"].c.email: wanted.requester.lower() if wanted.requester else None,
    }
    found = [column == value for column, value in plain.items() if value is not None]
    found += [stages.where(Stage(wanted.stage))] if wanted.stage else []
    found += [columns.updated_at >= wanted.updated_since] if wanted.updated_since else []
    found += [columns.received_at >= wanted.received_from] if wanted.received_from else []
    found += [columns.received_at < wanted.received_to] if wanted.received_to else []
    return found


def _select() -> Select[Any]:
    columns = [
        _tickets,
        _departments.c.key.label("department"),
        _services.c.key.label("service"),
        _categories.c.key.label("category"),
        _openings.c.key.label("opening_category"),
        _customers.c.key.label("customer"),
        _suppliers.c.key.label("supplier"),
        _linked().label("links"),
    ]
    query = (
        select(
            *columns,
            *(person.c[name].label(f"{role}_{name}_") for role, person in _PEOPLE.items() for name in CONTACT),
        )
        .outerjoin(_departments, _departments.c.id == _tickets.c.department_id)
        .outerjoin(_services, _services.c.id == _tickets.c.service_id)
        .outerjoin(_categories, _categories.c.id == _tickets.c.category_id)
        .outerjoin(_openings, _openings.c.id == _tickets.c.opening_category_id)
        .outerjoin(_customers, _customers.c.id == _tickets.c.customer_id)
        .outerjoin(_suppliers, _suppliers.c.id == _tickets.c.supplier_id)
    )
    for role, person in _PEOPLE.items():
        query = query.outerjoin(person, person.c.id == _tickets.c[_ROLES[role]])
    return query


def _linked() -> Any:
    """``[[kind, number], …]`` of both directions in one scalar; null without any."""
    outward = select(_links.c.kind, _links.c.to_id.label("other")).where(_links.c.from_id == _tickets.c.id)
    inward = select(_links.c.kind, _links.c.from_id).where(_links.c.to_id == _tickets.c.id)
    both = union_all(outward.correlate(_tickets), inward.correlate(_tickets)).subquery()
    pairs = func.jsonb_agg(func.jsonb_build_array(both.c.kind, cast(both.c.other, Text)))
    return select(pairs).scalar_subquery()


def _records(actor: Actor, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    clocks = _clocks_of([row.id for row in rows])
    linked = _known(actor, {int(other) for row in rows for _, other in row.links or ()})
    return [_record(row, clocks.get(row.id, []), linked) for row in rows]


def _known(actor: Actor, numbers: set[int]) -> set[str]:
    """Which of these tickets the actor may know of."""
    if not numbers:
        return set()
    query = select(_tickets.c.id).where(_tickets.c.id.in_(numbers), visible(actor))
    return {str(number) for number in db.session.execute(query).scalars()}


def _record(row: Row[Any], clocks: list[dict[str, Any]], linked: set[str]) -> dict[str, Any]:
    waiting = {"reason": row.waiting_reason, "until": row.waiting_until} if row.waiting_reason else None
    ended = {"code": row.resolution_code, "text": row.resolution_text} if row.resolution_code else None
    return {name: getattr(row, name) for name in _PLAIN} | {
        "number": str(row.id),
        "status_category": row.status,
        "stage": stages.of(row),
        "waiting": waiting,
        "merged_into": str(row.merged_into_id) if row.merged_into_id else None,
        "routing": _routing(row.routing),
        "complained_of": row.complained_of or [],
        "resolution": ended,
        "closure": _closure(row) if ended else None,
        "clocks": [{name: clock[name] for name in _CLOCK} for clock in clocks],
        "links": [{"kind": kind, "number": other} for kind, other in row.links or () if other in linked],
        **{role: contact(row, role) for role in _ROLES},
    }


def _closure(row: Row[Any]) -> dict[str, Any]:
    return {
        "root_cause": row.root_cause,
        "workaround": row.workaround_used,
        "verified_by": row.verified_by_id,
        "missing": list(checklist.missing(row)),
    }


def _routing(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "by": data.get("by", ""),
        "reasons": data.get("reasons", []),
        "ruleset": data.get("ruleset") or None,
        "confidence": data.get("confidence"),
        "proposal": data.get("proposal"),
    }


def _clocks_of(numbers: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.session.execute(_clock_rows(), {"numbers": list(numbers)}):
        found.setdefault(row.ticket_id, []).append({name: getattr(row, name) for name in ("id", *_CLOCK)})
    return found


@cache
def _clock_rows() -> Select[Any]:
    policies, calendars = _rules.alias("policies"), _rules.alias("calendars")
    return (
        select(
            _clocks,
            (policies.c.key + "@" + cast(policies.c.number, Text)).label("policy"),
            (calendars.c.key + "@" + cast(calendars.c.number, Text)).label("calendar"),
        )
        .join(policies, policies.c.id == _clocks.c.policy_id)
        .join(calendars, calendars.c.id == _clocks.c.calendar_id)
        .where(_clocks.c.ticket_id.in_(bindparam("numbers", expanding=True)))
        .order_by(_clocks.c.ticket_id, _clocks.c.name, _clocks.c.cycle)
    )


def clocks(actor: Actor, number: int, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A part of the clocks of a ticket, every cycle, in the order in which they were started."""
    require(actor, number)
    found, more = cursors.part(_clocks_of([number]).get(number, []), lambda clock: clock["id"], cursor, limit)
    return [{name: clock[name] for name in _CLOCK} for clock in found], more


def require(actor: Actor, number: int) -> None:
    """Raises NotFound where the actor may not know of the ticket."""
    if db.session.execute(select(_tickets.c.id).where(_tickets.c.id == number, visible(actor))).one_or_none() is None:
        raise NotFound("There is no such ticket.")
