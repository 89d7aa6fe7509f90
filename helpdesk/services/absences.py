"""Who is away, from when to when, and who stands in; entered by themselves, by who leads them, by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from helpdesk import clock, i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.absences import Absence
from helpdesk.models.people import Staff
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, house
from helpdesk.services.catalogue import Colleague
from helpdesk.vocabulary import ActorKind, Handing, Role

LONGEST = timedelta(days=731)
_ROWS, _STAFF = table(Absence), table(Staff)


@dataclass(frozen=True)
class Leave:
    """An absence as it is entered: who, from when until (not including) when, who stands in, what becomes of cases."""

    person_id: int
    from_at: datetime
    until_at: datetime
    deputy_id: int | None = None
    handing: str = Handing.RETURN


def days(first: date, last: date) -> tuple[datetime, datetime]:
    """Whole days in the body's zone, both included, as the moments between which they lie."""
    end = last + timedelta(days=1)
    return datetime.combine(first, time(), i18n.ZONE), datetime.combine(end, time(), i18n.ZONE)


def may_enter(actor: Actor, person_id: int) -> bool:
    """Whether the actor may say when that person is away: themselves, who leads or supervises them, administrators."""
    if actor.kind is ActorKind.SYSTEM or actor.sees_all:
        return True
    person = catalogue.current().colleagues.get(person_id)
    if person is None or not actor.is_staff:
        return False
    if actor.id == person_id:
        return True
    over = actor.departments if actor.role is Role.SUPERVISOR else actor.leads
    return not over.isdisjoint(person.departments)


@unit()
def enter(actor: Actor, leave: Leave, *, at: datetime | None = None) -> int:
    """Says that somebody is away; the absence's id. Raises Forbidden, NotFound, and Invalid that names the fields."""
    moment = at or clock.now()
    _hold(actor, leave.person_id)
    _check(leave, moment)
    row = {
        "person_id": leave.person_id,
        "deputy_id": leave.deputy_id,
        "from_at": leave.from_at,
        "until_at": leave.until_at,
        "handing": leave.handing,
        "entered_by_id": actor.id,
        "entered_at": moment,
    }
    id_ = int(db.session.execute(insert(_ROWS).values(row).returning(_ROWS.c.id)).scalar_one())
    catalogue.changed(moment)
    house.record(actor, "made", "absence", id_, moment, {"person_id": [None, leave.person_id]})
    return id_


def _hold(actor: Actor, person_id: int) -> None:
    """Locks the person's row, so that two entries cannot overlap unseen; refuses who may not enter it."""
    held = select(_STAFF.c.active).where(_STAFF.c.person_id == person_id).with_for_update()
    if not db.session.execute(held).scalar():
        raise NotFound("Nobody of that id works here.")
    if not may_enter(actor, person_id):
        raise Forbidden("When somebody is away say they themselves, those who lead them, and administrators.")


def _check(leave: Leave, at: datetime) -> None:
    wrong: dict[str, str] = {}
    if leave.until_at <= max(leave.from_at, at):
        wrong["until_at"] = "The end lies after the beginning, and in the future."
    elif leave.until_at - leave.from_at > LONGEST:
        wrong["until_at"] = "At most two years."
    elif _overlaps(leave):
        wrong["from_at"] = "They are away at that time already."
    if leave.handing not in set(Handing):
        wrong["handing"] = "Choose one of the list."
    if leave.deputy_id is not None and leave.deputy_id not in {one.id for one in deputies(leave.person_id)}:
        wrong["deputy_id"] = "Choose somebody else who works here and knows the department."
    if wrong:
        raise Invalid("The absence cannot be entered like this.", fields=wrong)


def _overlaps(leave: Leave) -> bool:
    same = (_ROWS.c.person_id == leave.person_id, _ROWS.c.ended_at.is_(None))
    meets = (_ROWS.c.from_at < leave.until_at, _ROWS.c.until_at > leave.from_at)
    return db.session.execute(select(_ROWS.c.id).where(*same, *meets).limit(1)).first() is not None


def deputies(person_id: int) -> list[Colleague]:
    """Who can stand in for somebody: a colleague of one of their departments, or who answers for more than one."""
    person = catalogue.current().colleagues.get(person_id)
    places = set(person.departments) if person else set()
    return [
        one
        for one in catalogue.colleagues()
        if one.id != person_id and (one.role != Role.AGENT or not places or not places.isdisjoint(one.departments))
    ]


@unit()
def end(actor: Actor, absence_id: int, *, at: datetime | None = None) -> None:
    """Calls off one that has not begun; ends one that has, now. Raises Forbidden, NotFound, Stale where it is over."""
    moment = at or clock.now()
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == absence_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no such absence.")
    if not may_enter(actor, row.person_id):
        raise Forbidden("When somebody is away say they themselves, those who lead them, and administrators.")
    if row.ended_at is not None or row.until_at <= moment:
        raise Stale("That absence is over.", code="over")
    begun = row.begun_at is not None
    values = {"until_at": moment} if begun else {"ended_at": moment, "until_at": max(row.from_at, moment)}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == absence_id).values(values))
    catalogue.changed(moment)
    house.record(actor, "ended", "absence", absence_id, moment, {"person_id": [row.person_id, row.person_id]})


def away(at: datetime) -> Mapping[int, int | None]:
    """Who is away at that moment, with who stands in (None: nobody is named); one small statement at most."""
    return {row.person_id: row.deputy_id for row in catalogue.current().absences if row.from_at <= at < row.until_at}


def stand_in(person_id: int | None, gone: Mapping[int, int | None]) -> int | None:
    """Who is there in somebody's place: themselves, their deputy, the deputy's deputy …; None where all are away."""
    known, asked = catalogue.current().colleagues, set[int]()
    while person_id is not None and person_id not in asked:
        asked.add(person_id)
        person = known.get(person_id)
        if person is not None and person.active and person_id not in gone:
            return person_id
        person_id = gone.get(person_id)
    return None


def coming(actor: Actor, at: datetime) -> Sequence[Any]:
    """The absences that are not over and that the actor may enter or end, by their beginning."""
    return [row for row in catalogue.current().absences if row.until_at > at and may_enter(actor, row.person_id)]


def subordinates(actor: Actor) -> list[Colleague]:
    """For whom the actor may enter an absence, by name; the actor first."""
    found = [one for one in catalogue.colleagues() if may_enter(actor, one.id)]
    return sorted(found, key=lambda one: one.id != actor.id)
