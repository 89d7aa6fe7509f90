"""Whether anybody can answer a chat: the calendar of a department, and who of it is there with room for one more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.services import assignment, catalogue, rulebook
from helpdesk.services.assignment import Room
from helpdesk.vocabulary import WorkKind
from sla import NeverOpens


@dataclass(frozen=True)
class Staffed:
    """How a department answers chats just now. ``free`` of those ``present`` could take one at once."""

    department_id: int
    open: bool
    present: int = 0
    free: int = 0

    @property
    def answers(self) -> bool:
        """Whether who waits here will be answered."""
        return self.open and self.present > 0

    @property
    def at_once(self) -> bool:
        """Whether somebody could begin now."""
        return self.open and self.free > 0


def of(department_id: int, at: datetime) -> Staffed:
    """One department; closed by the calendar, nobody is counted."""
    place = catalogue.current().departments.get(department_id)
    if place is None or not is_open(place.calendar_key, at):
        return Staffed(department_id, open=False)
    room: Room = assignment.room(department_id, WorkKind.CHAT, at)
    return Staffed(department_id, True, room.present, room.free)


def of_all(at: datetime) -> dict[int, Staffed]:
    """Every department, by id; one statement first tells whether anybody is there at all."""
    places = catalogue.departments()
    if not _anybody(at):
        return {one.id: Staffed(one.id, is_open(one.calendar_key, at)) for one in places}
    return {one.id: of(one.id, at) for one in places}


def answering(wanted: Sequence[int], at: datetime) -> list[Staffed]:
    """Those of these departments where somebody answers, who could begin at once first."""
    found = [one for one in (of(id_, at) for id_ in wanted) if one.answers]
    return sorted(found, key=lambda one: -one.free)


def is_open(calendar_key: str, at: datetime) -> bool:
    """Whether that calendar is open; a body without any has no hours yet."""
    try:
        return bool(rulebook.calendar_for(calendar_key).value.is_open(at))
    except (NotFound, NeverOpens):
        return False


def _anybody(at: datetime) -> bool:
    return bool(db.session.execute(_ANYBODY, {"since": at - assignment.FRESH}).scalar())


_ANYBODY = text(
    "select exists (select from presence where seen_at >= :since and state = 'available' and not 'chat' = any(without))"
)
