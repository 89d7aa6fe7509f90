"""When somebody who was not reached is rung again: soon, later, and in the other half of the next day. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla import Calendar

_NOON = time(13)
_AGAIN = time(9), time(15)
"""Where the halves of a day are tried, if it is open then."""


@dataclass(frozen=True)
class Pauses:
    """How long after the first attempt that failed, and after the second, somebody is rung again."""

    soon: timedelta = timedelta(minutes=10)
    later: timedelta = timedelta(hours=2)


USUAL = Pauses()


def again_at(calendar: Calendar, failed: int, first_at: datetime, at: datetime, pauses: Pauses = USUAL) -> datetime:
    """The moment of the next attempt after so many that failed, always inside the hours. Raises NeverOpens."""
    if failed <= 1:
        return calendar.next_opening(at + pauses.soon)
    if failed == 2:
        return calendar.next_opening(at + pauses.later)
    return _other_half(calendar, first_at, at)


def _other_half(calendar: Calendar, first_at: datetime, at: datetime) -> datetime:
    """On the next day that is open: in the afternoon for whom we rang in the morning first, and the other way round.

    Where that half is closed, whatever is open next.
    """
    zone = ZoneInfo(calendar.tz)
    tomorrow = datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone)
    day = calendar.next_opening(tomorrow).astimezone(zone).date()
    afternoon = first_at.astimezone(zone).time() < _NOON
    wished = datetime.combine(day, _AGAIN[afternoon], zone)
    if calendar.is_open(wished):
        return calendar.next_opening(wished)
    begin = datetime.combine(day, _NOON if afternoon else time(), zone)
    return calendar.next_opening(begin)
