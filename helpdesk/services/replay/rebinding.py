"""Open tickets under other versions: which promises change from now on, and what that comes to at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sla
from helpdesk import events
from helpdesk.permissions import SYSTEM
from helpdesk.services import rulebook
from helpdesk.services.clocks import Promise
from helpdesk.services.journal import Recorded
from helpdesk.services.replay.tickets import Told
from helpdesk.services.rulebook import Version
from helpdesk.services.timers import offers, retargeting
from helpdesk.services.timers.offers import Offer, Term
from helpdesk.services.timers.readings import Read, readings
from helpdesk.services.timers.retargeting import Movable
from helpdesk.vocabulary import Level, RulebookKind
from sla import AgreementKind, ClockState, Matrix

BY_MATRIX = frozenset({"matrix", "care"})
"""Why a ticket has its priority where the matrix gave it when it opened, perhaps for an urgency that was raised for the
sake of who asks; later it is the name of the matrix."""

Wanted = Callable[[Movable], Term | None]
"""What is to be promised instead; None leaves the promise as it is."""


@dataclass(frozen=True)
class Rebound:
    """A ticket with other promises: the facts that say so, what it had, and its clocks before and after."""

    told: Told
    facts: tuple[events.Event, ...]
    had: Mapping[str, Any]
    before: Read
    after: Read

    @property
    def breached(self) -> list[tuple[Promise, sla.Reading]]:
        """The cycles that are late at once."""
        was = {(promise.clock, reading.cycle): reading.state for promise, reading in self.before}
        return [
            (promise, reading)
            for promise, reading in self.after
            if reading.state is ClockState.BREACHED and was.get((promise.clock, reading.cycle)) != ClockState.BREACHED
        ]

    @property
    def late_before(self) -> int:
        """How many deadlines had been missed already when their target changed."""
        before, after = (
            sum(reading.retargeted_after_breach for _, reading in read) for read in (self.before, self.after)
        )
        return after - before


@dataclass(frozen=True)
class Versions:
    """The versions that are applied, over what is in force."""

    applied: Sequence[Version]
    offer: Offer = field(init=False)

    def __post_init__(self) -> None:
        policies = rulebook.all_in_force(RulebookKind.POLICY) | self._keyed(RulebookKind.POLICY)
        calendars = self._keyed(RulebookKind.CALENDAR)

        def calendar_of(key: str | None) -> Version:
            return calendars.get(key or rulebook.DEFAULT) or rulebook.calendar_for(key)

        object.__setattr__(self, "offer", Offer(policies, calendar_of))

    def _keyed(self, kind: RulebookKind) -> dict[str, Version]:
        return {one.key: one for one in self.applied if one.kind is kind}

    def matrix_for(self, kind: str) -> Version | None:
        """The matrix that is applied to tickets of that type; None where theirs stays."""
        applied, own = self._keyed(RulebookKind.MATRIX), rulebook.matrix_key(kind)
        if own in applied or own not in rulebook.all_in_force(RulebookKind.MATRIX):
            return applied.get(own) or applied.get(rulebook.DEFAULT)
        return None

    def rebound(self, told: Told, facts: Sequence[Recorded], now: datetime) -> Rebound | None:
        """The ticket under them; None where nothing changes."""
        moved = self._prioritised(told)
        policy = self._policy(moved)

        def wanted(one: Movable) -> Term | None:
            return self._wanted(one, moved, policy)

        anew = replace(moved, policy_id=policy.id if policy else moved.policy_id)
        return rebound(told, anew, facts, wanted, now)

    def _prioritised(self, told: Told) -> Told:
        """By the matrix that is applied, unless a rule or a person chose the priority."""
        applied = self.matrix_for(told.type)
        if applied is None or not _is_derived(told.priority_reason):
            return told
        matrix: Matrix = applied.value
        priority = matrix.priority(Level(told.impact), Level(told.urgency))  # type: ignore[arg-type]
        if priority.value == told.priority:
            return told
        return replace(told, priority=priority.value, priority_reason=applied.name, matrix_id=applied.id)

    def _policy(self, told: Told) -> Version | None:
        """The ticket's policy from now on: chosen anew where one that is applied has to do with it."""
        own = rulebook.version(told.policy_id) if told.policy_id else None
        choice, keys = self.offer.choose(offers.scope(told.scoped)), self._keyed(RulebookKind.POLICY)
        if choice and (choice.key in keys or (own and own.key in keys)):
            return self.offer.policies[choice.key]
        return own

    def _wanted(self, one: Movable, told: Told, policy: Version | None) -> Term | None:
        promise = one.promise
        holds = self._keyed(RulebookKind.POLICY).get(promise.policy.key, promise.policy)
        if promise.policy.value.kind is AgreementKind.SLA and policy is not None:
            holds = policy
        term = self.offer.term(promise.clock, holds, offers.scope(told.scoped), told.calendar_key)
        if term is None:
            return None
        kept = term.calendar.key == promise.calendar.key and term.calendar not in self.applied
        return replace(term, calendar=promise.calendar) if kept else term


