"""Clocks that begin later than their ticket, each time with terms of their own: stays, suppliers, the law, calls."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sla
from helpdesk import events
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal, rulebook
from helpdesk.services.journal import Recorded
from helpdesk.services.rulebook import Version
from helpdesk.services.timers import offers
from helpdesk.services.timers.offers import Offer, Term
from helpdesk.services.timers.promises import started
from helpdesk.services.timers.readings import CALL_STEPS, PROMISED, journals, readings, refresh
from helpdesk.services.timers.retargeting import extended
from helpdesk.vocabulary import ClockName


@dataclass(frozen=True)
class Case:
    """A ticket at the moment of a fact: its row, and what its journal says up to now."""

    row: Any
    facts: Sequence[Recorded]
    fact: Recorded
    offer: Offer

    @property
    def at(self) -> datetime:
        """The moment of the fact."""
        return self.fact.at

    @cached_property
    def policy(self) -> Version | None:
        """The policy the ticket opened under, else the one that would hold now."""
        if self.row.policy_id is not None:
            return rulebook.version(self.row.policy_id)
        choice = self.offer.choose(offers.scope(self.row))
        return self.offer.policies[choice.key] if choice else None

    @property
    def calendar_key(self) -> str:
        """The hours of the department it is with."""
        return str(self.row.calendar_key)

    def last(self, *kinds: type[events.Event]) -> Recorded | None:
        """The newest fact of these kinds."""
        return next((fact for fact in reversed(self.facts) if isinstance(fact.event, kinds)), None)

    def term(self, name: ClockName) -> Term | None:
        """What the policy says of that clock."""
        if self.policy is None:
            return None
        return self.offer.term(name, self.policy, offers.scope(self.row), self.calendar_key, "policy")

    def is_open(self, name: ClockName) -> bool:
        """Whether a cycle of that clock runs or is paused."""
        read = readings(self.facts, self.at)
        return any(promise.clock is name and reading.is_open for promise, reading in read)

    def cycles(self, name: ClockName) -> int:
        """How often that clock was started."""
        return sum(
            isinstance(fact.event, events.ClockStarted) and fact.event.clock == name.value for fact in self.facts
        )


Begins = tuple[Term, datetime]
"""What is promised, and since when it counts."""


def _stay(case: Case) -> Iterator[Begins]:
    """The department that has it now promised the house something, or a model gives it a time for its step."""
    if case.policy and case.row.department and (found := _for_step(case) or _ola(case)):
        yield found, case.at


def _for_step(case: Case) -> Term | None:
    """The time of the step with which it came here, with what the department agreed on for all else."""
    together = (fact.event for fact in case.facts if fact.at == case.at)
    handed = [event for event in together if isinstance(event, events.StepHandedOver)]
    if not handed or handed[-1].seconds is None or case.policy is None:
        return None
    known = _ola(case)
    plain = known.target if known else sla.Target(ClockName.OLA, handed[-1].seconds, steps=CALL_STEPS)
    calendar = known.calendar if known else case.offer.calendar_of(case.calendar_key)
    target = replace(plain, seconds=handed[-1].seconds, days=0)
    return Term(ClockName.OLA, target, known.policy if known else case.policy, calendar, "policy")


def _ola(case: Case) -> Term | None:
    assert case.policy is not None
    return case.offer.ola(case.policy, offers.scope(case.row), case.calendar_key)


def _law(case: Case) -> Iterator[Begins]:
    """The law counts from when the request is complete and with a department that has not said it is not competent."""
    incomplete = isinstance(
        getattr(case.last(events.ApplicationIncomplete, events.ApplicationCompleted), "event", None),
        events.ApplicationIncomplete,
    )
    denied = isinstance(
        getattr(case.last(events.CompetenceDenied, events.TicketTransferred), "event", None), events.CompetenceDenied
    )
    if incomplete or denied or not case.row.department or case.is_open(ClockName.STATUTORY):
        return
    if term := case.term(ClockName.STATUTORY):
        yield term, case.at


def _transferred(case: Case) -> Iterator[Begins]:
    yield from _stay(case)
    yield from _law(case)


def _engaged(case: Case) -> Iterator[Begins]:
    assert isinstance(case.fact.event, events.SupplierEngaged)
    if case.policy and (found := case.offer.ua(case.policy, offers.scope(case.row))):
        yield found, case.at


def _denied(case: Case) -> Iterator[Begins]:
    """The law's few days to pass it on count from its arrival."""
    assert isinstance(case.fact.event, events.CompetenceDenied)
    if term := case.term(ClockName.FORWARDING):
        yield term, datetime.fromisoformat(case.fact.event.since)


def _may_begin(fact: events.TicketClassified) -> bool:
    """Another impact or category begins nothing."""
    return not {"type", "service_id"}.isdisjoint(fact.previous)


def _classified(case: Case) -> Iterator[Begins]:
    """What it turned out to be may have a term by law, which counts from when it reached whoever has it now."""
    assert isinstance(case.fact.event, events.TicketClassified)
    if case.cycles(ClockName.STATUTORY) or not _may_begin(case.fact.event):
        return
    came = case.last(events.TicketTransferred)
    for term, _ in _law(case):
        yield term, came.at if came else case.row.received_at


def _promised_call(case: Case) -> Iterator[Begins]:
    assert isinstance(case.fact.event, events.CallBackPromised)
    if case.policy is None:
        return
    amount = round((datetime.fromisoformat(case.fact.event.ends_at) - case.at).total_seconds())
    known = case.term(ClockName.CALLBACK)
    plain = known.target if known else sla.Target(ClockName.CALLBACK, amount, steps=PROMISED)
    target = replace(plain, seconds=amount, days=0)
    yield Term(ClockName.CALLBACK, target, case.policy, case.offer.calendar_of(rulebook.ALWAYS), "policy"), case.at


BEGINNINGS: Mapping[type[events.Event], Callable[[Case], Iterator[Begins]]] = {
    events.TicketTransferred: _transferred,
    events.TicketReopened: _stay,
    events.TicketClassified: _classified,
    events.SupplierEngaged: _engaged,
    events.ApplicationCompleted: _law,
    events.CompetenceDenied: _denied,
    events.CallBackPromised: _promised_call,
}
"""Which facts begin clocks, and which."""


def begun(case: Case) -> Iterator[events.ClockStarted]:
    """The clocks that a fact begins, as facts of the same moment."""
    for term, since in BEGINNINGS[type(case.fact.event)](case):
        days = extended(case.facts) if term.clock is ClockName.STATUTORY else 0
        yield started(term, case.cycles(term.clock) + 1, since, case.at, days)


def renew(facts: Sequence[Recorded]) -> None:
    """The reaction to facts that begin a clock anew: a ClockStarted for each, in the moment of the fact."""
    facts = [fact for fact in facts if not isinstance(fact.event, events.TicketClassified) or _may_begin(fact.event)]
    if not facts:
        return
    ids = list({fact.ticket_id for fact in facts})
    known, offer = journals(ids), offers.current()
    rows = {row.id: row for row in db.session.execute(offers.SCOPES, {"ids": ids})}
    unread: dict[int, datetime] = {}
    for fact in facts:
        case = Case(rows[fact.ticket_id], known.get(fact.ticket_id, ()), fact, offer)
        for one in begun(case):
            journal.record(fact.ticket_id, one, SYSTEM, case.at)
            if isinstance(fact.event, events.TicketClassified):
                unread[fact.ticket_id] = case.at  # the other facts are followed by a reading anyway
    if unread:
        refresh(unread)
