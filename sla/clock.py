"""Reads a clock: signals in, elapsed, due and state out, one reading a cycle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sla.calendar import Calendar
from sla.cycle import Activity, Cycle, Reopening, Signal, SignalKind, Stretch, fold

NOTHING = timedelta()


class ClockState(StrEnum):
    """Where a cycle stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    WITHDRAWN = "withdrawn"


class Missed(NamedTuple):
    """A deadline that had passed when the target was changed."""

    target: timedelta
    due_at: datetime
    retargeted_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One cycle of a clock as it stands at a moment; all amounts are open time of the target's calendar.

    `due_at` is the moment the target is used up: for a running clock if nothing more happens, for a breached one
    the moment that passed, for one that was met the moment it would have come; None while it is paused in time.
    A stop at the due moment is in time; a clock that still runs at it is breached.
    A breached clock that is paused afterwards stays breached and has `paused_since`.
    `late` is elapsed beyond the target: zero for a reply on a closed Saturday to what was due on Friday evening.
    """

    cycle: int
    state: ClockState
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    target: timedelta
    elapsed: timedelta
    paused: timedelta
    breached_at: datetime | None
    late: timedelta
    paused_since: datetime | None
    missed: tuple[Missed, ...]
    calendar: Calendar = field(repr=False)
    stretches: tuple[Stretch, ...] = field(repr=False)

    @property
    def retargeted_after_breach(self) -> int:
        """How often the target was changed after it had been missed."""
        return len(self.missed)

    @property
    def is_open(self) -> bool:
        """Not stopped and not withdrawn."""
        return self.stopped_at is None

    @property
    def is_running(self) -> bool:
        """Open and not paused, whether breached or not."""
        return self.is_open and self.paused_since is None

    @property
    def remaining(self) -> timedelta:
        """Open time left of the target; negative when it is exceeded."""
        return self.target - self.elapsed


def read(
    signals: Iterable[Signal],
    target: timedelta,
    calendar: Calendar,
    now: datetime,
    reopening: Reopening = Reopening.CONTINUE,
) -> tuple[Reading, ...]:
    """Every cycle of the clock as it stands now, in order; nothing before the first start.

    All signals count, whatever `now` is; for an earlier state hand in the signals up to then.
    Raises NeverOpens when a due moment is not to be found, ValueError for times without a zone.
    """
    cycles = fold(signals, target, calendar, reopening)
    return tuple(_reading(number, cycle, now) for number, cycle in enumerate(cycles, start=1))


def due_if_resumed(reading: Reading, now: datetime) -> datetime | None:
    """When a paused clock would be due if it ran again from now on; None for any other."""
    if reading.state is not ClockState.PAUSED:
        return None
    return reading.calendar.after(now, reading.remaining)


def crossing(before: str, after: str, pausing: Iterable[str]) -> SignalKind | None:
    """What a change of status category means to a clock that pauses in some of them."""
    paused = set(pausing)
    if (before in paused) == (after in paused):
        return None
    return SignalKind.PAUSE if after in paused else SignalKind.RESUME


def used_up(stretches: Sequence[Stretch], amount: timedelta) -> datetime | None:
    """The moment at which so much had elapsed or, if the clock runs on, will have; None when it does not get there.

    An amount used up exactly when the clock paused or stopped is not passed: a paused clock cannot breach.
    """
    left = amount
    for since, until, activity, calendar, _, _ in stretches:
        if activity is not Activity.RUNNING:
            continue
        if until is None:
            return calendar.after(since, left)
        spent = calendar.worked(since, until)
        if spent >= left and (due := calendar.after(since, left)) < until:
            return due
        left -= spent
    return None


def _reading(number: int, cycle: Cycle, now: datetime) -> Reading:
    stretches, last = cycle.stretches, cycle.stretches[-1]
    elapsed = _total(stretches, Activity.RUNNING, now)
    due = used_up(stretches, cycle.target)
    due_at = cycle.calendar.after(cycle.stopped_at, cycle.target - elapsed) if cycle.stopped_at and not due else due
    breached = due is not None and (last.activity is not Activity.RUNNING or due <= now)
    return Reading(
        cycle=number,
        state=_state(cycle, breached),
        started_at=cycle.started_at,
        due_at=due_at,
        stopped_at=cycle.stopped_at,
        target=cycle.target,
        elapsed=elapsed,
        paused=_total(stretches, Activity.PAUSED, now),
        breached_at=due if breached else None,
        late=max(elapsed - cycle.target, NOTHING),
        paused_since=last.since if last.activity is Activity.PAUSED else None,
        missed=_missed(cycle),
        calendar=cycle.calendar,
        stretches=tuple(stretches),
    )


def _state(cycle: Cycle, breached: bool) -> ClockState:
    if cycle.withdrawn:
        return ClockState.WITHDRAWN
    if breached:
        return ClockState.BREACHED
    if cycle.stopped_at:
        return ClockState.MET
    paused = cycle.stretches[-1].activity is Activity.PAUSED
    return ClockState.PAUSED if paused else ClockState.RUNNING


def _total(stretches: Iterable[Stretch], activity: Activity, now: datetime) -> timedelta:
    counted = (
        stretch.calendar.worked(stretch.since, stretch.until or now)
        for stretch in stretches
        if stretch.activity is activity
    )
    return sum(counted, NOTHING)


def _missed(cycle: Cycle) -> tuple[Missed, ...]:
    missed = []
    for at, target in cycle.retargets:
        before = [stretch for stretch in cycle.stretches if stretch.until and stretch.until <= at]
        if due := used_up(before, target):
            missed.append(Missed(target, due, at))
    return tuple(missed)