def _is_derived(reason: str) -> bool:
    """Whether the matrix gave a ticket its priority, at its opening or later by a version of its name."""
    return reason in BY_MATRIX or reason.partition("@")[0] in rulebook.MATRICES


def taken_back(
    told: Told, facts: Sequence[Recorded], had: Mapping[str, Any], applied: Sequence[int], now: datetime
) -> Rebound | None:
    """The ticket under the versions it had before some were applied; clocks that moved on to others stay there."""
    earlier = replace(told, policy_id=had["policy_id"])
    if "priority" in had and told.matrix_id in applied and _is_derived(told.priority_reason):
        earlier = replace(earlier, **had["priority"])
    offer = offers.current()

    def wanted(one: Movable) -> Term | None:
        pair = had["clocks"].get(one.promise.clock.value)
        if pair is None or not {one.promise.policy.id, one.promise.calendar.id} & {*applied, *had["to"]}:
            return None
        policy, calendar = map(rulebook.version, pair)
        term = offer.term(one.promise.clock, policy, offers.scope(earlier.scoped), earlier.calendar_key)
        if term is None:
            return None
        held = (calendar, *([one.promise.calendar] if one.promise.calendar.id not in applied else []))
        return replace(term, calendar=next((one for one in held if one.key == term.calendar.key), term.calendar))

    return rebound(told, earlier, facts, wanted, now)


def rebound(told: Told, anew: Told, facts: Sequence[Recorded], wanted: Wanted, now: datetime) -> Rebound | None:
    """What is to be stated so that the ticket is ``anew`` and its clocks promise what is wanted."""
    made: list[events.Event] = []
    clocks: dict[str, list[int]] = {}
    given: set[int] = set()
    for one in retargeting.movable(facts, now):
        term, promise = wanted(one), one.promise
        if term is None or _same(term, promise):
            continue
        made.append(retargeting.retargeted(term, one.cycle, one.since, retargeting.extended(facts)))
        clocks[promise.clock.value] = [promise.policy.id, promise.calendar.id]
        given |= {term.policy.id, term.calendar.id}
    had: dict[str, Any] = {"policy_id": told.policy_id, "clocks": clocks, "to": sorted(given)}
    if anew.priority != told.priority:
        made.insert(0, _prioritised(told, anew))
        had["priority"] = {name: getattr(told, name) for name in ("priority", "priority_reason", "matrix_id")}
    if not made and anew.policy_id == told.policy_id:
        return None
    stated = [Recorded(told.id, now, SYSTEM.kind.value, None, event) for event in made]
    return Rebound(anew, tuple(made), had, readings(facts, now), readings([*facts, *stated], now))


def _same(term: Term, promise: Promise) -> bool:
    held = (promise.target, promise.policy.id, promise.calendar.id)
    return (term.target, term.policy.id, term.calendar.id) == held


def _prioritised(told: Told, anew: Told) -> events.TicketClassified:
    return events.TicketClassified(
        told.type, anew.priority, told.impact, told.urgency, told.service_id, told.category_id,
        previous={"priority": told.priority}, reason="applied",
    )  # fmt: skip
