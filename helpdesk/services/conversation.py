"""One ticket with all that its page shows, read in few statements: names, timeline, files, clocks, relations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    CompoundSelect,
    Row,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.catalogue import Category, Department, Service
from helpdesk.models.people import Person
from helpdesk.models.rulebook import Rulebook
from helpdesk.models.tickets import Attachment, Link, Message, Participant, Ticket, TicketClock
from helpdesk.permissions import ON_TICKETS, Actor, may
from helpdesk.services import journal, scope, transitions
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import TERMINAL, Direction

_tickets, _messages, _files, _clocks = table(Ticket), table(Message), table(Attachment), table(TicketClock)
_people, _links, _participants, _rules = table(Person), table(Link), table(Participant), table(Rulebook)
_departments, _services, _categories = table(Department), table(Service), table(Category)

NEWEST = 200
"""Messages shown at once; the older ones by a link."""

OTHERS = 6
"""Other tickets of the requester in the side panel."""

TOLD_BY_MESSAGES = frozenset({"message_received", "reply_sent", "note_added", "delivery_settled", "reply_withdrawn"})
TOLD_BY_CLOCKS = frozenset({"clock_started", "clock_retargeted"})
TOO_SMALL = frozenset({"ticket_acknowledged"})
SILENT = TOLD_BY_MESSAGES | TOLD_BY_CLOCKS | TOO_SMALL
"""Facts that the timeline does not repeat, since something else on the page says them."""


@dataclass(frozen=True)
class Said:
    """A message or an internal note, with its author and files."""

    message: Row[Any]
    files: Sequence[Row[Any]]

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.message.at  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Happened:
    """Facts between two messages, folded into one line."""

    facts: Sequence[Recorded]

    @property
    def at(self) -> datetime:
        """When the last of them happened."""
        return self.facts[-1].at


@dataclass(frozen=True)
class Conversation:
    """A ticket's page. ``people``: the names of all who are mentioned, by id."""

    ticket: Row[Any]
    timeline: Sequence[Said | Happened]
    older: int
    clocks: Sequence[Row[Any]]
    others: Sequence[Row[Any]]
    links: Sequence[Row[Any]]
    participants: Sequence[Row[Any]]
    people: Mapping[int, str]
    allowed: frozenset[str]

    @property
    def last_message_id(self) -> int:
        """The newest message shown; 0 without any."""
        return max((entry.message.id for entry in self.timeline if isinstance(entry, Said)), default=0)


def read(actor: Actor, number: int, *, everything: bool = False) -> Conversation:
    """The ticket's page in eight statements; raises NotFound when the actor may not see it."""
    ticket = _ticket(actor, number)
    messages = _said(number, None if everything else NEWEST)
    facts = [fact for fact in journal.of(number) if fact.type not in SILENT]
    older = ticket.message_count - len(messages)
    if older and messages:
        facts = [fact for fact in facts if fact.at >= messages[0].at]
    participants, names = _who(number, _mentioned(facts))
    links, others = _related(actor, ticket)
    return Conversation(
        ticket=ticket,
        timeline=_merged(messages, facts),
        older=older,
        clocks=_clock_rows(number),
        others=others,
        links=links,
        participants=participants,
        people=names,
        allowed=allowed(actor, ticket),
    )


def heading(actor: Actor, number: int) -> Row[Any]:
    """The ticket alone, with the names of what it points to; raises NotFound when the actor may not see it."""
    return _ticket(actor, number)


def attachment(actor: Actor, id_: int) -> Row[Any]:
    """A file of a ticket that the actor may read; raises NotFound."""
    query = select(*_files.c).join(_messages, _messages.c.id == _files.c.message_id)
    query = query.join(_tickets, _tickets.c.id == _messages.c.ticket_id)
    row = db.session.execute(query.where(_files.c.id == id_, scope.visible(actor))).one_or_none()
    if row is None:
        raise NotFound("There is no such file.")
    return row


