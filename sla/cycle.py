"""Signals folded into cycles: what a clock did from each start to its stop."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sla.calendar import Calendar


class SignalKind(StrEnum):
    """What can happen to a clock."""

    START = "start"  # begins a cycle; nothing while one is open
    RESTART = "restart"  # ends the open cycle, if any, and begins the next (each public reply, for `update`)
    RENEW = "renew"  # the same, with terms of its own (each stay at a department); a stop of that instant ends the next
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"  # the promised thing was done
    WITHDRAW = "withdraw"  # the promise lapsed (cancelled, merged, no reply needed); counts nowhere
    REOPEN = "reopen"  # goes on with the last cycle or begins the next, as the policy says
    RETARGET = "retarget"  # another target, another calendar, or both, for what runs and what comes


class Reopening(StrEnum):
    """What reopening does to a clock that had stopped."""

    CONTINUE = "continue"
    NEW_CYCLE = "new-cycle"


class Activity(StrEnum):
    """What a clock did during a stretch; `closed` is running while the calendar is closed."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Signal:
    """One fact about a clock. `ref` names the event it comes from, `why` its reason code; both end in the ledger.

    `target` and `calendar` are read where it renews or retargets.
    """

    at: datetime
    kind: SignalKind
    target: timedelta | None = None
    calendar: Calendar | None = None
    why: str = ""
    ref: str = ""


