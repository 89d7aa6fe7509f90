"""Reads one ticket's page: few statements, put together once; rows instead of entities."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CompoundSelect, Row, Select, bindparam, func, literal, or_, select, union_all

from helpdesk import clock
from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.catalogue import Category, Department, Service
from helpdesk.models.clocks import TicketClock
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.models.people import Person
from helpdesk.models.rulebook import Rulebook
from helpdesk.models.tickets import Link, Message, Participant, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import callbacks, journal, scope
from helpdesk.services.conversation.allowances import allowed
from helpdesk.services.conversation.parts import NEWEST, OTHERS, SILENT, Conversation, together
from helpdesk.services.conversation.said import NUMBER as _NUMBER
from helpdesk.services.conversation.said import said
from helpdesk.services.journal import Recorded

__all__ = ["allowed", "heading", "read"]

_tickets, _messages, _clocks = table(Ticket), table(Message), table(TicketClock)
_people, _links, _participants, _rules = table(Person), table(Link), table(Participant), table(Rulebook)
_departments, _services, _categories = table(Department), table(Service), table(Category)
_customers, _suppliers = table(CustomerBody), table(Supplier)


def read(actor: Actor, number: int, *, everything: bool = False) -> Conversation:
    """The ticket's page in eight statements, some more where tickets were merged into it; raises NotFound."""
    ticket = _ticket(actor, number)
    merged = _merged(number) if ticket.merged else []
    messages = said(number, ticket.merged, None if everything else NEWEST)
    journalled = journal.of(number)
    facts = [fact for fact in journalled if fact.type not in SILENT]
    older = ticket.message_count - len(messages)
    if older and messages:
        facts = [fact for fact in facts if fact.at >= messages[0].at]
    participants, names = _who(number, _mentioned(facts))
    links, others = _related(actor, ticket)
    call_back = callbacks.promised(journalled)
    return Conversation(
        ticket=ticket,
        timeline=together(messages, facts),
        older=older,
        clocks=_clock_rows(number),
        others=others,
        links=links,
        participants=participants,
        people=names,
        allowed=allowed(actor, ticket, clock.now(), call_back),
        merged=merged,
        call_back=call_back,
    )


def heading(actor: Actor, number: int) -> Row[Any]:
    """The ticket alone, with the names of what it points to; raises NotFound when the actor may not see it."""
    return _ticket(actor, number)


def _ticket(actor: Actor, number: int) -> Row[Any]:
    """The ticket and the names of what it points to."""
    row = db.session.execute(_one(actor), {"number": number}).one_or_none()
    if row is None:
        raise NotFound("There is no such ticket.")
    return row


_OF_REQUESTER = ("email", "phone", "language", "unreachable_since")


@lru_cache(maxsize=256)
def _one(actor: Actor) -> Select[Any]:
    roles = ("requester", "on_behalf_of", "assignee", "owner")
    people = {role: _people.alias(role) for role in roles}
    query: Select[Any] = select(
        *_tickets.c,
        *(people[role].c.name.label(f"{role}_name") for role in roles),
        *(people["requester"].c[name].label(f"requester_{name}") for name in _OF_REQUESTER),
        *(people["on_behalf_of"].c[name].label(f"on_behalf_of_{name}") for name in ("email", "phone")),
        *(people[role].c[name].label(f"{role}_{name}") for role in roles[:2] for name in ("care", "care_reason")),
        or_(*(people[role].c.care.is_not(None) for role in roles[:2])).label("cared_for"),
        _departments.c.names.label("department_names"),
        _services.c.names.label("service_names"),
        _services.c.fields.label("service_fields"),
        _categories.c.names.label("category_names"),
        _customers.c.names.label("customer_names"),
        _suppliers.c.names.label("supplier_names"),
        _numbers_merged(),
        _count_of_messages(),
    ).select_from(_tickets)
    for role in roles:
        query = query.outerjoin(people[role], people[role].c.id == _tickets.c[f"{role}_id"])
    query = query.outerjoin(_departments, _departments.c.id == _tickets.c.department_id)
    query = query.outerjoin(_services, _services.c.id == _tickets.c.service_id)
    query = query.outerjoin(_categories, _categories.c.id == _tickets.c.category_id)
    query = query.outerjoin(_customers, _customers.c.id == _tickets.c.customer_id)
    query = query.outerjoin(_suppliers, _suppliers.c.id == _tickets.c.supplier_id)
    return query.where(_tickets.c.id == _NUMBER, scope.visible(actor))


def _numbers_merged() -> Any:
    merged = _tickets.alias("merged")
    return func.array(select(merged.c.id).where(merged.c.survivor_id == _NUMBER).scalar_subquery()).label("merged")


