"""Tickets and what hangs on them as plain records for machines: few statements, rows instead of entities."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import JSONB

from helpdesk.db import db, table
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.catalogue import Category, Department, Service
from helpdesk.models.people import Person
from helpdesk.models.rulebook import Rulebook
from helpdesk.models.tickets import Attachment, Link, Message, Ticket, TicketClock
from helpdesk.permissions import Actor
from helpdesk.services.scope import visible

_tickets, _clocks, _messages = table(Ticket), table(TicketClock), table(Message)
_departments, _services, _categories = table(Department), table(Service), table(Category)
_people, _links, _files, _rules = table(Person), table(Link), table(Attachment), table(Rulebook)

_ROLES = {
    "requester": "requester_id",
    "on_behalf_of": "on_behalf_of_id",
    "owner": "owner_id",
    "assignee": "assignee_id",
}
_PEOPLE = {role: _people.alias(role) for role in _ROLES}
_CONTACT = ("id", "name", "email", "phone")
_CLOCK = (
    "name", "cycle", "state", "started_at", "due_at", "stopped_at", "target_seconds", "elapsed_seconds",
    "paused_seconds", "breached_at", "late_seconds", "policy", "calendar",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which tickets a list shall hold; None asks nothing."""

    status: Sequence[str] = ()
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
    extra: Sequence[ColumnElement[bool]] = field(default=())


def ticket(actor: Actor, number: int) -> dict[str, Any]:
    """One ticket with its clocks and links, as the API shows it; two statements."""
    row = db.session.execute(_select().where(_tickets.c.id == number, visible(actor))).one_or_none()
    if row is None:
        raise NotFound("There is no such ticket.")
    return _records([row])[0]


