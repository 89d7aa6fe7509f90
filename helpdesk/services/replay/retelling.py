"""The journal of a ticket retold: the same deeds at the same moments, with the promises of another rulebook."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from helpdesk import events
from helpdesk.permissions import SYSTEM
from helpdesk.services import rulebook
from helpdesk.services.journal import Recorded
from helpdesk.services.replay.tickets import Told
from helpdesk.services.replay.waits import shortened
from helpdesk.services.replay.worlds import Worlds
from helpdesk.services.timers import offers, promises, rebinding, renewals, retargeting
from helpdesk.services.timers.offers import Offer
from helpdesk.vocabulary import ClockName, Level
from sla import AgreementKind, Matrix
from sla.scope import YES

_TERMS = (events.ClockStarted, events.ClockRetargeted)
_REBINDS = (events.MajorDeclared, events.MajorRevoked)
_MOVES = (events.TicketClassified, events.TicketReopened, events.TicketTransferred)


def retold(facts: Sequence[Recorded], told: Told, worlds: Worlds, now: datetime) -> list[Recorded]:
    """The journal as it would read: promises are made anew, and all that people did stays as it was."""
    if worlds.waiting is not None:
        facts = shortened(facts, told, worlds, now)
    telling = Telling(told, worlds)
    for at, together in groupby(facts, key=lambda fact: fact.at):
        telling.hear(at, list(together))
    return telling.facts


class Telling:
    """One walk through a life. The facts of one instant are one save, and what follows from them follows once."""

    def __init__(self, told: Told, worlds: Worlds) -> None:
        self.facts: list[Recorded] = []
        self._told, self._worlds = told, worlds
        self._by_hand = False

    def hear(self, at: datetime, together: Sequence[Recorded]) -> None:
        """Takes in what happened at an instant, with the promises that follow."""
        old = [fact.event for fact in together if isinstance(fact.event, _TERMS)]
        deeds = [fact for fact in together if not isinstance(fact.event, _TERMS)]
        offer = self._worlds.offer(at, _named(old))
        for fact in deeds:
            self._move(fact, at)
            self.facts.append(fact)
            if isinstance(fact.event, events.TicketOpened):
                self._open(fact, offer)
        self._follow(deeds, old, at, offer)

    def _state(self, at: datetime, made: Iterable[events.Event]) -> None:
        stated = [Recorded(self._told.id, at, SYSTEM.kind.value, None, event) for event in made]
        self.facts += stated

    def _move(self, fact: Recorded, at: datetime) -> None:
        """What the ticket is after the fact."""
        match fact.event:
            case events.TicketOpened() if (matrix := self._worlds.tried_matrix(self._told.type)) is not None:
                self._told = replace(self._told, priority=self._derived(matrix, at))
            case events.TicketTransferred(department_id=place):
                self._told = replace(self._told, department_id=place)
            case events.SupplierEngaged(supplier_id=engaged):
                self._told = replace(self._told, supplier_id=engaged)
            case events.SupplierAnswered():
                self._told = replace(self._told, supplier_id=None)
            case events.MajorDeclared():
                self._told = replace(self._told, major=YES)
            case events.MajorRevoked():
                self._told = replace(self._told, major="")
            case events.TicketClassified() as classified:
                self._classify(classified)

    def _derived(self, matrix: Matrix, at: datetime) -> str:
        """What the matrix says; what a rule or a person chose against the one of its time stays chosen."""
        told = self._told
        self._by_hand = _priority(self._worlds.matrix_of(at, told.type), told) != told.priority
        return told.priority if self._by_hand else _priority(matrix, told)

    def _classify(self, fact: events.TicketClassified) -> None:
        matrix = self._worlds.tried_matrix(fact.ticket_type)
        self._told = replace(
            self._told, type=fact.ticket_type, service_id=fact.service_id, impact=fact.impact, urgency=fact.urgency
        )
        if fact.overridden or {"impact", "urgency"} & fact.previous.keys():
            self._by_hand = fact.overridden
        kept = fact.priority if matrix is None or self._by_hand else _priority(matrix, self._told)
        self._told = replace(self._told, priority=kept)

    def _open(self, fact: Recorded, offer: Offer) -> None:
        for offered in offer.to(self._told.scoped):
            term = offered.term
            if not promises.owed(term.clock, fact, self._told.scoped):
                continue
            if term.policy.value.kind is AgreementKind.SLA:
                self._told = replace(self._told, policy_id=term.policy.id)
            self._state(fact.at, [promises.set_at_opening(term, fact)])

    def _follow(self, deeds: Sequence[Recorded], old: Sequence[events.Event], at: datetime, offer: Offer) -> None:
        """What the reactions of the journal do, in their order."""
        for fact in deeds:
            if type(fact.event) in renewals.BEGINNINGS:
                self._state(at, renewals.begun(renewals.Case(self._told, self.facts, fact, offer)))
            if isinstance(fact.event, _REBINDS):
                self._state(at, rebinding.rebound(self._told.scoped, tuple(self.facts), fact, offer))
        if any(isinstance(fact.event, _MOVES) for fact in deeds):
            self._state(at, retargeting.moved(self._told.scoped, tuple(self.facts), at, offer))
        if any(isinstance(fact.event, events.DeadlineExtended) for fact in deeds):
            self._state(at, retargeting.prolonged(tuple(self.facts), at))
        if applied := [one for one in old if isinstance(one, events.ClockRetargeted) and one.application_id]:
            self._state(at, self._applied(applied, at, offer))

    def _applied(
        self, facts: Sequence[events.ClockRetargeted], at: datetime, offer: Offer
    ) -> Iterator[events.ClockRetargeted]:
        """Versions that an administrator applied to the ticket hold from then on, unless others are tried."""
        movable = {one.promise.clock: one for one in retargeting.movable(tuple(self.facts), at)}
        for fact in facts:
            policy = rulebook.version(fact.policy_id)
            policy = offer.policies.get(policy.key, policy)
            if policy.value.kind is AgreementKind.SLA:
                self._told = replace(self._told, policy_id=policy.id)
            one = movable.get(ClockName(fact.clock))
            told = self._told.scoped
            term = one and offer.term(one.promise.clock, policy, offers.scope(told), told.calendar_key)
            if one and term:
                yield retargeting.retargeted(term, one.cycle, one.since, retargeting.extended(self.facts))


def _named(facts: Sequence[Any]) -> set[int]:
    """The versions that facts name."""
    return {id_ for fact in facts for id_ in (fact.policy_id, fact.calendar_id)}


def _priority(matrix: Matrix, told: Told) -> str:
    return matrix.priority(Level(told.impact), Level(told.urgency)).value  # type: ignore[arg-type]
