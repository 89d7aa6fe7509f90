"""Closures out of an iCalendar file (RFC 5545): whole days with their names, and why the rest was left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import icalendar
import recurring_ical_events as recurring

from sla import repetition
from sla.holidays import Holiday
from sla.repetition import listed

LARGEST = 1_000_000
"""Bytes of a file; that of a country's holidays has some thousands."""
_MOST_EVENTS, _MOST_SERIES, _MOST_STEPS, _MOST_TIMES = 3_000, 200, 60_000, 5_000
"""Events of a file, those of them that repeat, their steps since they began, their times within the asked days."""
_EARLIEST, _LONGEST, _LONGEST_NAME = 1900, timedelta(days=366), 200
_BY_TIME = ("BYHOUR", "BYMINUTE", "BYSECOND")
_PARTS = frozenset(
    {
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "WKST",
        "BYMONTH",
        "BYMONTHDAY",
        "BYDAY",
        "BYSETPOS",
        "BYYEARDAY",
        "BYWEEKNO",
    }
)
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
"""What the libraries raise on files that nobody should have written."""


class Problem(StrEnum):
    """What is wrong with a whole file."""

    TOO_LARGE = "too-large"
    NO_CALENDAR = "no-calendar"
    TOO_MANY = "too-many"
    REPEATS = "repeats"


class UnreadableFile(ValueError):
    """No iCalendar file, or one that asks for more than any calendar of closures does."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Skip(StrEnum):
    """Why an event gave no closed day."""

    TIMED = "timed"
    CANCELLED = "cancelled"
    OUTSIDE = "outside"
    TOO_LONG = "too-long"
    TOO_OFTEN = "too-often"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Skipped:
    """An event that was left out; ``day`` is its first one, where it could be read."""

    name: str
    why: Skip
    day: date | None = None


@dataclass(frozen=True)
class Found:
    """Closed days in order, each once, and the events that gave none."""

    days: Sequence[Holiday]
    skipped: Sequence[Skipped]


def read(raw: bytes, first: date, last: date) -> Found:
    """The whole days that the events of a file cover from `first` to `last`, repeated ones too.

    Raises UnreadableFile; of an event that cannot be used only that event is left out.
    """
    if len(raw) > LARGEST:
        raise UnreadableFile(Problem.TOO_LARGE)
    try:
        events = [event for one in _calendars(raw) for event in one.walk("VEVENT")]
    except _BROKEN as why:
        raise UnreadableFile(Problem.NO_CALENDAR) from why
    if len(events) > _MOST_EVENTS:
        raise UnreadableFile(Problem.TOO_MANY)
    skipped = {place: Skipped(_name(event), reason, _day(event)) for place, event in enumerate(events)
               if (reason := _refused(event)) is not None}  # fmt: skip
    kept = [event for place, event in enumerate(events) if place not in skipped]
    _refuse_floods(kept, first, last)
    days, silent = _unfolded(kept, first, last)
    return Found(days, [*skipped.values(), *silent])


def _calendars(raw: bytes) -> list[Any]:
    found = icalendar.Calendar.from_ical(raw, multiple=True)
    if not any(one.name == "VCALENDAR" for one in found):
        raise ValueError("no VCALENDAR")
    if any(str(one.get("CALSCALE", "GREGORIAN")).upper() != "GREGORIAN" for one in found):
        raise ValueError("another calendar than the Gregorian")
    return list(found)


def _refused(event: Any) -> Skip | None:
    """Why an event cannot be used, before anything is made of its repetitions."""
    try:
        begins, ends = event.start, event.end
        rules = listed(event.get("RRULE"))
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            return Skip.CANCELLED
        if not _is_whole(begins, ends):
            return Skip.TIMED
        if begins.year < _EARLIEST or ends < begins:
            return Skip.UNREADABLE
        if ends - begins > _LONGEST:
            return Skip.TOO_LONG
        if not all(map(repetition.is_daily_at_most, rules)):
            return Skip.TOO_OFTEN
        return None if all(map(repetition.is_bounded, rules)) else Skip.UNREADABLE
    except (*_BROKEN, icalendar.InvalidCalendar):
        return Skip.UNREADABLE


def _is_whole(begins: Any, ends: Any) -> bool:
    """All-day events; Outlook writes them from midnight to midnight."""
    if isinstance(begins, datetime) and isinstance(ends, datetime):
        bare = (begins.time(), ends.time())
        return not any(at.hour or at.minute or at.second for at in bare) and ends.date() > begins.date()
    return not isinstance(begins, datetime) and not isinstance(ends, datetime)


def _refuse_floods(events: Sequence[Any], first: date, last: date) -> None:
    """Unfolding costs what the rules ask for, so what they ask for is summed up before."""
    rules = [(rule, event) for event in events for rule in listed(event.get("RRULE"))]
    dates = sum(len(listed(getattr(each, "dts", None))) for event in events for each in listed(event.get("RDATE")))
    years = last.year - first.year + 1
    price = sum(repetition.steps(rule, event.start, last) for rule, event in rules)
    given = dates + sum(repetition.times(rule, years) for rule, _event in rules)
    if len(rules) > _MOST_SERIES or price > _MOST_STEPS or given > _MOST_TIMES:
        raise UnreadableFile(Problem.REPEATS)


def _unfolded(events: Sequence[Any], first: date, last: date) -> tuple[list[Holiday], list[Skipped]]:
    """The days of all events, and those events that have none within the asked ones."""
    calendar = icalendar.Calendar()
    for event in events:
        calendar.add_component(event)
    found: dict[date, str] = {}
    seen: set[str] = set()
    try:
        query = recurring.of(calendar, skip_bad_series=True)
        for event in query.between(first, last + timedelta(days=1)):
            seen.add(_identity(event))
            for day in _days(event):
                if first <= day <= last:
                    found.setdefault(day, _name(event))
    except (*_BROKEN, icalendar.InvalidCalendar) as why:
        raise UnreadableFile(Problem.REPEATS) from why
    silent = [Skipped(_name(event), Skip.OUTSIDE, _day(event)) for event in events if _identity(event) not in seen]
    return [Holiday(day, name) for day, name in sorted(found.items())], silent


def _identity(event: Any) -> str:
    return str(event.get("UID", "")) or f"{event.get('DTSTART')}{_name(event)}"


def _days(event: Any) -> Iterator[date]:
    begins, ends = (at.date() if isinstance(at, datetime) else at for at in (event.start, event.end))
    for place in range(max(1, (ends - begins).days)):
        yield begins + timedelta(days=place)


def _name(event: Any) -> str:
    told = " ".join(str(next(iter(listed(event.get("SUMMARY"))), "")).split())
    return "".join(letter for letter in told if letter.isprintable())[:_LONGEST_NAME]


def _day(event: Any) -> date | None:
    try:
        at = event.start
    except (*_BROKEN, icalendar.InvalidCalendar):
        return None
    return at.date() if isinstance(at, datetime) else at
