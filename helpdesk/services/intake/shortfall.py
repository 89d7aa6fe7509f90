"""Tells who added too much to a request at once that a part is missing, and how to send it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import automatic
from helpdesk.services.acknowledgements import CUT
from helpdesk.services.arrival import Arrival
from helpdesk.services.correspondence import Notice

CODE = "too_large"
_ROWS = table(Ticket)


def tell(joined: Iterable[tuple[int, int | None, Arrival]], at: datetime) -> None:
    """For messages that joined a ticket (its number, who wrote, what); whose opened one hears it with the number."""
    wanted = {
        (number, person_id)
        for number, person_id, arrival in joined
        if person_id is not None and arrival.may_answer and not CUT.isdisjoint(arrival.warnings)
    }
    if not wanted:
        return
    query = select(_ROWS.c.id, _ROWS.c.requester_id).where(_ROWS.c.id.in_([number for number, _ in wanted]))
    theirs = [row.id for row in db.session.execute(query) if (row.id, row.requester_id) in wanted]
    automatic.send([Notice(number, CODE, automatic=True) for number in theirs], CODE, at)
