"""A clock accounted for row by row, to the second."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sla.calendar import Calendar, Span
from sla.clock import NOTHING, Reading, read
from sla.cycle import Activity, Reopening, Signal, Stretch

_SECOND = timedelta(seconds=1)


class Row(NamedTuple):
    """What happened from `since` to `until`, how much open time of the calendar that was, and why.

    The `counted` of the running rows of a cycle add up to its elapsed time, those of the paused rows to its paused
    time. `why` and `ref` are those of the signal that began it.
    """

    cycle: int
    since: datetime
    until: datetime
    activity: Activity
    counted: timedelta
    why: str
    ref: str


def ledger(
    signals: Iterable[Signal],
    target: timedelta,
    calendar: Calendar,
    now: datetime,
    reopening: Reopening = Reopening.CONTINUE,
) -> tuple[Row, ...]:
    """Every row of every cycle up to now; see `clock.read` for the arguments."""
    readings = read(signals, target, calendar, now, reopening)
    return tuple(row for reading in readings for row in rows(reading, now))


def rows(reading: Reading, now: datetime) -> Iterator[Row]:
    """The rows of one cycle up to now; the time after its stop has none."""
    for stretch in reading.stretches:
        lasts = stretch.until is None
        if lasts and stretch.activity is Activity.STOPPED:
            continue
        yield from _rows(reading.cycle, stretch, stretch.until or max(now, stretch.since))


class Counted(NamedTuple):
    """A row in whole seconds, and what its activity (closed hours go with running) has come to in its cycle by then."""

    seconds: int
    total: int


def whole_seconds(rows: Iterable[Row]) -> Iterator[Counted]:
    """Rows in whole seconds that add up: the last total of an activity is that activity's time, fractions dropped.

    Each row is within a second of what it counted.
    """
    exact: defaultdict[tuple[int, bool], timedelta] = defaultdict(timedelta)
    for row in rows:
        key = row.cycle, row.activity is Activity.PAUSED
        before = exact[key]
        exact[key] += row.counted
        total = exact[key] // _SECOND
        yield Counted(total - before // _SECOND, total)


def elapsed_at(reading: Reading, at: datetime) -> timedelta:
    """How much of the clock's time had elapsed at a moment within its cycle."""
    running = (stretch for stretch in reading.stretches if stretch.activity is Activity.RUNNING)
    return sum((one.calendar.worked(one.since, min(one.until or at, at)) for one in running), NOTHING)


def _rows(cycle: int, stretch: Stretch, until: datetime) -> Iterator[Row]:
    if stretch.activity is Activity.RUNNING:
        yield from _running(cycle, stretch, until)
        return
    paused = stretch.activity is Activity.PAUSED
    counted = stretch.calendar.worked(stretch.since, until) if paused else NOTHING
    yield Row(cycle, stretch.since, until, stretch.activity, counted, stretch.why, stretch.ref)


def _running(cycle: int, stretch: Stretch, until: datetime) -> Iterator[Row]:
    at = stretch.since
    for span in _unbroken(stretch, until):
        if at < span.start:
            yield Row(cycle, at, span.start, Activity.CLOSED, NOTHING, stretch.why, stretch.ref)
        yield Row(cycle, span.start, span.end, Activity.RUNNING, span.end - span.start, stretch.why, stretch.ref)
        at = span.end
    if at < until:
        yield Row(cycle, at, until, Activity.CLOSED, NOTHING, stretch.why, stretch.ref)


def _unbroken(stretch: Stretch, until: datetime) -> Iterator[Span]:
    """The open spans of a stretch, pieces that touch put together."""
    held: Span | None = None
    for start, end in stretch.calendar.spans(stretch.since, until):
        if held and held.end == start:
            held = Span(held.start, end)
            continue
        if held:
            yield held
        held = Span(start, end)
    if held:
        yield held
