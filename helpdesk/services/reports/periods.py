"""Periods of a report: whole days of the body's zone, as moments in UTC, cut into days, weeks or months."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from helpdesk.errors import Invalid
from helpdesk.i18n import ZONE

LONGEST = timedelta(days=1_100)


class Step(StrEnum):
    """How finely a period is cut for a picture; the names are those of PostgreSQL's ``date_trunc``."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """From the beginning of ``first`` to the end of ``last``, both days included."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        """How finely it is cut, so that a picture has some dozens of points."""
        if self.days <= 45:
            return Step.DAY
        return Step.WEEK if self.days <= 250 else Step.MONTH

    def parts(self) -> list[date]:
        """The first day of each part, in order; the first part may begin before the period does."""
        found, here = [], _floor(self.first, self.step)
        while here <= self.last:
            found.append(here)
            here = _next(here, self.step)
        return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def _floor(day: date, step: Step) -> date:
    if step is Step.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day


def _next(day: date, step: Step) -> date:
    if step is Step.MONTH:
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if step is Step.WEEK else 1)


def last_days(days: int, now: datetime) -> Period:
    """So many days, today included."""
    today = now.astimezone(ZONE).date()
    return Period(today - timedelta(days=days - 1), today)


def read(first: str | None, last: str | None, now: datetime, days: int = 30) -> Period:
    """The period a reader asked for as ISO dates; raises Invalid that names the wrong one."""
    usual = last_days(days, now)
    end = _day("to", last) or usual.last
    begin = _day("from", first) or (end - timedelta(days=days - 1))
    if end < begin:
        raise Invalid("The period ends before it begins.", fields={"to": "a day not before the first"})
    if end - begin > LONGEST:
        raise Invalid("A period has three years at most.", fields={"from": "a later day"})
    return Period(begin, end)


def _day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid("A day looks like 2026-12-01.", fields={name: "a day as 2026-12-01"}) from None
    if not 2000 <= found.year <= 2200:
        raise Invalid("That day is out of reach.", fields={name: "a day between 2000 and 2200"})
    return found
