"""Calls back by machine: the times that are free, asking for one, what is owed."""

from typing import Any

from helpdesk import clock
from helpdesk.errors import Invalid
from helpdesk.permissions import Actor
from helpdesk.services import asking_calls, callbacks, catalogue, slots
from helpdesk.services.asking_calls import Asked
from helpdesk.services.callbacks import supervising
from helpdesk.vocabulary import PromiseOrigin
from helpdesk.web.api.operations import operation
from helpdesk.web.api.shapes import callbacks as shapes


def _department(key: str) -> int:
    found = next((row.id for row in catalogue.departments() if row.key == key), None)
    if found is None:
        raise Invalid("There is no such department.", fields={"department": f"{key} is not known"})
    return int(found)


@operation("GET", "/departments/{key}/call-times", scope="read", answer=shapes.CallTimes)
def list_call_times(actor: Actor, key: str) -> shapes.CallTimes:
    """The windows in which that department can ring somebody."""
    found = slots.offered(_department(key), clock.now())
    return shapes.CallTimes(
        items=[shapes.CallTime(begins_at=one.begins_at, ends_at=one.ends_at, free=one.free) for one in found]
    )


@operation("GET", "/callbacks", scope="read", answer=shapes.Callbacks)
def list_callbacks(actor: Actor) -> shapes.Callbacks:
    """The calls that are owed on tickets the token's person sees, those at risk first."""
    return shapes.Callbacks(items=[_told(row) for row in supervising.owed(actor, clock.now())])


@operation("POST", "/callbacks", scope="write", answer=shapes.Callback, body=shapes.NewCallback, status=201)
def ask_for_callback(actor: Actor, given: shapes.NewCallback) -> shapes.Callback:
    """Opens a ticket with a promised call, or neither. 409 where the window is full or the number waits already."""
    asked = Asked(
        _department(given.department), given.begins_at, given.phone, given.name, given.about, given.email or "",
        given.language, origin=PromiseOrigin.API,
    )  # fmt: skip
    opened = asking_calls.ask(actor, asked)
    made = callbacks.standing(opened.number)
    assert made is not None
    return _told(made.promise)


def _told(row: Any) -> shapes.Callback:
    place = catalogue.current().departments.get(row.department_id or 0)
    return shapes.Callback(
        ticket=row.ticket_id, department=place.key if place else None, begins_at=row.begins_at, ends_at=row.ends_at,
        state=row.state, origin=row.origin, due_at=row.due_at, attempts=row.attempts,
        at_risk=getattr(row, "at_risk", False),
    )  # fmt: skip
