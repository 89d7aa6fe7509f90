"""Two questions about open time: how much passed, and when is so much used up."""

from datetime import datetime, timedelta
from typing import Protocol

from sla.table import Table
from sla.zone import EPOCH

MICROSECOND = timedelta(microseconds=1)
NOTHING = timedelta()


class Opens(Protocol):
    """Whatever knows its open time as a table."""

    @property
    def table(self) -> Table: ...


def worked(calendar: Opens, start: datetime, end: datetime) -> timedelta:
    """Open time from start to end, exact to the microsecond; zero when end <= start.

    Raises ValueError for a datetime without a zone.
    """
    return timedelta(microseconds=calendar.table.worked(moment(start), moment(end)))


def after(calendar: Opens, start: datetime, amount: timedelta) -> datetime:
    """The moment, in UTC, at which the amount of open time since start is used up.

    It is the first such moment: an amount used up at closing time ends there, not at the next opening.
    Raises ValueError for a datetime without a zone or a negative amount, NeverOpens after three silent years.
    """
    if amount < NOTHING:
        raise ValueError("the amount of time must not be negative")
    begun, micros = moment(start), amount // MICROSECOND
    return instant(calendar.table.after(begun, micros) if micros else begun)


def moment(at: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError(f"{at!r} has no time zone") from None
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(micros: int) -> datetime:
    """The UTC datetime of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)
