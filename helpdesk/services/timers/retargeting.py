"""Other targets for clocks that run or may run: what the ticket is has changed, or the law's deadline was extended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sla
from helpdesk import events
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from helpdesk.services.clocks import Promise
from helpdesk.services.journal import Recorded
from helpdesk.services.timers import offers
from helpdesk.services.timers.offers import Offer, Scoped, Term
from helpdesk.services.timers.readings import journals, promises, readings
from helpdesk.vocabulary import ClockName

_AS_PROMISED = (ClockName.CALLBACK, ClockName.FORWARDING)
"""Clocks whose promise does not depend on what the ticket is."""

_AGAIN = (ClockName.NEXT_RESPONSE, ClockName.UPDATE)
"""Clocks that may begin another cycle whenever somebody writes."""


def retarget(facts: Sequence[Recorded]) -> None:
    """The reaction to another priority, type, service or department, and to reopening, which may come after one.

    Another target holds under the versions the ticket opened with; what elapsed and paused so far stays.
    """
    moments = {fact.ticket_id: fact.at for fact in facts}
    known, offer = journals(list(moments)), offers.current()
    for row in db.session.execute(offers.SCOPES, {"ids": list(moments)}):
        for fact in moved(row, known.get(row.id, ()), moments[row.id], offer):
            journal.record(row.id, fact, SYSTEM, moments[row.id])


@dataclass(frozen=True)
class Movable:
    """A promise that other terms can take the place of: from which cycle on, and since when that counts."""

    promise: Promise
    cycle: int
    since: datetime
    reading: sla.Reading | None


def movable(facts: Sequence[Recorded], at: datetime) -> Iterator[Movable]:
    """The last promise of each clock that runs or may run again, but of those that never depend on the ticket."""
    newest = {promise.clock: reading for promise, reading in readings(facts, at)}
    for name, promise in promises(facts).items():
        reading = newest.get(name)
        cycle = _next_cycle(name, reading)
        if name not in _AS_PROMISED and cycle is not None:
            yield Movable(promise, cycle, reading.started_at if reading else at, reading)


def moved(row: Scoped, facts: Sequence[Recorded], at: datetime, offer: Offer) -> Iterator[events.ClockRetargeted]:
    """The other targets that hold for what the ticket is now, where they are others than were promised."""
    for one in movable(facts, at):
        promise = one.promise
        wanted = offer.term(promise.clock, promise.policy, offers.scope(row), row.calendar_key)
        if wanted is None:
            continue
        if wanted.calendar.key == promise.calendar.key:
            wanted = replace(wanted, calendar=promise.calendar)  # a newer version is not applied by the way
        if (wanted.target, wanted.calendar) != (promise.target, promise.calendar):
            yield retargeted(wanted, one.cycle, one.since, extended(facts))


def _next_cycle(name: ClockName, reading: sla.Reading | None) -> int | None:
    """From which cycle on other terms would hold; None where the clock has run its course."""
    if reading is None:
        return 1 if name in _AGAIN else None
    if reading.is_open:
        return reading.cycle
    return reading.cycle + 1 if name in _AGAIN else None


def retargeted(term: Term, cycle: int, since: datetime, more_days: int = 0) -> events.ClockRetargeted:
    """The fact that another target holds for a cycle that began then."""
    amount = term.target.promised(since, term.calendar.value, more_days)
    seconds = int(amount.total_seconds())
    return events.ClockRetargeted(term.clock.value, cycle, seconds, term.policy.id, term.calendar.id, term.target.key)


def extended(facts: Iterable[Recorded]) -> int:
    """By how many days the law's deadline was extended."""
    return sum(fact.event.days for fact in facts if isinstance(fact.event, events.DeadlineExtended))


def extend(facts: Sequence[Recorded]) -> None:
    """The reaction to an extension: the law's deadline lies so many days later."""
    moments = {fact.ticket_id: fact.at for fact in facts}
    for ticket_id, known in journals(list(moments)).items():
        for fact in prolonged(known, moments[ticket_id]):
            journal.record(ticket_id, fact, SYSTEM, moments[ticket_id])


def prolonged(facts: Sequence[Recorded], at: datetime) -> Iterator[events.ClockRetargeted]:
    """The law's deadline with all days by which it was extended, where it runs."""
    days = extended(facts)
    for promise, reading in readings(facts, at):
        if promise.clock is ClockName.STATUTORY and reading.is_open:
            target = promise.target
            counted = target if target.days else replace(target, seconds=target.seconds + days * 86_400)
            term = Term(promise.clock, counted, promise.policy, promise.calendar, "")
            yield retargeted(term, reading.cycle, reading.started_at, days)