def tickets(actor: Actor, wanted: Wanted, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A part of the list of tickets, and where the next begins."""
    order, keys = _orders()[wanted.order]
    query = _select().where(visible(actor), *_conditions(wanted))
    if cursor:
        query = query.where(_after(wanted.order, keys, _read_cursor(cursor, len(keys))))
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    more = make_cursor([getattr(rows[limit - 1], key.name) for key in keys]) if len(rows) > limit else None
    return _records(rows[:limit]), more


def _orders() -> Mapping[str, tuple[list[Any], list[Any]]]:
    ids, due = _tickets.c.id, _tickets.c.next_due_at
    return {"newest": ([ids.desc()], [ids]), "oldest": ([ids], [ids]), "due": ([due, ids], [due, ids])}


def _after(order: str, keys: list[Any], values: list[Any]) -> ColumnElement[bool]:
    if order == "due":
        return tuple_(*keys) > tuple_(_moment(values[0]), _whole(values[1]))
    passed: ColumnElement[bool] = keys[0] < _whole(values[0]) if order == "newest" else keys[0] > _whole(values[0])
    return passed


def _moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad_cursor() from None


def _whole(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise _bad_cursor()
    return value


def _bad_cursor() -> Invalid:
    return Invalid("That cursor was not made by this list.", code="bad-cursor", fields={"cursor": "take it from next"})


def make_cursor(values: Sequence[Any]) -> str:
    """Where a list goes on, as an opaque word."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except ValueError:
        raise _bad_cursor() from None
    if not isinstance(values, list) or len(values) != length:
        raise _bad_cursor()
    return values


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = _tickets.c
    plain = {
        columns.type: wanted.type,
        columns.priority: wanted.priority,
        columns.channel: wanted.channel,
        columns.assignee_id: wanted.assignee_id,
        _departments.c.key: wanted.department,
        _services.c.key: wanted.service,
        _PEOPLE["requester"].c.email: wanted.requester.lower() if wanted.requester else None,
    }
    found = [column == value for column, value in plain.items() if value is not None]
    found += [columns.status.in_(wanted.status)] if wanted.status else []
    found += [columns.updated_at >= wanted.updated_since] if wanted.updated_since else []
    found += [columns.received_at >= wanted.received_from] if wanted.received_from else []
    found += [columns.received_at < wanted.received_to] if wanted.received_to else []
    return [*found, *wanted.extra]


def _select() -> Select[Any]:
    columns = [
        _tickets,
        _departments.c.key.label("department"),
        _services.c.key.label("service"),
        _categories.c.key.label("category"),
        _linked().label("links"),
    ]
    query = (
        select(
            *columns,
            *(person.c[name].label(f"{role}_{name}_") for role, person in _PEOPLE.items() for name in _CONTACT),
        )
        .outerjoin(_departments, _departments.c.id == _tickets.c.department_id)
        .outerjoin(_services, _services.c.id == _tickets.c.service_id)
        .outerjoin(_categories, _categories.c.id == _tickets.c.category_id)
    )
    for role, person in _PEOPLE.items():
        query = query.outerjoin(person, person.c.id == _tickets.c[_ROLES[role]])
    return query


def _linked() -> Any:
    """``[[kind, number], …]`` of both directions, in one scalar."""
    outward = select(_links.c.kind, _links.c.to_id.label("other")).where(_links.c.from_id == _tickets.c.id)
    inward = select(_links.c.kind, _links.c.from_id).where(_links.c.to_id == _tickets.c.id)
    both = union_all(outward.correlate(_tickets), inward.correlate(_tickets)).subquery()
    pairs = func.jsonb_agg(func.jsonb_build_array(both.c.kind, cast(both.c.other, Text)))
    return select(func.coalesce(pairs, cast("[]", JSONB))).scalar_subquery()


def _records(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    clocks = _clocks_of([row.id for row in rows])
    return [_record(row, clocks.get(row.id, [])) for row in rows]


def _record(row: Row[Any], clocks: list[dict[str, Any]]) -> dict[str, Any]:
    names = (
        "protocol_number type status channel subject department service category impact urgency priority"
        " priority_reason escalation_level major restricted language received_at acknowledged_at first_response_at"
        " resolved_at confirmed_at closed_at tags version"
    )
    found = {name: getattr(row, name) for name in names.split()}
    waiting = {"reason": row.waiting_reason, "until": row.waiting_until} if row.waiting_reason else None
    ended = {"code": row.resolution_code, "text": row.resolution_text} if row.resolution_code else None
    return found | {
        "number": str(row.id),
        "status_category": row.status,
        "waiting": waiting,
        "customer": None,
        "routing": _routing(row.routing),
        "resolution": ended,
        "clocks": clocks,
        "links": [{"kind": kind, "number": other} for kind, other in row.links],
        **{role: _contact(row, role) for role in _ROLES},
    }


def _routing(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "by": data.get("by", ""),
        "reasons": data.get("reasons", []),
        "ruleset": data.get("ruleset") or None,
        "confidence": data.get("confidence"),
    }


def _contact(row: Row[Any], role: str) -> dict[str, Any] | None:
    values = {name: getattr(row, f"{role}_{name}_") for name in _CONTACT}
    return values if values["id"] is not None else None


def _clocks_of(numbers: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    policies, calendars = _rules.alias("policies"), _rules.alias("calendars")
    query = (
        select(
            _clocks,
            (policies.c.key + "@" + cast(policies.c.number, Text)).label("policy"),
            (calendars.c.key + "@" + cast(calendars.c.number, Text)).label("calendar"),
        )
        .join(policies, policies.c.id == _clocks.c.policy_id)
        .join(calendars, calendars.c.id == _clocks.c.calendar_id)
        .where(_clocks.c.ticket_id.in_(numbers))
        .order_by(_clocks.c.ticket_id, _clocks.c.name, _clocks.c.cycle)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.ticket_id, []).append({name: getattr(row, name) for name in _CLOCK})
    return found


def clocks(actor: Actor, number: int) -> list[dict[str, Any]]:
    """The clocks of a ticket, every cycle."""
    require(actor, number)
    return _clocks_of([number]).get(number, [])


def require(actor: Actor, number: int) -> None:
    """Raises NotFound where the actor may not know of the ticket."""
    if db.session.execute(select(_tickets.c.id).where(_tickets.c.id == number, visible(actor))).one_or_none() is None:
        raise NotFound("There is no such ticket.")


def messages(actor: Actor, number: int, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A part of what was said on a ticket, oldest first."""
    require(actor, number)
    last = _whole(_read_cursor(cursor, 1)[0]) if cursor else 0
    query = (
        select(_messages, *(_people.c[name].label(f"author_{name}_") for name in _CONTACT))
        .outerjoin(_people, _people.c.id == _messages.c.author_id)
        .where(_messages.c.ticket_id == number, _messages.c.id > last)
        .order_by(_messages.c.id)
        .limit(limit + 1)
    )
    rows = db.session.execute(query).all()
    more = make_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    files = _files_of([row.id for row in rows[:limit]])
    return [_message(row, files.get(row.id, [])) for row in rows[:limit]], more


def message(actor: Actor, number: int, message_id: int) -> dict[str, Any]:
    """One message of a ticket."""
    found, _ = messages(actor, number, make_cursor([message_id - 1]), 1)
    return found[0]


def _message(row: Row[Any], files: list[dict[str, Any]]) -> dict[str, Any]:
    state = {"state": row.delivery_state, "at": row.delivery_at, "detail": row.delivery_detail}
    return {
        **{name: getattr(row, name) for name in ("id", "direction", "audience", "channel", "at", "text", "html")},
        "author": _contact(row, "author"),
        "reply_text": row.text if row.reply_text is None else row.reply_text,
        "attachments": files,
        "delivery": state if row.delivery_state else None,
        "automatic": row.automatic is not None,
    }


def _files_of(message_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    query = select(_files).where(_files.c.message_id.in_(message_ids)).order_by(_files.c.id)
    names = ("id", "name", "content_type", "size", "sha256", "inline")
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.message_id, []).append({name: getattr(row, name) for name in names})
    return found


def person(actor: Actor, person_id: int) -> dict[str, Any]:
    """A person, for staff; one who was erased is not found."""
    query = select(_people).where(_people.c.id == person_id, _people.c.erased_at.is_(None))
    row = db.session.execute(query).one_or_none() if actor.is_staff else None
    if row is None:
        raise NotFound("There is no such person.")
    return {name: getattr(row, name) for name in (*_CONTACT, "language")}
