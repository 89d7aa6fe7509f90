"""Calls back by machine: the times that are free, asking for one, what is owed."""

from dataclasses import asdict
from typing import Any

from helpdesk import clock
from helpdesk.errors import Invalid
from helpdesk.permissions import Actor
from helpdesk.services import asking_calls, callbacks, catalogue, slots
from helpdesk.services.asking_calls import Asked
from helpdesk.services.callbacks import crowding, supervising
from helpdesk.services.reports import periods
from helpdesk.vocabulary import PromiseOrigin
from helpdesk.web.api.operations import Query, operation
from helpdesk.web.api.reports import QUERIES
from helpdesk.web.api.shapes import callbacks as shapes
from helpdesk.web.api.shapes.words import KeyName


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


OWED = (
    Query("department", KeyName, "key of a department"),
    Query("at_risk", bool, "only those that may be missed, or were", False),
)


@operation("GET", "/callbacks", scope="read", answer=shapes.Callbacks, queries=OWED)
def list_callbacks(actor: Actor, department: str | None, at_risk: bool) -> shapes.Callbacks:
    """The calls that are owed on tickets the token's person sees, those at risk first."""
    place = _department(department) if department else None
    found = supervising.owed(actor, clock.now(), place)
    return shapes.Callbacks(items=[_told(row) for row in found if row.at_risk or not at_risk])


@operation("GET", "/callbacks/crowded", scope="read", answer=shapes.CrowdedTimes, queries=OWED[:1])
def list_crowded_times(actor: Actor, department: str | None) -> shapes.CrowdedTimes:
    """The windows in which more calls are promised than people can make now, with those tickets that the token's person
    sees. To move one: `POST /tickets/{number}/actions/move-call-back`."""
    found = crowding.crowds(clock.now(), _department(department) if department else None)
    rows = crowding.promised_in([one.slot_id for one in found], actor) if found else []
    return shapes.CrowdedTimes(
        items=[
            shapes.CrowdedTime(
                department=_key(one.department_id) or "", begins_at=one.begins_at, ends_at=one.ends_at,
                promised=one.booked, capacity=one.capacity,
                tickets=[row.ticket_id for row in rows if row.slot_id == one.slot_id],
            )
            for one in found
        ]
    )  # fmt: skip


@operation("GET", "/callbacks/figures", scope="read", answer=shapes.CallbackFigures, queries=QUERIES)
def read_callback_figures(actor: Actor, department: str | None, **days: str | None) -> shapes.CallbackFigures:
    """How well the promises of a period were kept, on tickets the token's person sees; thirty days without a period."""
    now = clock.now()
    period = periods.read(days["from"], days["to"], now)
    found = supervising.kept(actor, period.begin, min(period.end, now), _department(department) if department else None)
    told = asdict(found) | {"share_kept": found.share_kept, "reach_rate": found.reach_rate}
    return shapes.CallbackFigures(first=period.first, last=period.last, **told)


@operation("POST", "/callbacks", scope="write", answer=shapes.Callback, body=shapes.NewCallback, status=201)
def ask_for_callback(actor: Actor, given: shapes.NewCallback) -> shapes.Callback:
    """Opens a ticket with a promised call, or neither. 409 where the window is full or the number waits already."""
    asked = Asked(
        _department(given.department), given.begins_at, given.phone, given.name, given.about, given.email or "",
        given.language, origin=PromiseOrigin.API, way=given.way,
    )  # fmt: skip
    opened = asking_calls.ask(actor, asked)
    made = callbacks.standing(opened.number)
    assert made is not None
    return _told(made.promise)


def _told(row: Any) -> shapes.Callback:
    return shapes.Callback(
        ticket=row.ticket_id, department=_key(row.department_id), begins_at=row.begins_at, ends_at=row.ends_at,
        state=row.state, origin=row.origin, way=row.way, due_at=row.due_at, attempts=row.attempts,
        at_risk=getattr(row, "at_risk", False),
    )  # fmt: skip


def _key(department_id: int | None) -> str | None:
    place = catalogue.current().departments.get(department_id or 0)
    return str(place.key) if place else None
