"""Open time beside two libraries that do the same work: how long one computation takes, and that all agree.

A week of Monday to Friday, 09:00 to 17:00, with ten holidays a year. The table of a calendar is warm, as it is in a
worker; a row says what the first computation costs. Peers that know no zone are given times on the wall.
"""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from importlib.metadata import version
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz
from business_duration import businessDuration

from sla import Calendar
from sla import holidays as proposals

Row = dict[str, Any]
ZONE = "Europe/Athens"
DAYS = ("mon", "tue", "wed", "thu", "fri")
HOLIDAYS = sorted({one.day for one in proposals.propose("GR", range(2020, 2031))})
FORM: dict[str, Any] = {
    "tz": ZONE,
    "hours": {day: [["09:00", "17:00"]] for day in DAYS},
    "holidays": [day.isoformat() for day in HOLIDAYS],
}
CASES, RUNS = 200, 7
TIMES_FASTER = {"a day": 10.0, "a month": 100.0, "a year": 100.0}
"""At least so many times faster than each peer over each span; measured in the same run."""

FLAT = 1.5
"""From a day to three years one computation may take so many times as long."""

LENGTHS = {"a day": timedelta(days=1), "a month": timedelta(days=30), "a year": timedelta(days=365)}
AMOUNTS = {"a day": timedelta(hours=8), "a month": timedelta(hours=170), "a year": timedelta(hours=2000)}
"""Open time that takes about so long to pass."""


def run() -> list[Row]:
    """One row a task, with each peer that can do it; then growth and the first computation."""
    calendar, starts = Calendar.from_dict(FORM), _starts()
    rows = [_between(calendar, starts, name, length) for name, length in LENGTHS.items()]
    rows += [_onwards(calendar, starts, name, amount) for name, amount in AMOUNTS.items()]
    return [*rows, *_growth(calendar, starts), _first(starts)]


def _starts() -> list[datetime]:
    """Moments on the wall of four years, always the same ones."""
    chance = Random(1)
    first = datetime(2022, 1, 1, tzinfo=UTC)
    return [first + timedelta(minutes=chance.randrange(4 * 365 * 1440)) for _ in range(CASES)]


def _between(calendar: Calendar, starts: Sequence[datetime], name: str, length: timedelta) -> Row:
    ours = _measured(lambda at: calendar.worked(at, at + length), starts)
    rules = _rules()
    theirs = _measured(lambda at: rules.difference(at, at + length).timedelta, starts[:20])
    zone = ZoneInfo(ZONE)
    pandas = _measured(lambda at: _duration(at.astimezone(zone), (at + length).astimezone(zone)), starts[:20])
    agree = f"{_alike(ours, theirs)} and {_alike(ours, pandas)} of 20"
    figures = _figures(TIMES_FASTER[name], ours, businesstimedelta=theirs, business_duration=pandas)
    return {"task": f"worked over {name}"} | figures | {"agree": agree}


def _onwards(calendar: Calendar, starts: Sequence[datetime], name: str, amount: timedelta) -> Row:
    rules = _rules()
    ours = _measured(lambda at: calendar.after(at, amount), starts)
    theirs = _measured(lambda at: at + businesstimedelta.BusinessTimeDelta(rules, timedelta=amount), starts[:20])
    figures = _figures(TIMES_FASTER[name], ours, businesstimedelta=theirs)
    return {"task": f"after {name} of work"} | figures | {"agree": f"{_alike(ours, theirs)} of 20"}


def _rules() -> Any:
    zone = pytz.timezone(ZONE)
    week = businesstimedelta.WorkDayRule(start_time=wall(9), end_time=wall(17), working_days=[0, 1, 2, 3, 4], tz=zone)
    return businesstimedelta.Rules([week, businesstimedelta.HolidayRule(set(HOLIDAYS), tz=zone)])


def _duration(start: datetime, end: datetime) -> timedelta:
    seconds = businessDuration(
        start.replace(tzinfo=None), end.replace(tzinfo=None), wall(9), wall(17), holidaylist=HOLIDAYS, unit="sec"
    )
    return timedelta(seconds=float(seconds))


def _growth(calendar: Calendar, starts: Sequence[datetime]) -> list[Row]:
    """A thousand times the interval must cost about the same."""
    day, years, hours = timedelta(days=1), timedelta(days=3 * 365), timedelta(hours=6000)
    tasks: dict[str, tuple[Callable[[datetime], object], Callable[[datetime], object]]] = {
        "worked": (lambda at: calendar.worked(at, at + day), lambda at: calendar.worked(at, at + years)),
        "after": (lambda at: calendar.after(at, timedelta(hours=8)), lambda at: calendar.after(at, hours)),
    }
    return [_grown(name, _measured(short, starts), _measured(long, starts)) for name, (short, long) in tasks.items()]


def _grown(name: str, short: "_Measured", long: "_Measured") -> Row:
    growth = statistics.median(long.taken) / statistics.median(short.taken)
    budget = "met" if growth <= FLAT else "missed"
    return {"task": f"{name}: three years to a day"} | _figures(0, long) | {"ratio": growth, "budget": budget}


def _first(starts: Sequence[datetime]) -> Row:
    """A calendar nobody has asked before: the table of about three months is made."""

    def ask(at: datetime) -> object:
        dated = FORM["holidays"] + [(date(1971, 1, 1) + timedelta(days=next(fresh))).isoformat()]
        return Calendar.from_dict(FORM | {"holidays": dated}).worked(at, at + timedelta(days=1))

    fresh = iter(range(100_000))
    return {"task": "a new calendar, first asked"} | _figures(0, _measured(ask, starts))


class _Measured:
    """What each input takes in microseconds, the best of several runs, and what came out."""

    def __init__(self, taken: list[float], found: list[Any]) -> None:
        self.taken, self.found = taken, found


def _measured(do: Callable[[datetime], object], inputs: Sequence[datetime]) -> _Measured:
    found = [do(one) for one in inputs]
    gc.collect()
    gc.disable()
    taken = [min(_once(do, one) for _ in range(RUNS)) for one in inputs]
    gc.enable()
    return _Measured(taken, found)


def _once(do: Callable[[datetime], object], given: datetime) -> float:
    begun = time.perf_counter()
    do(given)
    return (time.perf_counter() - begun) * 1e6


def _alike(ours: _Measured, theirs: _Measured) -> int:
    return sum(one == other for one, other in zip(ours.found, theirs.found, strict=False))


def _figures(times_faster: float, ours: _Measured, **peers: _Measured) -> Row:
    row: Row = {"median_us": statistics.median(ours.taken), "p95_us": statistics.quantiles(ours.taken, n=20)[-1]}
    ratios = []
    for name, peer in peers.items():
        row[f"{name}_us"] = statistics.median(peer.taken)
        ratios.append(row[f"{name}_us"] / row["median_us"])
    if ratios:
        row |= {"ratio": min(ratios), "budget": "met" if min(ratios) >= times_faster else "missed"}
        row |= {"peers": " ".join(version(name.replace("_", "-")) for name in peers)}
    return row
