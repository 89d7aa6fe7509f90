"""A clock of a ticket: what is promised, how it reads from the journal, and what its row says then. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import sla
from helpdesk import events
from helpdesk.services.journal import Recorded
from helpdesk.services.rulebook import Version
from helpdesk.services.signals import RENEWED, Life, status_after
from helpdesk.vocabulary import ClockName, Status
from sla import Reading, Reopening, Signal, SignalKind


@dataclass(frozen=True)
class Promise:
    """What is promised of a clock: the target of a policy's version, in the open time of a calendar's version.

    ``seconds`` is the amount, which the target's own is only as a rule (days of the law, the window of a call).
    """

    clock: ClockName
    target: sla.Target
    policy: Version
    calendar: Version
    seconds: int

    @property
    def amount(self) -> timedelta:
        """The time that is promised."""
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Terms:
    """A promise and the cycle from which on it holds."""

    cycle: int
    promise: Promise


TermsOf = Callable[[events.ClockStarted | events.ClockRetargeted], Promise]
"""Finds what a fact promises, by the versions it names."""


def readings(facts: Collection[Recorded], now: datetime, terms_of: TermsOf) -> list[tuple[Promise, Reading]]:
    """Every cycle of every clock of one journal as it stands now, each with what was promised when it ended."""
    life = Life.of(list(facts))
    names = dict.fromkeys(fact.event.clock for fact in facts if isinstance(fact.event, events.ClockStarted))
    return [pair for name in names for pair in _cycles(ClockName(name), life, now, terms_of)]


def _cycles(name: ClockName, life: Life, now: datetime, terms_of: TermsOf) -> Iterator[tuple[Promise, Reading]]:
    course = Course(name, terms_of)
    signals = list(course.signals(life))
    if not course.terms:
        return
    first, last = course.terms[0].promise, course.terms[-1].promise
    reopening = Reopening.CONTINUE if name in RENEWED else last.policy.value.reopen
    for reading in sla.read(signals, first.amount, first.calendar.value, now, reopening):
        yield course.promised(reading.cycle), reading


class Course:
    """One walk through a life for one clock: the signals it hears, under the terms that hold at each moment."""

    def __init__(self, name: ClockName, terms_of: TermsOf) -> None:
        self.terms: list[Terms] = []
        self._name, self._terms_of = name, terms_of
        self._status: str = Status.NEW
        self._paused = False

    def promised(self, cycle: int) -> Promise:
        """What was promised for that cycle: the last terms that were stated in it or before."""
        known = [terms.promise for terms in self.terms if terms.cycle <= cycle]
        return known[-1] if known else self.terms[0].promise

    def signals(self, life: Life) -> Iterator[Signal]:
        """What the clock hears, with pauses as the policy that holds at the moment says.

        The facts of one instant are one save: what they come to does not depend on how they were written.
        """
        for _, together in groupby(life.heard(self._name), key=lambda heard: heard[0].at):
            heard = list(together)
            for fact, kind in heard:
                yield from self._hear(fact, kind)
            self._status = status_after([fact.event for fact, _ in heard], self._status)
            yield from self._wait(heard[-1][0])

    def _hear(self, fact: Recorded, kind: SignalKind | None) -> Iterator[Signal]:
        if isinstance(fact.event, events.ClockStarted | events.ClockRetargeted):
            yield from self._take_terms(fact, fact.event)
        elif kind is not None:
            self._paused = self._paused and kind not in (SignalKind.STOP, SignalKind.WITHDRAW)
            yield Signal(_moment(fact), kind, why=_why(fact), ref=str(fact.id))

    def _take_terms(self, fact: Recorded, event: events.ClockStarted | events.ClockRetargeted) -> Iterator[Signal]:
        if event.clock != self._name:
            return
        promise = self._terms_of(event)
        started = isinstance(event, events.ClockStarted)
        self.terms.append(Terms(event.cycle, promise))
        if started and self._name not in RENEWED:
            return
        kind = SignalKind.RENEW if started else SignalKind.RETARGET
        yield Signal(_moment(fact), kind, promise.amount, promise.calendar.value, fact.type, str(fact.id))

    def _wait(self, fact: Recorded) -> Iterator[Signal]:
        """Pauses and resumes where the status, or the policy that says what it means, has changed."""
        if not self.terms:
            return
        pauses = self._status in self.terms[-1].promise.policy.value.pausing(self._name)
        if pauses != self._paused:
            self._paused = pauses
            kind = SignalKind.PAUSE if pauses else SignalKind.RESUME
            yield Signal(fact.at, kind, why=_why(fact), ref=str(fact.id))


def _moment(fact: Recorded) -> datetime:
    """When it counts from: a contact from its arrival, a clock from when it is said to run."""
    match fact.event:
        case events.TicketOpened(received_at=at):
            return datetime.fromisoformat(at)
        case events.ClockStarted(since=str(at)):
            return datetime.fromisoformat(at)
    return fact.at


def _why(fact: Recorded) -> str:
    reason = getattr(fact.event, "reason", None)
    return f"{fact.type}:{reason}" if reason else fact.type


def row(ticket_id: int, promise: Promise, reading: Reading, fired: Iterable[str]) -> dict[str, Any]:
    """What the table of clocks keeps of a reading; amounts of a clock that runs are as of the reading."""
    due = sla.next_step(reading, promise.target.steps, set(fired))
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
        thresholds = [step.threshold(promise.amount) for step in promise.target.steps]
        start = [Signal(_ANY, SignalKind.START)]
        [reading] = sla.read(start, promise.amount, promise.calendar.value, _ANY)
        return cls(promise, min(thresholds, default=None), row(0, promise, reading, ()))

    def row(self, fact: Recorded, started_at: datetime) -> dict[str, Any] | None:
        """The row; None where it was due before it was known, so that it must be read like any other."""
        calendar = self.promise.calendar.value
        due_at = calendar.after(started_at, self.promise.amount)
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
