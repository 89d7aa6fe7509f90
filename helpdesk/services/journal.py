"""The only writer of TicketEvent: collects facts, writes them at once, and lets what follows follow."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, text

from helpdesk import events
from helpdesk.db import before_commit, db, insert_numbered, pending, table
from helpdesk.models.journal import TicketEvent
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor


@dataclass(frozen=True)
class Recorded:
    """An event as it stands, or is about to stand, in the journal of a ticket."""

    ticket_id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    event: events.Event
    id: int | None = None

    @property
    def type(self) -> str:
        """The event's name."""
        return self.event.type


Reaction = Callable[[Sequence[Recorded]], None]

REACTIONS: dict[type[events.Event], tuple[Reaction, ...]] = {}
"""What follows from what; ``services/reactions.py`` fills it. A reaction gets all facts of its kinds at once."""


EARLY: set[Reaction] = set()
"""Reactions that read no journal: they run before it is written, so that what they state goes in together with it."""


LATE: set[Reaction] = set()
"""Reactions that read what the others stated: they run after them, whatever fact named them first."""


def record(ticket_id: int, event: events.Event, actor: Actor, at: datetime) -> None:
    """States a fact. It is written, and its reactions run, before the next commit, set-wise."""
    pending("journal").append(Recorded(ticket_id, at, actor.kind.value, actor.id, event))
    before_commit(flush)


def flush() -> None:
    """Writes what was stated and runs the reactions, until nothing more follows."""
    while fresh := _taken():
        db.session.flush()
        written = _write(_completed(fresh))
        for reaction, facts in _by_reaction(written):
            if reaction not in EARLY:
                reaction(facts)


def _taken() -> list[Recorded]:
    """What was stated since the last look."""
    found: list[Recorded] = pending("journal").copy()
    pending("journal").clear()
    return found


def _completed(fresh: list[Recorded]) -> list[Recorded]:
    """The facts with all that follows from them early."""
    found = list(fresh)
    while fresh:
        for reaction, facts in _by_reaction(fresh):
            if reaction in EARLY:
                reaction(facts)
        fresh = _taken()
        found += fresh
    return found


def stated() -> Sequence[Recorded]:
    """What was stated in this transaction and is not written yet."""
    return tuple(pending("journal"))


def _write(stated: Sequence[Recorded]) -> list[Recorded]:
    ids = insert_numbered(table(TicketEvent), [_row(fact) for fact in stated])
    return [replace(fact, id=id_) for fact, id_ in zip(stated, ids, strict=True)]


def _row(fact: Recorded) -> dict[str, Any]:
    return {
        "ticket_id": fact.ticket_id,
        "type": fact.type,
        "at": fact.at,
        "actor_kind": fact.actor_kind,
        "actor_id": fact.actor_id,
        "data": fact.event.data(),
    }


def _by_reaction(facts: Iterable[Recorded]) -> list[tuple[Reaction, list[Recorded]]]:
    """Groups facts by reaction, in the order in which reactions are first named, the late ones last."""
    groups: dict[Reaction, list[Recorded]] = defaultdict(list)
    for fact in facts:
        for reaction in REACTIONS.get(type(fact.event), ()):
            groups[reaction].append(fact)
    return sorted(groups.items(), key=lambda group: group[0] in LATE)


_OF_ONE = (
    select(table(TicketEvent))
    .where(table(TicketEvent).c.ticket_id == bindparam("ticket_id"))
    .order_by(table(TicketEvent).c.id)
)


def of(ticket_id: int) -> list[Recorded]:
    """The journal of a ticket, in the order of time."""
    return [_read(row) for row in db.session.execute(_OF_ONE, {"ticket_id": ticket_id})]


def of_many(ticket_ids: Sequence[int], kinds: Iterable[type[events.Event]] = ()) -> dict[int, list[Recorded]]:
    """The journals of several tickets, by ticket; of these kinds only, where any are named."""
    rows, wanted = table(TicketEvent), [kind.type for kind in kinds]
    query = select(rows).where(rows.c.ticket_id.in_(ticket_ids))
    if wanted:
        query = query.where(rows.c.type.in_(wanted))
    found: dict[int, list[Recorded]] = defaultdict(list)
    for row in db.session.execute(query.order_by(rows.c.ticket_id, rows.c.id)).all():
        found[row.ticket_id].append(_read(row))
    return found


def lately(ticket_id: int, kind: type[events.Event], actor_id: int | None, since: datetime) -> list[Recorded]:
    """What one person was told of that kind on a ticket after a moment."""
    rows = table(TicketEvent)
    query = select(rows).where(rows.c.ticket_id == ticket_id, rows.c.type == kind.type, rows.c.at > since)
    found = db.session.execute(query.where(rows.c.actor_id.is_not_distinct_from(actor_id)).order_by(rows.c.id))
    return [_read(row) for row in found]


def stream(begin: datetime, end: datetime) -> Iterator[Recorded]:
    """All facts stated in [begin, end), in order; read in portions, so that any period fits in memory."""
    rows = table(TicketEvent)
    query = select(rows).where(rows.c.at >= begin, rows.c.at < end).order_by(rows.c.id)
    for row in db.session.execute(query.execution_options(yield_per=5_000)):
        yield _read(row)


def _read(row: Row[Any]) -> Recorded:
    return Recorded(row.ticket_id, row.at, row.actor_kind, row.actor_id, events.read(row.type, row.data), row.id)


_UNTOUCHED = text(
    """
    select given.ticket_id, given.at
    from unnest(cast(:tickets as bigint[]), cast(:people as bigint[])) as asked (ticket_id, person_id)
    cross join lateral (
      select id, ticket_id, at, actor_id, data from ticket_event
      where ticket_id = asked.ticket_id and type = 'ticket_assigned' order by id desc limit 1
    ) given
    where given.actor_id is distinct from asked.person_id
      and not exists (select from ticket_event later where later.ticket_id = asked.ticket_id and later.id > given.id
                      and later.actor_id = asked.person_id)
    """
)


def untouched(pairs: Mapping[int, int]) -> dict[int, datetime]:
    """Tickets (of these, by assignee) whose assignee has done nothing since they were given it; since when."""
    values = {"tickets": list(pairs), "people": list(pairs.values())}
    return {row.ticket_id: row.at for row in db.session.execute(_UNTOUCHED, values)}


def latest(ticket_ids: Sequence[int], kinds: Iterable[type[events.Event]]) -> dict[int, datetime]:
    """When one of these facts was stated last, by ticket."""
    rows = table(TicketEvent)
    query = select(rows.c.ticket_id, func.max(rows.c.at).label("at")).group_by(rows.c.ticket_id)
    wanted = (rows.c.ticket_id.in_(ticket_ids), rows.c.type.in_([kind.type for kind in kinds]))
    return {row.ticket_id: row.at for row in db.session.execute(query.where(*wanted))}


def newest() -> int:
    """The number of the last fact in any journal; 0 in an empty one."""
    rows = table(TicketEvent)
    return int(db.session.execute(select(func.coalesce(func.max(rows.c.id), 0))).scalar_one())


def after(number: int, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """``(id, type, ticket_id, department_id)`` of the facts after that number, on tickets that meet the conditions."""
    rows, tickets = table(TicketEvent), table(Ticket)
    query: Select[Any] = select(rows.c.id, rows.c.type, rows.c.ticket_id, tickets.c.department_id)
    query = query.join(tickets, tickets.c.id == rows.c.ticket_id).where(rows.c.id > number, *conditions)
    return db.session.execute(query.order_by(rows.c.id).limit(limit)).all()
