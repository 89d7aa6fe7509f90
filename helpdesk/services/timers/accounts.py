"""The ledger of a ticket: every clock and cycle accounted for, by rows that add up, with its promises and its steps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sla
from helpdesk import clock, events
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import automatic, journal, scope
from helpdesk.services.clocks import Promise
from helpdesk.services.journal import Recorded
from helpdesk.services.rulebook import Version
from helpdesk.services.timers.readings import readings, terms
from helpdesk.vocabulary import ClockName
from sla.clock import ClockState, used_up
from sla.ledger import elapsed_at
from sla.ledger import rows as ledger_rows

_ANSWERED = (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE)
_Cycle = tuple[str, int]


class StepState(StrEnum):
    """Where a step stands."""

    FIRED = "fired"
    LATE = "late"  # fired, but after its moment: the scheduler was down or overloaded
    DUE = "due"  # its moment has come, the next tick does it
    TO_COME = "to-come"
    NEVER = "never"  # as things stand its moment does not come


@dataclass(frozen=True)
class Planned:
    """A step of a cycle: its moment as things stand, and when it was done; ``event`` is the fact that it was."""

    key: str
    do: str
    to: str
    state: StepState
    due_at: datetime | None
    fired_at: datetime | None
    late_seconds: int
    event: int | None


@dataclass(frozen=True)
class Changed:
    """Another target that applied from a moment on; ``application_id`` where an administrator applied it to many."""

    at: datetime
    event: int
    amount: timedelta
    policy: Version
    calendar: Version
    application_id: int | None


@dataclass(frozen=True)
class Answered:
    """The first word on the matter that went to the citizen; ``machine``: a programme said it."""

    at: datetime
    elapsed: timedelta
    machine: bool
    event: int | None


@dataclass(frozen=True)
class Account:
    """One cycle of one clock with the rows that add up to it and its steps.

    ``why`` its policy was chosen, see the event ClockStarted. ``answered`` is the other figure of a clock that only a
    human's word stops: the same with what machines sent.
    """

    clock: str
    reading: sla.Reading
    promise: Promise
    rows: tuple[sla.Row, ...]
    steps: tuple[Planned, ...]
    changes: tuple[Changed, ...]
    why: str = ""
    answered: Answered | None = None

    @property
    def policy(self) -> str:
        """The version of the policy that holds."""
        return self.promise.policy.name

    @property
    def calendar(self) -> str:
        """The version of the calendar it is measured in."""
        return self.promise.calendar.name


@dataclass(frozen=True)
class Ledger:
    """All accounts of a ticket as of a moment, and the facts that their rows point to, by number."""

    ticket: Ticket
    now: datetime
    accounts: Sequence[Account]
    facts: Mapping[int, Recorded]


def explain(actor: Actor, number: int, now: datetime | None = None) -> list[Account]:
    """Every account of a ticket; raises NotFound where the actor may not see it."""
    return list(ledger(actor, number, now).accounts)


def ledger(actor: Actor, number: int, now: datetime | None = None) -> Ledger:
    """The ledger of a ticket; raises NotFound where the actor may not see it."""
    ticket = scope.find(actor, number)
    moment, facts = now or clock.now(), journal.of(number)
    told = _Told.of(facts)
    accounts = [told.account(promise, reading, moment) for promise, reading in readings(facts, moment)]
    return Ledger(ticket, moment, accounts, {fact.id: fact for fact in facts if fact.id is not None})


@dataclass(frozen=True)
class _Told:
    """What the journal says beside the readings, by clock and cycle."""

    why: Mapping[_Cycle, str]
    changes: Mapping[_Cycle, Sequence[Changed]]
    fired: Mapping[_Cycle, Sequence[Recorded]]
    words: Sequence[Recorded]

    @classmethod
    def of(cls, facts: Collection[Recorded]) -> "_Told":
        why: dict[_Cycle, str] = {}
        changes: defaultdict[_Cycle, list[Changed]] = defaultdict(list)
        fired: defaultdict[_Cycle, list[Recorded]] = defaultdict(list)
        for fact in facts:
            match fact.event:
                case events.ClockStarted(clock=name, cycle=cycle, why=reason):
                    why[name, cycle] = reason
                case events.ClockRetargeted(clock=name, cycle=cycle):
                    changes[name, cycle].append(_changed(fact, fact.event))
                case events.ClockStepFired(clock=name, cycle=cycle):
                    fired[name, cycle].append(fact)
        return cls(why, changes, fired, _words(facts))

    def account(self, promise: Promise, reading: sla.Reading, now: datetime) -> Account:
        name, key = promise.clock.value, (promise.clock.value, reading.cycle)
        return Account(
            name,
            reading,
            promise,
            tuple(ledger_rows(reading, now)),
            tuple(_planned(promise, reading, self.fired.get(key, ()), now)),
            tuple(self.changes.get(key, ())),
            self.why.get(key) or self.why.get((name, 1), ""),
            self._answered(reading, now) if promise.clock in _ANSWERED else None,
        )

    def _answered(self, reading: sla.Reading, now: datetime) -> Answered | None:
        """The first word after the cycle began, up to its end or now."""
        until = reading.stopped_at or now
        for fact in self.words:
            if reading.started_at <= fact.at <= until:
                machine = getattr(fact.event, "automatic", None) is not None
                return Answered(fact.at, elapsed_at(reading, fact.at), machine, fact.id)
        return None


def _changed(fact: Recorded, event: events.ClockRetargeted) -> Changed:
    promise = terms(event)
    return Changed(fact.at, fact.id or 0, promise.amount, promise.policy, promise.calendar, event.application_id)


def _words(facts: Collection[Recorded]) -> list[Recorded]:
    """Everything that went to the citizen and was not taken back, but for what only says that it arrived."""
    undone = {fact.event.message_id for fact in facts if isinstance(fact.event, events.ReplyWithdrawn)}
    return [
        fact
        for fact in facts
        if (isinstance(fact.event, events.ReplySent) and _tells(fact.event, undone))
        or (isinstance(fact.event, events.CallBackDialled) and fact.event.outcome == "reached")
    ]


def _tells(event: events.ReplySent, undone: Collection[int]) -> bool:
    return event.message_id not in undone and event.automatic != automatic.RECEIPT


def _planned(promise: Promise, reading: sla.Reading, fired: Iterable[Recorded], now: datetime) -> list[Planned]:
    """The steps that were done, also under an earlier target, and those that the target has yet; in order of time."""
    done = [_done(fact, fact.event) for fact in fired if isinstance(fact.event, events.ClockStepFired)]
    keys = {step.key for step in done}
    yet = [_yet(step, reading, now) for step in promise.target.steps if step.key not in keys]
    return sorted((*done, *yet), key=lambda step: (step.due_at is None, step.due_at or now))


def _done(fact: Recorded, event: events.ClockStepFired) -> Planned:
    state = StepState.LATE if event.late_seconds else StepState.FIRED
    to = event.step.split(":", 2)[2] if event.step.count(":") > 1 else ""
    due_at = datetime.fromisoformat(event.due_at)
    return Planned(event.step, event.do, to, state, due_at, fact.at, event.late_seconds, fact.id)


def _yet(step: sla.Step, reading: sla.Reading, now: datetime) -> Planned:
    withdrawn = reading.state is ClockState.WITHDRAWN
    at = None if withdrawn else used_up(reading.stretches, step.threshold(reading.target))
    state = StepState.NEVER if at is None else StepState.DUE if at <= now else StepState.TO_COME
    return Planned(step.key, step.do.value, step.to, state, at, None, 0, None)