class Stretch(NamedTuple):
    """A time without change; `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    activity: Activity
    calendar: Calendar
    why: str
    ref: str


class Retarget(NamedTuple):
    """The target that held until `at`."""

    at: datetime
    target: timedelta


@dataclass(slots=True)
class Cycle:
    """One life of a clock, from its start to its stop, as it is put together."""

    started_at: datetime
    target: timedelta
    calendar: Calendar
    stretches: list[Stretch] = field(default_factory=list)
    retargets: list[Retarget] = field(default_factory=list)
    stopped_at: datetime | None = None
    withdrawn: bool = False

    @property
    def is_open(self) -> bool:
        return self.stopped_at is None

    def turn(self, activity: Activity, signal: Signal) -> None:
        """Ends the stretch that lasts and begins another."""
        if self.stretches:
            last = self.stretches.pop()
            if last.since < signal.at:
                self.stretches.append(last._replace(until=signal.at))
        self.stretches.append(Stretch(signal.at, None, activity, self.calendar, signal.why, signal.ref))

    def end(self, signal: Signal) -> None:
        """Stops or withdraws."""
        self.turn(Activity.STOPPED, signal)
        self.stopped_at = signal.at
        self.withdrawn = signal.kind is SignalKind.WITHDRAW

    def retarget(self, target: timedelta, calendar: Calendar, signal: Signal) -> None:
        """Changes what is promised; what elapsed and paused so far stays as it was counted."""
        if target == self.target and calendar == self.calendar:
            return
        self.retargets.append(Retarget(signal.at, self.target))
        self.target, self.calendar = target, calendar
        self.turn(self.stretches[-1].activity, signal)

    def reopen(self, activity: Activity, signal: Signal) -> None:
        """Goes on where it stopped; the time in between counts as neither running nor paused."""
        self.stopped_at, self.withdrawn = None, False
        self.turn(activity, signal)


class Fold:
    """Signals, instant by instant, into cycles.

    All signals of one instant are taken together, in an order of our own, so that it does not matter how a
    composite update (reply and set waiting in one save) wrote them.
    """

    def __init__(self, target: timedelta, calendar: Calendar, reopening: Reopening) -> None:
        self.cycles: list[Cycle] = []
        self._target = target
        self._calendar = calendar
        self._reopening = reopening
        self._waiting = False

    def take(self, batch: list[Signal]) -> None:
        """Takes in everything that happened at one instant."""
        by_kind = {signal.kind: signal for signal in _ranked(batch)}
        was_open = self._open() is not None
        self._wait(batch)
        self._renew(by_kind)
        self._begin(by_kind, was_open)
        for signal in _ranked(batch):
            if signal.kind is SignalKind.RETARGET:
                self._retarget(signal)
        self._restart(by_kind)
        self._pause(by_kind)
        self._end(by_kind)
        if was_open and SignalKind.REOPEN in by_kind:
            self._reopen(by_kind[SignalKind.REOPEN])

    def _open(self) -> Cycle | None:
        return self.cycles[-1] if self.cycles and self.cycles[-1].is_open else None

    def _wait(self, batch: list[Signal]) -> None:
        """Pauses and resumes of one instant cancel out; what is left over decides."""
        kinds = [signal.kind for signal in batch]
        net = kinds.count(SignalKind.PAUSE) - kinds.count(SignalKind.RESUME)
        ended = SignalKind.STOP in kinds or SignalKind.WITHDRAW in kinds
        self._waiting = net > 0 or (self._waiting and not net and not ended)

    def _renew(self, by_kind: dict[SignalKind, Signal]) -> None:
        if signal := by_kind.get(SignalKind.RENEW):
            if cycle := self._open():
                cycle.end(signal)
            self._take_terms(signal)
            self._start(signal)

    def _begin(self, by_kind: dict[SignalKind, Signal], was_open: bool) -> None:
        if not was_open and SignalKind.REOPEN in by_kind:
            self._reopen(by_kind[SignalKind.REOPEN])
        if SignalKind.START in by_kind and not self._open():
            self._start(by_kind[SignalKind.START])

    def _start(self, signal: Signal) -> None:
        cycle = Cycle(signal.at, self._target, self._calendar)
        cycle.turn(self._activity(), signal)
        self.cycles.append(cycle)

    def _activity(self) -> Activity:
        return Activity.PAUSED if self._waiting else Activity.RUNNING

    def _take_terms(self, signal: Signal) -> None:
        self._target = self._target if signal.target is None else signal.target
        self._calendar = signal.calendar or self._calendar

    def _retarget(self, signal: Signal) -> None:
        self._take_terms(signal)
        if cycle := self._open():
            cycle.retarget(self._target, self._calendar, signal)

    def _restart(self, by_kind: dict[SignalKind, Signal]) -> None:
        signal = by_kind.get(SignalKind.RESTART)
        if not signal or SignalKind.STOP in by_kind or SignalKind.WITHDRAW in by_kind:
            return
        if cycle := self._open():
            cycle.end(signal)
        self._start(signal)

    def _pause(self, by_kind: dict[SignalKind, Signal]) -> None:
        cycle, kind = self._open(), SignalKind.PAUSE if self._waiting else SignalKind.RESUME
        if cycle and kind in by_kind and cycle.stretches[-1].activity is not self._activity():
            cycle.turn(self._activity(), by_kind[kind])

    def _end(self, by_kind: dict[SignalKind, Signal]) -> None:
        signal = by_kind.get(SignalKind.STOP) or by_kind.get(SignalKind.WITHDRAW)
        if signal and (cycle := self._open()):
            cycle.end(signal)

    def _reopen(self, signal: Signal) -> None:
        if not self.cycles:
            return
        last = self.cycles[-1]
        if self._reopening is Reopening.NEW_CYCLE and not last.withdrawn:
            self._start(signal)
        else:
            last.reopen(self._activity(), signal)
            last.retarget(self._target, self._calendar, signal)


def fold(signals: Iterable[Signal], target: timedelta, calendar: Calendar, reopening: Reopening) -> list[Cycle]:
    """Every cycle of the clock, in order."""
    folded = Fold(target, calendar, reopening)
    for batch in _instants(signals):
        folded.take(batch)
    return folded.cycles


def _instants(signals: Iterable[Signal]) -> Iterator[list[Signal]]:
    for _, together in groupby(sorted(signals, key=attrgetter("at")), key=attrgetter("at")):
        yield list(together)


def _ranked(batch: list[Signal]) -> list[Signal]:
    """An order that does not depend on how they were written; among several of a kind the shortest target is last."""
    return batch if len(batch) == 1 else sorted(batch, key=_rank)


def _rank(signal: Signal) -> tuple[str, float, str, str, str]:
    target = -signal.target.total_seconds() if signal.target is not None else 0.0
    calendar = repr(signal.calendar) if signal.calendar else ""
    return signal.kind, target, calendar, signal.why, signal.ref
