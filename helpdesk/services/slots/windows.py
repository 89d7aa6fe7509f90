"""Which windows a department offers, and how many calls fit into each: opening hours, holidays, who is on shift."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.callbacks import CallbackSlot
from helpdesk.services import catalogue, rulebook
from helpdesk.services.catalogue import Colleague
from helpdesk.services.slots import settings
from helpdesk.services.slots.settings import CallbackRule
from sla import Calendar, NeverOpens, Span

_SLOTS = table(CallbackSlot)
MOST = 400
"""Windows that are looked at, at most."""


@dataclass(frozen=True)
class Window:
    """So many calls can still be promised between these moments."""

    begins_at: datetime
    ends_at: datetime
    capacity: int
    free: int


def cut(spans: Iterable[Span], length: timedelta, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Open time cut into windows of one length, counted from each opening; those that began before are left out.

    Moments are UTC, so that a day of 23 or 25 hours has as many windows as it has open hours. Pure.
    """
    for span in spans:
        begins = span.start
        while begins + length <= span.end:
            if begins >= since:
                yield begins, begins + length
            begins += length


def capacity(people: int, minutes: float, rule: CallbackRule) -> int:
    """How many calls so many people get done in so many minutes, giving a share of their time to it. Pure."""
    return int(people * minutes * rule.share_percent // (rule.handling_minutes * 100))


def offered(department_id: int, now: datetime, rule: CallbackRule | None = None) -> list[Window]:
    """The windows in which a call can be promised now, full ones left out, the earliest first."""
    return [one for one in windows(department_id, now, rule) if one.free > 0]


def windows(department_id: int, now: datetime, rule: CallbackRule | None = None) -> list[Window]:
    """All windows from the earliest that is not too near; reading makes no row."""
    rule = rule or settings.of(department_id)
    place = catalogue.current().departments.get(department_id)
    if place is None or not place.active or not rule.offered:
        return []
    since, until = now + timedelta(minutes=rule.notice_minutes), now + timedelta(days=rule.days_ahead)
    found = _within(department_id, rule, place.calendar_key, since, until)
    taken = _taken(department_id, since, until)
    crew = Crew.of(department_id, place.calendar_key, since, until)
    return [_window(begins, ends, crew, rule, taken.get(begins, 0)) for begins, ends in found]


def _within(
    department_id: int, rule: CallbackRule, key: str | None, since: datetime, until: datetime
) -> Sequence[tuple[datetime, datetime]]:
    try:
        calendar: Calendar = rulebook.calendar_for(key).value
        spans = list(calendar.spans(since - timedelta(days=1), until))
    except (NotFound, NeverOpens):
        return []
    return list(cut(_whole(spans, since), timedelta(minutes=rule.slot_minutes), since))[:MOST]


def _whole(spans: Sequence[Span], since: datetime) -> Sequence[Span]:
    """Where one span ends as the next begins they are one; what is always open is cut from midnight in UTC."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    if joined and joined[0].start == since - timedelta(days=1):
        joined[0] = Span(joined[0].start.replace(hour=0, minute=0, second=0, microsecond=0), joined[0].end)
    return joined


def _taken(department_id: int, since: datetime, until: datetime) -> dict[datetime, int]:
    query = select(_SLOTS.c.begins_at, (_SLOTS.c.booked + _SLOTS.c.held).label("taken")).where(
        _SLOTS.c.department_id == department_id, _SLOTS.c.begins_at >= since, _SLOTS.c.begins_at < until
    )
    return {row.begins_at: row.taken for row in db.session.execute(query)}


def _window(begins: datetime, ends: datetime, crew: "Crew", rule: CallbackRule, taken: int) -> Window:
    room = capacity(crew.on_shift(begins, ends), (ends - begins).total_seconds() / 60, rule)
    return Window(begins, ends, room, max(room - taken, 0))


def room(department_id: int, asked: Sequence[tuple[datetime, datetime]]) -> dict[datetime, int]:
    """How many calls people could make in these windows as things stand now, by their beginning; 0 where closed."""
    place = catalogue.current().departments.get(department_id)
    if place is None or not asked:
        return {begins: 0 for begins, _ends in asked}
    rule, since, until = settings.of(department_id), min(asked)[0], max(ends for _begins, ends in asked)
    crew, hours = Crew.of(department_id, place.calendar_key, since, until), _hours(place.calendar_key, since, until)
    return {
        begins: _window(begins, ends, crew, rule, 0).capacity if _covers(hours, begins, ends) else 0
        for begins, ends in asked
    }


def _covers(hours: Sequence[Span], begins: datetime, ends: datetime) -> bool:
    return any(span.start <= begins and ends <= span.end for span in hours)


@dataclass(frozen=True)
class Crew:
    """The people of a department over some days: their hours, and when they are away."""

    people: Sequence[Colleague]
    hours: Mapping[str | None, Sequence[Span]]
    away: Mapping[int, Sequence[tuple[datetime, datetime]]]

    @classmethod
    def of(cls, department_id: int, usual: str | None, since: datetime, until: datetime) -> "Crew":
        """Who works there and when they can be counted on; who has no hours of their own works the department's."""
        known = catalogue.current()
        people = [one for one in known.colleagues.values() if one.active and department_id in one.departments]
        keys = {one.calendar_key or usual for one in people}
        hours = {key: list(_hours(key, since, until + timedelta(days=1))) for key in keys}
        away: dict[int, list[tuple[datetime, datetime]]] = {}
        for row in known.absences:
            away.setdefault(row.person_id, []).append((row.from_at, row.until_at))
        return cls([replace(one, calendar_key=one.calendar_key or usual) for one in people], hours, away)

    def on_shift(self, begins: datetime, ends: datetime) -> int:
        """How many are there all of the time between."""
        return sum(self._is_there(one, begins, ends) for one in self.people)

    def _is_there(self, person: Colleague, begins: datetime, ends: datetime) -> bool:
        works = _covers(self.hours[person.calendar_key], begins, ends)
        return works and not any(gone < ends and back > begins for gone, back in self.away.get(person.id, ()))


def _hours(key: str | None, since: datetime, until: datetime) -> Sequence[Span]:
    try:
        calendar: Calendar = rulebook.calendar_for(key).value
        return _whole(list(calendar.spans(since - timedelta(days=1), until)), since)
    except (NotFound, NeverOpens):
        return []
