"""Who waits in the line may be called back instead and keep their place: rung when it comes to the head."""

from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db, unit
from helpdesk.errors import Stale
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, rulebook
from helpdesk.services.callbacks import rows
from helpdesk.services.callbacks.verbs import promise
from helpdesk.vocabulary import PromiseOrigin
from sla import Calendar

WITHIN = timedelta(hours=2)
"""Opening hours within which they are rung, however long the line is."""


@unit()
def keep_place(
    number: int, department_id: int | None, phone: str, since: datetime, origin: PromiseOrigin, *, at: datetime
) -> None:
    """The citizen of that request waits no longer and is rung when it would have been their turn.

    ``since`` is when they began to wait. Raises Stale where a call to that number is promised already.
    """
    rows.hold_number(phone)
    if rows.open_to(phone) is not None:
        raise Stale("A call to this number is promised already.", code="call-asked", fields={"phone": "promised"})
    place = catalogue.current().departments.get(department_id or 0)
    calendar: Calendar = rulebook.calendar_for(place.calendar_key if place else None).value
    begins = max(calendar.next_opening(at), at)
    ends = calendar.after(begins, WITHIN)
    promise(SYSTEM, number, begins, ends, phone=phone, origin=origin, place_since=since, at=at)


_AHEAD = text(
    """
    select count(*) from callback_promise
    where department_id is not distinct from :department and state = 'scheduled' and place_since < :since
      and begins_at <= :at
    """
)


def ahead(department_id: int | None, since: datetime, at: datetime) -> int:
    """How many who keep their place stand before somebody who has waited since then."""
    return int(db.session.execute(_AHEAD, {"department": department_id, "since": since, "at": at}).scalar_one())


def promised_to(phone: str) -> int | None:
    """The request in which a call to that number is promised; who asks again waits until another has asked."""
    rows.hold_number(phone)
    found = rows.open_to(phone)
    return int(found.ticket_id) if found is not None else None
