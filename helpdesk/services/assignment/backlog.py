"""The work of a department that nobody has, most urgent first, and what each piece of it asks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, text, tuple_

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

_PORTION = _FREE.limit(PORTION).with_for_update(skip_locked=True).execution_options(populate_existing=True)
_NEXT_PORTION = _PORTION.where(tuple_(Ticket.next_due_at, Ticket.id) > tuple_(bindparam("due"), bindparam("last")))


def free(department_id: int, most: int) -> Sequence[Ticket]:
    """The first of those, as they stand."""
    return db.session.execute(_FREE.limit(most), {"department": department_id}).scalars().all()


def portions(department_id: int) -> Iterator[Sequence[Ticket]]:
    """All of them, locked, oldest due first; what somebody else holds at the moment is passed over."""
    query, values = _PORTION, dict[str, Any](department=department_id)
    for _ in range(SCANNED // PORTION):
        rows = db.session.execute(query, values).scalars().all()
        if rows:
            yield rows
        if len(rows) < PORTION:
            return
        query, values = _NEXT_PORTION, values | {"due": rows[-1].next_due_at, "last": rows[-1].id}


def asked_of(tickets: Sequence[Ticket], rule: DepartmentRule, known: Weights, at: datetime) -> list[Asked]:
    """What each ticket asks of whoever gets it."""
    last, spared = _earlier(tickets, rule, at)
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


_EARLIER = text(
    """
    select ticket.id, last.assignee_id, null as spared
    from ticket cross join lateral (
      select recent.assignee_id from (
        select earlier.id, earlier.assignee_id, earlier.department_id from ticket earlier
        where earlier.requester_id = ticket.requester_id and earlier.id < ticket.id order by earlier.id desc limit 20
      ) recent
      where recent.assignee_id is not null and recent.department_id = ticket.department_id
      order by recent.id desc limit 1
    ) last
    where :sticky and ticket.id = any(:ids)
    union all
    select work_id, null, person_id from offer
    where :offers and kind = 'ticket' and work_id = any(:ids) and state in ('declined', 'expired')
      and settled_at > :since
    """
)


def _earlier(tickets: Sequence[Any], rule: DepartmentRule, at: datetime) -> tuple[dict[int, int], dict[int, set[int]]]:
    """Who had the latest ticket of the same person in the same department, and who is spared for a while."""
    last, spared = dict[int, int](), dict[int, set[int]]()
    values = {"sticky": rule.sticky, "offers": rule.hands_out, "ids": [ticket.id for ticket in tickets]}
    for row in db.session.execute(_EARLIER, values | {"since": at - SPARED}):
        if row.spared is None:
            last[row.id] = row.assignee_id
        else:
            spared.setdefault(row.id, set()).add(row.spared)
    return last, spared
