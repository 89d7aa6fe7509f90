"""The work of a department that nobody has, most urgent first, and what each piece of it asks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, text, tuple_

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


def free(department_id: int) -> Select[Ticket]:
    """Tickets of a department that nobody has, that nobody was offered, and on which work can begin."""
    return (
        select(Ticket)
        .where(
            Ticket.is_open,
            Ticket.assignee_id.is_(None),
            Ticket.department_id == department_id,
            Ticket.status.in_(WORKABLE),
            _OFFERED,
        )
        .order_by(Ticket.next_due_at, Ticket.id)
    )


def portions(department_id: int) -> Iterator[Sequence[Ticket]]:
    """All of them, locked, oldest due first; what somebody else holds at the moment is passed over."""
    after: tuple[datetime, int] | None = None
    for _ in range(SCANNED // PORTION):
        query = free(department_id).limit(PORTION).with_for_update(skip_locked=True)
        if after is not None:
            query = query.where(tuple_(Ticket.next_due_at, Ticket.id) > after)
        rows = db.session.execute(query.execution_options(populate_existing=True)).scalars().all()
        if rows:
            yield rows
        if len(rows) < PORTION:
            return
        after = (rows[-1].next_due_at, rows[-1].id)


def asked_of(tickets: Sequence[Ticket], rule: DepartmentRule, known: Weights, at: datetime) -> list[Asked]:
    """What each ticket asks of whoever gets it."""
    last = _last_agents(tickets) if rule.sticky else {}
    spared = _spared(tickets, at) if rule.hands_out else {}
    return [
        Asked(
            kind=WorkKind.TICKET,
            weight=known.ticket(ticket.channel),
            language=ticket.language,
            skills=rule.skills.get(ticket.service_id or 0, frozenset()),
            team_id=ticket.team_id,
            ticket=ticket,
            last_agent=last.get(ticket.id),
            not_to=frozenset(spared.get(ticket.id, ())),
        )
        for ticket in tickets
    ]


_LAST = text(
    """
    select ticket.id, last.assignee_id
    from ticket cross join lateral (
      select recent.assignee_id from (
        select earlier.id, earlier.assignee_id, earlier.department_id from ticket earlier
        where earlier.requester_id = ticket.requester_id and earlier.id < ticket.id order by earlier.id desc limit 20
      ) recent
      where recent.assignee_id is not null and recent.department_id = ticket.department_id
      order by recent.id desc limit 1
    ) last
    where ticket.id = any(:ids)
    """
)


def _last_agents(tickets: Sequence[Ticket]) -> dict[int, int]:
    """Who had the latest ticket of the same person in the same department."""
    rows = db.session.execute(_LAST, {"ids": [ticket.id for ticket in tickets]})
    return {row.id: row.assignee_id for row in rows}


_SPARED = text(
    """
    select work_id, person_id from offer
    where kind = 'ticket' and work_id = any(:ids) and state in ('declined', 'expired') and settled_at > :since
    """
)


def _spared(tickets: Sequence[Any], at: datetime) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    values = {"ids": [ticket.id for ticket in tickets], "since": at - SPARED}
    for row in db.session.execute(_SPARED, values):
        found.setdefault(row.work_id, set()).add(row.person_id)
    return found
