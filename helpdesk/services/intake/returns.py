"""Letters of ours that come back: the message shows it, and whoever works on the request must reach the citizen."""

from datetime import datetime

from sqlalchemy import select

from helpdesk.db import db, savepoint, table
from helpdesk.errors import HelpdeskError
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import outbox, tickets
from helpdesk.services.arrival import Arrival
from helpdesk.services.outbox import Returned
from helpdesk.vocabulary import Status

WHY = "came_back"
_ROWS = table(Ticket)


def settle(arrival: Arrival, at: datetime) -> int | None:
    """The ticket whose letter a notice is about; None for everything else."""
    if arrival.complaint:
        return outbox.complained(arrival.complaint)
    back = arrival.bounced
    if back is None:
        return None
    if not back.final:
        late = outbox.delayed(back.external_id, arrival.signed, back.addresses, back.detail, at)
        return late.ticket_id if late else None
    returned = outbox.bounced(back.external_id, arrival.signed, back.addresses, back.detail, at)
    if returned is None:
        return None
    _call_on_staff(returned, at)
    return returned.ticket_id


def _call_on_staff(returned: Returned, at: datetime) -> None:
    """Nobody can wait for an answer to a letter that never arrived: the request is open again, its clocks run, and it
    stands among the undelivered until a person reached the citizen another way."""
    if returned.automatic:
        return
    status = db.session.execute(select(_ROWS.c.status).where(_ROWS.c.id == returned.ticket_id)).scalar()
    if status != Status.WAITING_REQUESTER:
        return
    try:
        with savepoint():
            tickets.resume(SYSTEM, returned.ticket_id, why=WHY, at=at)
    except HelpdeskError:
        return  # somebody moved it meanwhile
