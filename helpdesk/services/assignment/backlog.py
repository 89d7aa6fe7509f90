"""The work of a department that nobody has, most urgent first, and what each piece of it asks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, bindparam, case, literal_column, null, select, text, tuple_
from sqlalchemy.orm import load_only

from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.services.assignment.people import Asked
from helpdesk.services.assignment.settings import DepartmentRule, Weights
from helpdesk.vocabulary import Status, WorkKind

PORTION = 50
"""Tickets looked at together."""

SCANNED = 500
"""Tickets looked at in one go: those that nobody present can take do not hide the rest for long."""

SPARED = timedelta(minutes=30)
"""So long nobody is offered again what they declined or let lapse."""

WORKABLE = (Status.NEW.value, Status.OPEN.value)

_OFFERED = text(
    "not exists (select from offer where offer.kind = 'ticket' and offer.work_id = ticket.id"
    " and offer.state = 'offered')"
)

_FREE = (
    select(Ticket)
    .where(
        Ticket.is_open,
        Ticket.assignee_id.is_(None),
        Ticket.department_id == bindparam("department"),
        Ticket.status.in_(WORKABLE),
        _OFFERED,
    )
    .order_by(Ticket.next_due_at, Ticket.id)
)
"""Tickets of a department that nobody has, that nobody was offered, and on which work can begin."""

_LAST_AGENT = literal_column(
    """
    (select recent.assignee_id from (
       select earlier.id, earlier.assignee_id, earlier.department_id from ticket earlier
       where earlier.requester_id = ticket.requester_id and earlier.id < ticket.id order by earlier.id desc limit 20
     ) recent
     where recent.assignee_id is not null and recent.department_id = ticket.department_id
     order by recent.id desc limit 1)
    """,
    BigInteger,
)
"""Who had the latest ticket of the same person in the same department."""

_SPARED = (
    select(literal_column("array_agg(person_id)", ARRAY(BigInteger)))
    .select_from(text("offer"))
    .where(
        text("offer.kind = 'ticket' and offer.work_id = ticket.id and offer.state in ('declined', 'expired')"),
        text("offer.settled_at > :since"),
    )
    .scalar_subquery()
)
"""Who is spared for a while."""

_CHOOSING = load_only(
    Ticket.version, Ticket.status, Ticket.is_open, Ticket.department_id, Ticket.team_id, Ticket.service_id,
    Ticket.requester_id, Ticket.assignee_id, Ticket.owner_id, Ticket.owner_by_default, Ticket.complained_of,
    Ticket.restricted, Ticket.channel, Ticket.language, Ticket.next_due_at,
)  # fmt: skip
"""What choosing and giving look at; the rest of a ticket's many columns is read only should anybody ask."""

_PORTION = (
    _FREE.add_columns(
        case((bindparam("sticky", type_=Boolean), _LAST_AGENT), else_=null()).label("last_agent"),
        case((bindparam("offers", type_=Boolean), _SPARED), else_=null()).label("spared"),
    )
    .options(_CHOOSING)
    .limit(PORTION)
    .with_for_update(of=Ticket, skip_locked=True)
    .execution_options(populate_existing=True)
)
_NEXT_PORTION = _PORTION.where(tuple_(Ticket.next_due_at, Ticket.id) > tuple_(bindparam("due"), bindparam("last")))


@dataclass(frozen=True)
class Free:
    """A ticket that nobody has, held; who had the same person's last one, and who did not want this one lately."""

    ticket: Ticket
    last_agent: int | None
    spared: frozenset[int]


def free(department_id: int, most: int) -> Sequence[Ticket]:
    """The first of those, as they stand."""
    return db.session.execute(_FREE.limit(most), {"department": department_id}).scalars().all()


def portions(rule: DepartmentRule, at: datetime) -> Iterator[Sequence[Free]]:
    """All of a department's, locked, oldest due first; what somebody else holds at the moment is passed over."""
    values: dict[str, Any] = {"department": rule.department_id, "sticky": rule.sticky}
    values |= {"offers": rule.hands_out, "since": at - SPARED}
    query = _PORTION
    for _ in range(SCANNED // PORTION):
        found = [Free(row[0], row.last_agent, frozenset(row.spared or ())) for row in db.session.execute(query, values)]
        if found:
            yield found
        if len(found) < PORTION:
            return
        last = found[-1].ticket
        query, values = _NEXT_PORTION, values | {"due": last.next_due_at, "last": last.id}


def asked(free: Free, rule: DepartmentRule, known: Weights) -> Asked:
    """What a ticket asks of whoever gets it."""
    ticket = free.ticket
    return Asked(
        kind=WorkKind.TICKET,
        weight=known.ticket(ticket.channel),
        language=ticket.language,
        skills=rule.skills.get(ticket.service_id or 0, frozenset()),
        team_id=ticket.team_id,
        ticket=ticket,
        last_agent=free.last_agent,
        not_to=free.spared,
    )
