"""Two questions about open time: how much passed, and when is so much used up."""

from datetime import datetime, timedelta
from typing import Protocol

from sla.near import Unrolled
from sla.zone import EPOCH

MICROSECOND = timedelta(microseconds=1)
NOTHING = timedelta()


class Opens(Protocol):
    """Whatever knows its open time as a table."""

    @property
    def table(self) -> Unrolled: ...


def worked(calendar: Opens, start: datetime, end: datetime) -> timedelta:
    """Open time from start to end, exact to the microsecond; zero when end <= start.

    Raises ValueError for a datetime without a zone.
    """
    try:
        since, until = start - EPOCH, end - EPOCH
    except TypeError:
        raise ValueError(f"{start!r} or {end!r} has no time zone") from None
    if until <= since:
        return NOTHING
    table = calendar.table
    try:
        return table.near.worked(since, until)
    except KeyError:
        begun, ended = moment(start), moment(end)
        table.widen(begun, ended)
        return timedelta(microseconds=table.worked(begun, ended))


def after(calendar: Opens, start: datetime, amount: timedelta) -> datetime:
    """The moment, in UTC, at which the amount of open time since start is used up.

    It is the first such moment: an amount used up at closing time ends there, not at the next opening.
    Raises ValueError for a datetime without a zone or a negative amount, NeverOpens after three silent years.
    """
    if amount <= NOTHING:
        return _at_once(start, amount)
    try:
        since = start - EPOCH
    except TypeError:
        raise ValueError(f"{start!r} has no time zone") from None
    table = calendar.table
    try:
        return EPOCH + table.near.after(since, amount)
    except KeyError:
        begun = moment(start)
        ended = table.after(begun, amount // MICROSECOND)
        table.widen(begun, ended)
        return instant(ended)


def _at_once(start: datetime, amount: timedelta) -> datetime:
    """The start itself, when there is nothing to use up."""
    if amount < NOTHING:
        raise ValueError("the amount of time must not be negative")
    return instant(moment(start))


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
