"""A calendar's year as twelve small pictures: what each day is, and where it is drawn. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sla import Calendar

CELL = 20
"""Side of a day's field in the picture's units."""
WIDTH, HEIGHT = 7 * CELL, 6 * CELL


class DayKind(StrEnum):
    """What a day is to people who look at a year."""

    OPEN = "open"
    CLOSED = "closed"
    CLOSURE = "closure"
    SHORT = "short"
    OTHER = "other"


@dataclass(frozen=True)
class Cell:
    """A day and its field."""

    day: date
    kind: DayKind
    x: int
    y: int


@dataclass(frozen=True)
class Month:
    """A month: its days, how many are open, and for how long altogether."""

    first: date
    cells: Sequence[Cell]
    hours: float

    def count(self, kind: DayKind) -> int:
        """How many days are of a kind."""
        return sum(cell.kind is kind for cell in self.cells)

    @property
    def opened(self) -> int:
        """Days with any open time that begins on them."""
        return len(self.cells) - self.count(DayKind.CLOSED) - self.count(DayKind.CLOSURE)


def months(calendar: Calendar, year: int) -> list[Month]:
    """The twelve months of a year; weeks begin on Monday."""
    return [_month(calendar, date(year, month, 1)) for month in range(1, 13)]


def _month(calendar: Calendar, first: date) -> Month:
    after = (first + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=place) for place in range((after - first).days)]
    cells = [_cell(calendar, day, first.weekday()) for day in days]
    worked = calendar.worked(_midnight(first, calendar.tz), _midnight(after, calendar.tz))
    return Month(first, cells, worked.total_seconds() / 3600)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _cell(calendar: Calendar, day: date, begin: int) -> Cell:
    place = begin + day.day - 1
    return Cell(day, kind(calendar, day), place % 7 * CELL, place // 7 * CELL)


def kind(calendar: Calendar, day: date) -> DayKind:
    """What a day is: as every week, or a closure, a shorter day, or one with other hours."""
    usual, own = calendar.hours[day.weekday()], calendar.periods(day)
    if day not in {*calendar.holidays, *(special for special, _periods in calendar.special)}:
        return DayKind.OPEN if usual else DayKind.CLOSED
    if not own:
        return DayKind.CLOSURE
    if own == usual:
        return DayKind.OPEN
    return DayKind.SHORT if _length(own) < _length(usual) else DayKind.OTHER


def _length(periods: Sequence[tuple[int, int]]) -> int:
    return sum(closes - opens if closes > opens else closes + 86_400 - opens for opens, closes in periods)
