"""Periods of a report: whole days of the body's zone, as moments in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from helpdesk.errors import Invalid
from helpdesk.i18n import ZONE

LONGEST = timedelta(days=1_100)


@dataclass(frozen=True)
class Period:
    """From the beginning of ``first`` to the end of ``last``, both days included."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), ZONE).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), ZONE).astimezone(UTC)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def last_days(days: int, now: datetime) -> Period:
    """So many days, today included."""
    today = now.astimezone(ZONE).date()
    return Period(today - timedelta(days=days - 1), today)


def read(first: str | None, last: str | None, now: datetime, days: int = 30) -> Period:
    """The period a reader asked for as ISO dates; raises Invalid that names the wrong one."""
    usual = last_days(days, now)
    begin, end = _day("from", first) or usual.first, _day("to", last) or usual.last
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