def formatted(actor: Actor, id_: int) -> Row[Any]:
    """An inbound message with its cleaned HTML, of a ticket that the actor may read; raises NotFound without any."""
    query: Select[Any] = select(_messages.c.ticket_id, _messages.c.subject, _messages.c.language, _messages.c.html)
    query = query.join(_tickets, _tickets.c.id == _messages.c.ticket_id)
    query = query.where(_messages.c.id == id_, _messages.c.direction == Direction.INBOUND, _messages.c.html != "")
    row = db.session.execute(query.where(scope.visible(actor))).one_or_none()
    if row is None:
        raise NotFound("This message has no other look.")
    return row


def allowed(actor: Actor, ticket: Row[Any]) -> frozenset[str]:
    """What this actor may do to the ticket as it stands: the table of moves and the table of permissions."""
    moves = set(transitions.allowed(ticket.status))
    others = set(ON_TICKETS) - set(transitions.MOVES)
    if ticket.status in TERMINAL:
        others -= {"reply", "write"}
    return frozenset(verb for verb in moves | others if may(actor, verb, cast(Any, ticket)))


_NUMBER: BindParameter[int] = bindparam("number")
"""The ticket's number, in statements that are put together once: that costs more than to run them."""


def _ticket(actor: Actor, number: int) -> Row[Any]:
    """The ticket and the names of what it points to."""
    row = db.session.execute(_one(actor), {"number": number}).one_or_none()
    if row is None:
        raise NotFound("There is no such ticket.")
    return row


@lru_cache(maxsize=256)
def _one(actor: Actor) -> Select[Any]:
    roles = ("requester", "on_behalf_of", "assignee", "owner")
    people = {role: _people.alias(role) for role in roles}
    query: Select[Any] = select(
        *_tickets.c,
        *(people[role].c.name.label(f"{role}_name") for role in roles),
        *(people["requester"].c[name].label(f"requester_{name}") for name in ("email", "phone", "language")),
        _departments.c.names.label("department_names"),
        _services.c.names.label("service_names"),
        _categories.c.names.label("category_names"),
        _count_of_messages(),
    ).select_from(_tickets)
    for role in roles:
        query = query.outerjoin(people[role], people[role].c.id == _tickets.c[f"{role}_id"])
    query = query.outerjoin(_departments, _departments.c.id == _tickets.c.department_id)
    query = query.outerjoin(_services, _services.c.id == _tickets.c.service_id)
    query = query.outerjoin(_categories, _categories.c.id == _tickets.c.category_id)
    return query.where(_tickets.c.id == _NUMBER, scope.visible(actor))


def _count_of_messages() -> Any:
    query = select(func.count()).select_from(_messages).where(_messages.c.ticket_id == _NUMBER)
    return query.scalar_subquery().label("message_count")


def _said(number: int, limit: int | None) -> list[Said]:
    """The newest messages, oldest of them first, each with its files."""
    rows = db.session.execute(_newest(limit), {"number": number}).all()
    files = _files_of(number)
    return [Said(row, files.get(row.id, ())) for row in reversed(rows)]


@cache
def _newest(limit: int | None) -> Select[Any]:
    query = select(*_messages.c, _people.c.name.label("author"))
    query = query.outerjoin(_people, _people.c.id == _messages.c.author_id).where(_messages.c.ticket_id == _NUMBER)
    return query.order_by(_messages.c.at.desc(), _messages.c.id.desc()).limit(limit)


def _files_of(number: int) -> Mapping[int, Sequence[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(_files_of_all(), {"number": number}):
        found[row.message_id].append(row)
    return found


@cache
def _files_of_all() -> Select[Any]:
    query = select(*_files.c).join(_messages, _messages.c.id == _files.c.message_id)
    return query.where(_messages.c.ticket_id == _NUMBER).order_by(_files.c.id)


def _merged(messages: Sequence[Said], facts: Sequence[Recorded]) -> list[Said | Happened]:
    """Messages and facts in the order of time; facts that follow each other become one entry."""
    entries: list[Said | Recorded] = [*messages, *facts]
    entries.sort(key=lambda entry: (entry.at, isinstance(entry, Recorded)))
    timeline: list[Said | Happened] = []
    for is_fact, group in groupby(entries, key=lambda entry: isinstance(entry, Recorded)):
        if is_fact:
            timeline.append(Happened([entry for entry in group if isinstance(entry, Recorded)]))
        else:
            timeline.extend(entry for entry in group if isinstance(entry, Said))
    return timeline


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
