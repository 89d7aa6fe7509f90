"""Which facts of a journal start, pause, stop and withdraw each clock, and what the clock's row says then. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sla
from helpdesk import events
from helpdesk.services.journal import Recorded
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import ClockName
from sla import Reading, Signal, SignalKind

Translate = Callable[[Recorded, Collection[str]], SignalKind | None]


def _first_response(fact: Recorded, _: Collection[str]) -> SignalKind | None:
    match fact.event:
        case events.TicketOpened(by_staff=False, automatic=None):
            return SignalKind.START
        case events.ReplySent(automatic=None):
            return SignalKind.STOP
        case events.TicketResolved() | events.TicketCancelled():
            return SignalKind.WITHDRAW
    return None


def _resolution(fact: Recorded, pausing: Collection[str]) -> SignalKind | None:
    match fact.event:
        case events.TicketOpened(automatic=None):
            return SignalKind.START
        case events.StatusChanged() as moved:
            return sla.crossing(moved.previous, moved.status, pausing)
        case events.TicketResolved():
            return SignalKind.STOP
        case events.TicketReopened():
            return SignalKind.REOPEN
        case events.TicketCancelled():
            return SignalKind.WITHDRAW
    return None


CLOCKS: Mapping[ClockName, Translate] = {
    ClockName.FIRST_RESPONSE: _first_response,
    ClockName.RESOLUTION: _resolution,
}
"""Every clock, by what its facts mean to it."""

MOVING = (
    events.ReplySent,
    events.ReplyWithdrawn,
    events.StatusChanged,
    events.TicketResolved,
    events.TicketReopened,
    events.TicketCancelled,
    events.ClockRetargeted,
)
"""The facts after which clocks are read anew."""


@dataclass(frozen=True)
class Promise:
    """What is promised of a clock: the target of a policy's version, in the open time of a calendar's version.

    ``seconds`` and ``opening`` are the amount and the calendar it began with, where it was retargeted since.
    """

    clock: ClockName
    target: sla.Target
    policy: Version
    calendar: Version
    seconds: int
    opening: Version | None = None

    def signals(self, facts: Sequence[Recorded], versions: Callable[[int], Version]) -> list[Signal]:
        """The facts that this clock hears. ``versions`` finds a calendar by its id, for retargets."""
        undone = {fact.event.message_id for fact in facts if isinstance(fact.event, events.ReplyWithdrawn)}
        found = (self._signal(fact, undone, versions) for fact in facts)
        return [signal for signal in found if signal]

    def _signal(self, fact: Recorded, undone: Collection[int], versions: Callable[[int], Version]) -> Signal | None:
        event = fact.event
        if isinstance(event, events.ClockRetargeted) and event.clock == self.clock:
            calendar = versions(event.calendar_id).value
            amount = timedelta(seconds=event.target_seconds)
            return Signal(fact.at, SignalKind.RETARGET, amount, calendar, fact.type, str(fact.id))
        if isinstance(event, events.ReplySent) and event.message_id in undone:
            return None
        kind = CLOCKS[self.clock](fact, self.policy.value.pausing(self.clock))
        if kind is None:
            return None
        at = datetime.fromisoformat(event.received_at) if isinstance(event, events.TicketOpened) else fact.at
        return Signal(at, kind, why=_why(fact), ref=str(fact.id))

    def readings(
        self, facts: Sequence[Recorded], now: datetime, versions: Callable[[int], Version]
    ) -> tuple[Reading, ...]:
        """Every cycle as it stands now."""
        amount, calendar = timedelta(seconds=self.seconds), (self.opening or self.calendar).value
        return sla.read(self.signals(facts, versions), amount, calendar, now, self.policy.value.reopen)


def _why(fact: Recorded) -> str:
    reason = getattr(fact.event, "reason", None)
    return f"{fact.type}:{reason}" if reason else fact.type


def starts(name: ClockName, fact: Recorded) -> bool:
    """Whether opening the ticket starts that clock."""
    return CLOCKS[name](fact, ()) is SignalKind.START


def row(ticket_id: int, promise: Promise, reading: Reading, fired: Collection[str]) -> dict[str, Any]:
    """What the table of clocks keeps of a reading; amounts of a clock that runs are as of the reading."""
    due = sla.next_step(reading, promise.target.steps, fired)
    return {
        "ticket_id": ticket_id,
        "name": promise.clock.value,
        "cycle": reading.cycle,
        "state": reading.state.value,
        "started_at": reading.started_at,
        "due_at": reading.due_at,
        "paused_at": reading.paused_since,
        "stopped_at": reading.stopped_at,
        "target_seconds": _seconds(reading.target),
        "elapsed_seconds": _seconds(reading.elapsed),
        "paused_seconds": _seconds(reading.paused),
        "breached_at": reading.breached_at,
        "late_seconds": _seconds(reading.late),
        "retargeted_after_breach": reading.retargeted_after_breach,
        "next_step_at": due.at if due else None,
        "policy_id": promise.policy.id,
        "calendar_id": promise.calendar.id,
        "target_key": promise.target.key,
        "error": None,
    }


def _seconds(amount: timedelta) -> int:
    return int(amount.total_seconds())


@dataclass(frozen=True)
class Fresh:
    """The row of a clock just started, for many tickets with the same promise: the same as `row`, without a fold."""

    promise: Promise
    first_step: timedelta | None
    same: Mapping[str, Any]

    @classmethod
    def of(cls, promise: Promise) -> "Fresh":
        """Works out what does not depend on the ticket."""
        thresholds = [step.threshold(promise.target.amount) for step in promise.target.steps]
        start = [Signal(_ANY, SignalKind.START)]
        [reading] = sla.read(start, promise.target.amount, promise.calendar.value, _ANY)
        return cls(promise, min(thresholds, default=None), row(0, promise, reading, ()))

    def row(self, fact: Recorded, started_at: datetime) -> dict[str, Any] | None:
        """The row; None where it was due before it was known, so that it must be read like any other."""
        calendar = self.promise.calendar.value
        due_at = calendar.after(started_at, self.promise.target.amount)
        if due_at <= fact.at:
            return None
        elapsed = calendar.worked(started_at, fact.at) if started_at < fact.at else timedelta()
        return {
            **self.same,
            "ticket_id": fact.ticket_id,
            "started_at": started_at,
            "due_at": due_at,
            "elapsed_seconds": _seconds(elapsed),
            "next_step_at": None if self.first_step is None else calendar.after(started_at, self.first_step),
        }


_ANY = datetime(2026, 1, 1, tzinfo=UTC)
"""A moment to read a clock at that has only begun; which one makes no difference."""


@dataclass(frozen=True)
class Standing:
    """How a kept clock stands at a moment, without its journal."""

    state: str
    elapsed_seconds: int
    late_seconds: int


def standing(kept: Any, calendar: sla.Calendar, now: datetime) -> Standing:
    """Brings a row of the table of clocks to the moment: one that runs has gone on since it was written."""
    if kept.stopped_at is not None or kept.due_at is None or kept.paused_at is not None:
        return Standing(kept.state, kept.elapsed_seconds, kept.late_seconds)
    if kept.due_at > now:
        return Standing(kept.state, kept.target_seconds - _seconds(calendar.worked(now, kept.due_at)), 0)
    late = _seconds(calendar.worked(kept.due_at, now))
    return Standing(sla.ClockState.BREACHED, kept.target_seconds + late, late)
