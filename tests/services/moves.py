"""Tickets brought to where a move begins, and what is compared to see that a refusal left no trace."""

from typing import Any

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.events import TicketEscalated
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal, tickets
from helpdesk.vocabulary import WAITING_STATUS, Status
from tests.builders import NOON, a_promised_call, a_supplier, a_ticket, an_administrator


def brought_to(ticket: Ticket, status: Status) -> Ticket:
    """The ticket in that status, committed, so that a refusal rolls back to here."""
    waiting = {moved: reason for reason, moved in WAITING_STATUS.items()}
    root = an_administrator()
    if status in waiting:
        tickets.wait(root, ticket.id, waiting[status], at=NOON)
    if status in {Status.RESOLVED, Status.CLOSED}:
        tickets.resolve(root, ticket.id, "solved", "Έγινε.", at=NOON)
    if status is Status.CLOSED:
        tickets.close(root, ticket.id, at=NOON)
    if status is Status.CANCELLED:
        tickets.cancel(root, ticket.id, "διπλό", at=NOON)
    if status is Status.OPEN:
        tickets.take(root, ticket.id, at=NOON)
        tickets.assign(root, ticket.id, None, at=NOON)
    if status is Status.MERGED:
        other = a_ticket(department_id=ticket.department_id)
        tickets.merge(root, ticket.id, other.id, different_people=True, at=NOON)
    ground.commit()
    return ticket


def made_ready(ticket: Ticket, verb: str) -> None:
    """What must be on record of a ticket before that move can be made, committed."""
    ready(ticket, verb)
    ground.commit()


def ready(ticket: Ticket, verb: str) -> None:
    """The same within what is under way."""
    if verb == "supplier-answered":
        ticket.supplier_id = a_supplier().id
    if verb == "de-escalate":
        ticket.escalation_level = 1
        journal.record(ticket.id, TicketEscalated(1), SYSTEM, NOON)
    if verb == "mark-complete":
        ticket.incomplete_since = NOON
    if verb in {"dial-call-back", "cancel-call-back", "move-call-back", "ring-call-back"}:
        a_promised_call(ticket)


def kinds(ticket: Ticket | int) -> list[str]:
    """The names of its facts, without those of its clocks."""
    ground.flush_pending()
    number = ticket if isinstance(ticket, int) else ticket.id
    return [fact.type for fact in journal.of(number) if not fact.type.startswith("clock")]


def marks(ticket: Ticket) -> tuple[Any, ...]:
    """All that is kept of it, but the moves that were refused."""
    db.session.expire_all()
    row = db.session.get(Ticket, ticket.id)
    told = tuple(kind for kind in kinds(ticket) if kind != "move_refused")
    return (*(getattr(row, column.name) for column in Ticket.__table__.columns), told)
