"""What opening hours mean, told the slow way: every minute is asked for its reading on the wall."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SILENCE = timedelta(days=3 * 366)


def is_open(data: dict[str, Any], zone: ZoneInfo, at: datetime) -> bool:
    """Whether the wall reading of that instant lies in a period of its date, or in one that began the day before."""
    local = at.astimezone(zone)
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    reading = (local.hour * 60 + local.minute) * 60 + local.second
    begun = any(opens <= reading and (reading < closes or closes < opens) for opens, closes in periods(data, today))
    return begun or any(closes < opens and reading < closes for opens, closes in periods(data, yesterday))


def _seconds(text: str) -> int:
    hours, minutes, *rest = map(int, text.split(":"))
    return (hours * 60 + minutes) * 60 + sum(rest)


def periods(data: dict[str, Any], day: date) -> list[tuple[int, ...]]:
    """The hours of a date in seconds: special beats holidays, holidays beat the week."""
    name = day.isoformat()
    hours = [] if name in data.get("holidays", ()) else data.get("hours", {}).get(DAYS[day.weekday()], [])
    return [tuple(map(_seconds, period)) for period in data.get("special", {}).get(name, hours)]


def openings(data: dict[str, Any], since: datetime, count: int, step: timedelta = MINUTE) -> list[bool]:
    """For each of so many minutes (or other steps) whether it is open."""
    zone = ZoneInfo(data["tz"])
    return [is_open(data, zone, since + at * step) for at in range(count)]


def worked(flags: Sequence[bool], start: int, end: int) -> int:
    """Open minutes among those from start up to end."""
    return sum(flags[start:end])


def after(flags: Sequence[bool], start: int, amount: int) -> int:
    """The first minute's edge at which so many open minutes have passed since start."""
    at = start
    while amount:
        amount -= flags[at]
        at += 1
    return at


def sparse_after(spans: Sequence[tuple[datetime, datetime]], start: datetime, amount: timedelta) -> datetime | None:
    """The same over a list of spans apart from each other; None when three years pass without an opening."""
    silent_since, left = start, amount
    for opens, closes in spans:
        begins = max(opens, start)
        if begins >= closes:
            continue
        if begins - silent_since > SILENCE:
            return None
        if closes - begins >= left:
            return begins + left
        left, silent_since = left - (closes - begins), closes
    return None


def utc(text: str) -> datetime:
    """A moment written without its zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
