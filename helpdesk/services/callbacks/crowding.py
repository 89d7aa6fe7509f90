"""People fall away, hours change: windows with more calls promised than can be made, and telling who supervises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select, update

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.models.callbacks import CallbackSlot
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, slots, summaries
from helpdesk.services.callbacks.rows import PROMISES
from helpdesk.services.scope import visible
from helpdesk.vocabulary import OPEN_PROMISES, Role

_SLOTS, _TICKETS = table(CallbackSlot), table(Ticket)
_OPEN = [state.value for state in OPEN_PROMISES]


@dataclass(frozen=True)
class Crowd:
    """A window in which more calls are promised than people there can make. ``told``: so many too many were known."""

    slot_id: int
    department_id: int
    begins_at: datetime
    ends_at: datetime
    booked: int
    capacity: int
    told: int = 0

    @property
    def over(self) -> int:
        """So many calls must be moved, or people found for them."""
        return max(self.booked - self.capacity, 0)


def crowds(now: datetime, department_id: int | None = None) -> list[Crowd]:
    """The windows to come, or running, that hold too much as things stand now; the earliest first."""
    return [one for one in _booked(now, department_id) if one.over]


def _booked(now: datetime, department_id: int | None = None) -> list[Crowd]:
    query = select(_SLOTS).where(_SLOTS.c.ends_at > now, (_SLOTS.c.booked > 0) | (_SLOTS.c.over_told > 0))
    if department_id is not None:
        query = query.where(_SLOTS.c.department_id == department_id)
    rows = db.session.execute(query.order_by(_SLOTS.c.department_id, _SLOTS.c.begins_at)).all()
    found: list[Crowd] = []
    for place, some in groupby(rows, key=lambda row: row.department_id):
        of_place = list(some)
        room = slots.room(place, [(row.begins_at, row.ends_at) for row in of_place])
        found += [_crowd(row, room[row.begins_at]) for row in of_place]
    return sorted(found, key=lambda one: (one.begins_at, one.slot_id))


def _crowd(row: Row[Any], capacity: int) -> Crowd:
    return Crowd(row.id, row.department_id, row.begins_at, row.ends_at, row.booked, capacity, row.over_told)


def promised_in(slot_ids: Sequence[int], actor: Actor | None = None) -> Sequence[Row[Any]]:
    """The calls that wait in these windows, who asked last first: they were promised when it was full already."""
    query = select(PROMISES, _TICKETS.c.subject, _TICKETS.c.language, _TICKETS.c.next_due_at)
    query = query.join(_TICKETS, _TICKETS.c.id == PROMISES.c.ticket_id).where(
        PROMISES.c.slot_id.in_(slot_ids), PROMISES.c.state.in_(_OPEN), PROMISES.c.first_dialled_at.is_(None)
    )
    if actor is not None:
        query = query.where(visible(actor))
    return db.session.execute(query.order_by(PROMISES.c.begins_at, PROMISES.c.id.desc())).all()


@unit()
def watch(now: datetime | None = None) -> int:
    """Tells the supervisors of a department of windows that hold more than before; how many windows those are."""
    at = now or clock.now()
    news, changed = [], []
    for one in _booked(at):
        if one.over != one.told:
            changed.append(one)
        if one.over > one.told:
            news.append(one)
    for one in changed:
        note = {"over_told": one.over, "capacity": one.capacity}
        db.session.execute(update(_SLOTS).where(_SLOTS.c.id == one.slot_id).values(note))
    for place in sorted({one.department_id for one in news}):
        _tell(place, [one for one in news if one.department_id == place], at)
    return len(news)


def _tell(department_id: int, full: Sequence[Crowd], at: datetime) -> None:
    rows = promised_in([one.slot_id for one in full])
    for person_id in _supervisors(department_id):
        summaries.send(
            person_id, "calls_crowded", rows, at, too_many=sum(one.over for one in full),
            windows=[(one.begins_at, one.ends_at, one.booked, one.capacity) for one in full],
        )  # fmt: skip


def _supervisors(department_id: int) -> list[int]:
    """Who leads it, or supervises in it."""
    return [
        one.id
        for one in catalogue.current().colleagues.values()
        if one.active
        and (department_id in one.leads or (one.role == Role.SUPERVISOR and department_id in one.departments))
    ]
