"""The queue: filters, keyset paging and full-text search over the tickets an actor may see."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, Select, Subquery, exists, literal, not_, select, true, tuple_, union_all

from helpdesk import clock
from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.catalogue import Department
from helpdesk.models.clocks import TicketClock
from helpdesk.models.people import Person
from helpdesk.models.tickets import Message
from helpdesk.permissions import Actor
from helpdesk.services import fulltext, scope, views
from helpdesk.services.filters import Filters, conditions
from helpdesk.services.views import AT, ORDERS, Order, tickets

_messages, _clocks = table(Message), table(TicketClock)
_departments, _people = table(Department), table(Person)


@dataclass(frozen=True)
class Gauge:
    """A ticket's most pressing clock, as much of it as the little bar shows."""

    name: str
    state: str
    started_at: datetime
    due_at: datetime | None
    target_seconds: int
    elapsed_seconds: int


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue."""

    number: int
    subject: str
    status: str
    waiting_reason: str | None
    waiting_until: datetime | None
    priority: str
    type: str
    channel: str
    language: str
    restricted: bool
    major: bool
    tags: list[str]
    requester: str
    department_id: int | None
    department: Mapping[str, str] | None
    assignee_id: int | None
    assignee: str | None
    received_at: datetime
    resolved_at: datetime | None
    due_at: datetime | None
    undelivered: bool
    gauge: Gauge | None
    excerpt: Markup | None = None


@dataclass(frozen=True)
class Last:
    """The line after which a page begins: its sort key and its number."""

    moment: datetime
    number: int


@dataclass(frozen=True)
class Page:
    """A part of a list, and the cursor of the next (null: this is the end)."""

    rows: list[QueueRow]
    next: str | None


def queue(
    actor: Actor, filters: Filters, cursor: str | None = None, limit: int = 25, *, at: datetime | None = None
) -> Page:
    """A page of the queue in one statement, of a search in two or three; raises Invalid for a broken cursor."""
    last = _read_cursor(cursor) if cursor else None
    if filters.q.strip():
        return _search(actor, filters, last, limit)
    query = _listing(actor, filters, last, limit) if last else _first_page(actor, filters, limit)
    rows = db.session.execute(query, {AT.key: at or clock.now()}).all()
    return _page(rows, limit, {})


@lru_cache(maxsize=512)
def _first_page(actor: Actor, filters: Filters, limit: int) -> Select[Any]:
    """Kept by reader and list, since it is what a desk asks for all day; putting it together costs a third of it."""
    return _listing(actor, filters, None, limit)


def _listing(actor: Actor, filters: Filters, last: Last | None, limit: int) -> Select[Any]:
    return _rows(_listed(actor, filters, last, limit), ORDERS[filters.order].descending)


def _search(actor: Actor, filters: Filters, last: Last | None, limit: int) -> Page:
    sought = fulltext.understand(filters.q)
    rows: Sequence[Row[Any]] = ()
    for hits in fulltext.portions(sought, last.moment if last else None):
        rows = db.session.execute(_rows(_found(actor, filters, sought, hits, last, limit), True)).all()
        if len(rows) > limit:
            break
    return _page(rows, limit, fulltext.excerpts(sought, [row.id for row in rows[:limit]]))


def _page(rows: Sequence[Row[Any]], limit: int, excerpts: Mapping[int, Markup]) -> Page:
    more = _cursor(rows[limit - 1]) if len(rows) > limit else None
    return Page([_row(row, excerpts) for row in rows[:limit]], more)


def only(actor: Actor, filters: Filters, numbers: Sequence[int], *, at: datetime | None = None) -> list[QueueRow]:
    """Those of the tickets that stand in the filtered list now; for rows that refresh in place."""
    wanted = [tickets.c.id.in_(numbers), *_asked(actor, filters)]
    key = ORDERS[filters.order].column.label("key")
    found = select(tickets.c.id, key).where(*wanted).limit(len(numbers)).subquery("page")
    query = _rows(found, ORDERS[filters.order].descending)
    return [_row(row, {}) for row in db.session.execute(query, {AT.key: at or clock.now()})]


def _asked(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    wanted = [scope.visible(actor), *views.conditions(filters.view, actor, AT), *conditions(actor, filters)]
    if filters.view in views.PER_DEPARTMENT:
        wanted.append(tickets.c.department_id.in_(select(views.departments(actor).c.id)))
    return wanted


def _listed(actor: Actor, filters: Filters, last: Last | None, limit: int) -> Subquery:
    """The numbers and sort keys of one page; in every order lasting major incidents stand before all others."""
    order = ORDERS[filters.order]
    if order.top is None:
        return _part(actor, filters, order, last, limit, []).subquery("page")
    rest = _part(actor, filters, order, last, limit, [not_(views.GRAVE)])
    if last:
        return rest.subquery("page")
    grave = _part(actor, filters, Order(tickets.c.queue_at), None, limit, [views.GRAVE]).subquery("grave")
    both = union_all(select(grave.c.id, literal(order.top).label("key")), select(*rest.subquery("rest").c)).subquery(
        "both"
    )
    ordered = _ordered(Order(both.c.key, order.descending), both.c.id)
    return select(both.c.id, both.c.key).order_by(*ordered).limit(limit + 1).subquery("page")


def _part(
    actor: Actor, filters: Filters, order: Order, last: Last | None, limit: int, wanted: list[ColumnElement[bool]]
) -> Select[Any]:
    """One ordered index scan, or one a department, merged."""
    key = order.column.label("key")
    wanted += [*views.conditions(filters.view, actor, AT), *conditions(actor, filters), scope.visible(actor)]
    if last:
        wanted.append(_after(order, tickets.c.id, last))
    query = select(tickets.c.id, key).where(*wanted).order_by(*_ordered(order, tickets.c.id)).limit(limit + 1)
    if filters.view not in views.PER_DEPARTMENT:
        return query
    place = views.departments(actor, filters.department or None)
    each = query.where(tickets.c.department_id == place.c.id).lateral("each")
    merged = Order(each.c.key, order.descending)
    pages = select(each.c.id, each.c.key).select_from(place.join(each, onclause=true()))
    return pages.order_by(*_ordered(merged, each.c.id)).limit(limit + 1)


def _found(
    actor: Actor, filters: Filters, sought: fulltext.Sought, hits: Subquery, last: Last | None, limit: int
) -> Subquery:
    """The same for a search: newest match first, over all that is visible, exactly."""
    order = Order(hits.c.found_at, descending=True)
    newest = select(hits.c.ticket_id, hits.c.found_at)
    wanted = [scope.visible(actor), *conditions(actor, filters)]
    if last:
        newest = newest.where(_after(order, hits.c.ticket_id, last))
        wanted.append(~fulltext.said_after(sought, tickets.c.id, last.moment))
    ranked = newest.order_by(*_ordered(order, hits.c.ticket_id)).subquery("ranked")
    each = select(tickets.c.id).where(tickets.c.id == ranked.c.ticket_id, *wanted).offset(0).lateral("each")
    page = select(each.c.id, ranked.c.found_at.label("key")).select_from(ranked.join(each, onclause=true()))
    return page.order_by(ranked.c.found_at.desc(), ranked.c.ticket_id.desc()).limit(limit + 1).subquery("page")


def _ordered(order: Order, number: ColumnElement[int]) -> Sequence[ColumnElement[Any]]:
    return (order.column.desc(), number.desc()) if order.descending else (order.column, number)


def _after(order: Order, number: ColumnElement[int], last: Last) -> ColumnElement[bool]:
    here, there = tuple_(order.column, number), tuple_(literal(last.moment), literal(last.number))
    return here < there if order.descending else here > there


def _cursor(row: Row[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([row.key.isoformat(), row.id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> Last:
    try:
        moment, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return Last(datetime.fromisoformat(moment), int(number))
    except (ValueError, TypeError):
        raise Invalid("This link to the next page is broken: begin at the first page.") from None


_assignee, _requester = _people.alias("assignee"), _people.alias("requester")
_SHOWN = [
    tickets.c[name]
    for name in (
        "id subject status waiting_reason waiting_until priority type channel language restricted major"  # noqa: SIM905
        " tags department_id assignee_id received_at resolved_at next_due_at".split()
    )
]


def _rows(page: Subquery, descending: bool) -> Select[Any]:
    """Everything that the lines of a page show, in its order."""
    gauge = _gauge()
    undelivered = exists().where(_messages.c.ticket_id == tickets.c.id, views.UNDELIVERED)
    names = (_requester.c.name.label("requester"), _assignee.c.name.label("assignee"), _departments.c.names)
    clocked = [column.label(f"g_{column.name}") for column in gauge.c]
    return (
        select(*_SHOWN, *names, undelivered.label("undelivered"), page.c.key, *clocked)
        .select_from(page)
        .join(tickets, tickets.c.id == page.c.id)
        .outerjoin(_requester, _requester.c.id == tickets.c.requester_id)
        .outerjoin(_assignee, _assignee.c.id == tickets.c.assignee_id)
        .outerjoin(_departments, _departments.c.id == tickets.c.department_id)
        .outerjoin(gauge, onclause=true())
        .order_by(*_ordered(Order(page.c.key, descending), page.c.id))
    )


def _gauge() -> Any:
    """The clock that is due next, else one that is paused."""
    columns = (
        _clocks.c.name, _clocks.c.state, _clocks.c.started_at, _clocks.c.due_at,
        _clocks.c.target_seconds, _clocks.c.elapsed_seconds,
    )  # fmt: skip
    live = (_clocks.c.stopped_at.is_(None), _clocks.c.state != "withdrawn")
    query = select(*columns).where(_clocks.c.ticket_id == tickets.c.id, *live)
    return query.order_by(_clocks.c.due_at.nulls_last(), _clocks.c.name).limit(1).lateral("gauge")


def _row(row: Row[Any], excerpts: Mapping[int, Markup]) -> QueueRow:
    values = dict(row._mapping)
    gauge = Gauge(*(values[f"g_{name}"] for name in Gauge.__dataclass_fields__)) if row.g_name else None
    due = None if row.next_due_at >= clock.NEVER else row.next_due_at
    kept = {name: values[name] for name in _KEPT}
    return QueueRow(
        number=row.id, requester=row.requester or "", department=row.names, due_at=due, gauge=gauge,
        excerpt=excerpts.get(row.id), **kept,
    )  # fmt: skip


_KEPT = tuple(
    name
    for name in QueueRow.__dataclass_fields__
    if name not in {"number", "requester", "department", "due_at", "gauge", "excerpt"}
)