def _count_of_messages() -> Any:
    """Of the ticket and of those merged into it, without copies to these."""
    merged = _tickets.alias("merged")
    theirs = select(_messages.c.id).join(merged, merged.c.id == _messages.c.ticket_id)
    theirs = theirs.where(merged.c.survivor_id == _NUMBER, _messages.c.copy_of_id.is_(None))
    own = select(_messages.c.id).where(_messages.c.ticket_id == _NUMBER)
    return select(func.count()).select_from(union_all(own, theirs).subquery()).scalar_subquery().label("message_count")


def _merged(number: int) -> Sequence[Row[Any]]:
    """The tickets merged into it, with who asked in them."""
    return db.session.execute(_merged_rows(), {"number": number}).all()


@cache
def _merged_rows() -> Select[Any]:
    query = select(_tickets.c.id, _tickets.c.subject, _tickets.c.requester_id, _people.c.name, _people.c.email)
    query = query.outerjoin(_people, _people.c.id == _tickets.c.requester_id)
    return query.where(_tickets.c.survivor_id == _NUMBER).order_by(_tickets.c.id)


def _mentioned(facts: Iterable[Recorded]) -> set[int]:
    ids: set[int] = set()
    for fact in facts:
        data = fact.event.data()
        ids |= {data[key] for key in ("assignee_id", "owner_id", "person_id") if data.get(key)}
        if fact.actor_id is not None:
            ids.add(fact.actor_id)
    return ids


def _who(number: int, mentioned: set[int]) -> tuple[list[Row[Any]], dict[int, str]]:
    """Who takes part beside the requester, and the names of all who are mentioned."""
    rows = db.session.execute(_people_of(), {"number": number, "mentioned": list(mentioned)}).all()
    return [row for row in rows if row.takes_part], {row.id: row.name or row.email or "" for row in rows}


@cache
def _people_of() -> Select[Any]:
    mentioned = func.any(bindparam("mentioned", type_=ARRAY(BigInteger)))
    taking = select(_participants.c.person_id).where(_participants.c.ticket_id == _NUMBER)
    query = select(_people.c.id, _people.c.name, _people.c.email, _people.c.id.in_(taking).label("takes_part"))
    return query.where(or_(_people.c.id == mentioned, _people.c.id.in_(taking)))


def _clock_rows(number: int) -> Sequence[Row[Any]]:
    """The clocks, the latest cycle of each first, with the names of their policy and calendar."""
    return db.session.execute(_clocks_of(), {"number": number}).all()


@cache
def _clocks_of() -> Select[Any]:
    policy, calendar = _rules.alias("policy"), _rules.alias("calendar")
    return (
        select(
            *_clocks.c,
            policy.c.title.label("policy_title"), policy.c.key.label("policy_key"),
            policy.c.number.label("policy_number"), calendar.c.title.label("calendar_title"),
            calendar.c.key.label("calendar_key"),
        )
        .outerjoin(policy, policy.c.id == _clocks.c.policy_id)
        .outerjoin(calendar, calendar.c.id == _clocks.c.calendar_id)
        .where(_clocks.c.ticket_id == _NUMBER)
        .order_by(_clocks.c.name, _clocks.c.cycle.desc())
    )  # fmt: skip


def _related(actor: Actor, ticket: Row[Any]) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """Linked tickets, and the requester's other ones, newest first; both only as far as the actor sees them."""
    given = {"number": ticket.id, "requester": ticket.requester_id}
    rows = db.session.execute(_relations(actor), given).all()
    return [row for row in rows if row.kind], [row for row in rows if not row.kind]


@lru_cache(maxsize=256)
def _relations(actor: Actor) -> CompoundSelect[Any]:
    kinds = union_all(
        select(_links.c.to_id.label("id"), _links.c.kind).where(_links.c.from_id == _NUMBER),
        select(_links.c.from_id.label("id"), _links.c.kind).where(_links.c.to_id == _NUMBER),
    ).subquery("linked")
    shown = (_tickets.c.id, _tickets.c.subject, _tickets.c.status, _tickets.c.received_at)
    linked = select(*shown, kinds.c.kind).join(kinds, kinds.c.id == _tickets.c.id).where(scope.visible(actor))
    theirs = select(*shown, literal("").label("kind")).where(
        _tickets.c.requester_id == bindparam("requester"), _tickets.c.id != _NUMBER, scope.visible(actor)
    )
    newest = theirs.order_by(_tickets.c.id.desc()).limit(OTHERS)
    return union_all(linked, select(newest.subquery()))
