"""Work that nobody took for too long is asked of another department or team, by the department's rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import HelpdeskError
from helpdesk.models.assignment import Unclaimed
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, journal, rulebook
from helpdesk.services.assignment.backlog import WORKABLE
from helpdesk.services.assignment.settings import DepartmentRule
from helpdesk.services.hands import Hand, held

OVERFLOW = "overflow"
"""Why it was transferred: nobody had time, not because it did not belong there."""

MOST = 200
"""Tickets of a department looked at in one go, the oldest first."""

_FREED = (events.TicketOpened, events.TicketTransferred, events.TicketAssigned, events.TicketReopened)
_ROWS, _TICKETS = table(Unclaimed), table(Ticket).c


@unit()
def look(rules: Mapping[int, DepartmentRule], at: datetime) -> int:
    """Passes on what nobody took in the time its department allows; how many. A ticket overflows once."""
    return sum(
        _pass_on(ticket_id, rule, at)
        for rule in rules.values()
        if rule.overflow_minutes is not None
        for ticket_id in _overdue(rule, at)
    )


def _overdue(rule: DepartmentRule, at: datetime) -> list[int]:
    minutes = timedelta(minutes=rule.overflow_minutes or 0)
    known = catalogue.current().departments[rule.department_id]
    calendar = rulebook.calendar_for(known.calendar_key).value
    ids = _free(rule.department_id, at - minutes)
    since = journal.latest(ids, _FREED)
    return [id_ for id_ in ids if id_ in since and calendar.worked(since[id_], at) >= minutes]


def _free(department_id: int, before: datetime) -> Sequence[int]:
    """What nobody has, came in before that moment, and overflowed never yet."""
    done = select(_ROWS.c.ticket_id).where(_ROWS.c.ticket_id == _TICKETS.id, _ROWS.c.overflowed_at.is_not(None))
    query = select(_TICKETS.id).where(
        _TICKETS.is_open,
        _TICKETS.assignee_id.is_(None),
        _TICKETS.department_id == department_id,
        _TICKETS.status.in_(WORKABLE),
        _TICKETS.created_at <= before,
        ~done.exists(),
    )
    return db.session.execute(query.order_by(_TICKETS.next_due_at, _TICKETS.id).limit(MOST)).scalars().all()


def _pass_on(ticket_id: int, rule: DepartmentRule, at: datetime) -> bool:
    """A ticket that somebody took or moved meanwhile is left as it is."""
    try:
        with savepoint(), held(SYSTEM, ticket_id, "transfer", None, at) as hand:
            if hand.ticket.assignee_id is not None or hand.ticket.department_id != rule.department_id:
                return False
            _move(hand, rule)
    except HelpdeskError:
        return False
    made = insert(_ROWS).values(ticket_id=ticket_id, overflowed_at=at)
    db.session.execute(made.on_conflict_do_update(index_elements=["ticket_id"], set_={"overflowed_at": at}))
    return True


def _move(hand: Hand, rule: DepartmentRule) -> None:
    """The team of the rule, in its own department; else the department of the rule."""
    team = catalogue.current().teams.get(rule.overflow_team_id or 0)
    place = team.department_id if team else rule.overflow_department_id
    hand.record(events.WorkOverflowed(rule.overflow_minutes or 0, place, team.id if team else None))
    before = hand.ticket.department_id
    if place is not None and place != before:
        hand.ticket.department_id = place
        hand.record(events.TicketTransferred(place, before, OVERFLOW))
    hand.ticket.team_id = team.id if team else None
