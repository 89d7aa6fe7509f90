"""The beginning and the end of an absence: open cases go to the deputy, and come back where that was chosen."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from helpdesk import clock
from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import HelpdeskError
from helpdesk.models.absences import Absence
from helpdesk.permissions import SYSTEM
from helpdesk.services import absences, catalogue
from helpdesk.services.handovers import letters, moving
from helpdesk.services.handovers.moving import Why
from helpdesk.services.hands import Hand, held
from helpdesk.vocabulary import Capacity, Handing

_ABSENCES = table(Absence)
ABSENCE, RETURNED = "absence", "returned"


def tick(now: datetime | None = None) -> int:
    """Ends the absences that are over and begins those that have come; how many. Two ticks share the work."""
    moment, done = now or clock.now(), 0
    while _end_one(moment):
        done += 1
    while _begin_one(moment):
        done += 1
    return done


def _next(*conditions: Any) -> Row[Any] | None:
    query = select(_ABSENCES).where(_ABSENCES.c.ended_at.is_(None), *conditions)
    return db.session.execute(
        query.order_by(_ABSENCES.c.from_at, _ABSENCES.c.id).limit(1).with_for_update(skip_locked=True)
    ).one_or_none()


@unit()
def _begin_one(now: datetime) -> bool:
    """All in one transaction, so that the letter tells exactly what was handed over."""
    row = _next(_ABSENCES.c.begun_at.is_(None), _ABSENCES.c.from_at <= now)
    if row is None:
        return False
    if row.until_at <= now:  # over before anybody looked
        _note(row, now, begun_at=now, ended_at=now)
        return True
    _note(row, now, begun_at=now)
    if row.handing != Handing.KEEP:
        _hand_over(row, now)
        letters.handed(row, moving.of_absence(row.id), now)
    return True


def _hand_over(row: Row[Any], now: datetime) -> None:
    deputy = absences.stand_in(row.deputy_id, absences.away(now))
    why, last = Why(row.person_id, ABSENCE, None if deputy == row.person_id else deputy, row.id), 0
    while numbers := moving.theirs([row.person_id], moving.OPEN, last):
        last = numbers[-1]
        for number in numbers:
            moving.hand_over(number, why, now)


@unit()
def _end_one(now: datetime) -> bool:
    row = _next(_ABSENCES.c.begun_at.is_not(None), _ABSENCES.c.until_at <= now)
    if row is None:
        return False
    _note(row, now, ended_at=now)
    if row.handing == Handing.RETURN and _works_here(row.person_id):
        handed = moving.of_absence(row.id)
        back = [one for one in handed if one.is_open and _bring_back(one, row, now)]
        letters.returned(row, back, [one for one in handed if one not in back], now)
    return True


def _works_here(person_id: int) -> bool:
    person = catalogue.current().colleagues.get(person_id)
    return person is not None and person.active


def _bring_back(one: Row[Any], row: Row[Any], now: datetime) -> bool:
    """Where it still is with whoever got it, or with who got it from them; somebody's own decision stands."""
    try:
        with savepoint(), held(SYSTEM, one.ticket_id, "assign", None, now) as hand:
            if row.person_id in (hand.ticket.complained_of or ()):
                return False
            if not hand.ticket.is_open or _holder(hand, one) not in _heirs(one):
                return False
            _give_back(hand, one, row)
    except HelpdeskError:
        return False
    returned = update(moving.ROWS).where(moving.ROWS.c.id == one.id).values(returned_at=now)
    db.session.execute(returned)
    return True


def _holder(hand: Hand, one: Row[Any]) -> int | None:
    return hand.ticket.owner_id if one.capacity == Capacity.OWNER else hand.ticket.assignee_id


def _heirs(one: Row[Any]) -> set[int | None]:
    """Who got it, and those to whom it went on because that one was away or left in turn."""
    rows = moving.ROWS.c
    later = select(rows.from_id, rows.to_id).where(
        rows.ticket_id == one.ticket_id, rows.capacity == one.capacity, rows.id > one.id
    )
    found: set[int | None] = {one.to_id}
    for step in db.session.execute(later.order_by(rows.id)):
        found |= {step.to_id} if step.from_id in found else set()
    return found


def _give_back(hand: Hand, one: Row[Any], row: Row[Any]) -> None:
    if one.capacity == Capacity.OWNER:
        moving.own(hand, row.person_id, RETURNED, row.id)
    else:
        moving.give(hand, row.person_id, RETURNED, row.id)


def _note(row: Row[Any], now: datetime, **values: Any) -> None:
    db.session.execute(update(_ABSENCES).where(_ABSENCES.c.id == row.id).values(values))
    catalogue.changed(now)
