"""Promises to tickets when they open: what was offered becomes facts, clocks and a place in the queue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk import events
from helpdesk.clock import NEVER
from helpdesk.db import db, pending, table
from helpdesk.models.clocks import TicketClock
from helpdesk.permissions import SYSTEM
from helpdesk.services import clocks, journal, signals
from helpdesk.services.journal import Recorded
from helpdesk.services.signals import RENEWED
from helpdesk.services.timers import offers
from helpdesk.services.timers.offers import Offered, Opening, Scoped, Term
from helpdesk.services.timers.readings import keep, readings
from helpdesk.vocabulary import ClockName
from sla import AgreementKind

_CLOCKS = table(TicketClock)


def expect(opening: Opening) -> None:
    """Notes a ticket whose opening is about to be stated, so that `start` need not look it up."""
    pending("openings").append(opening)


def start(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketOpened: promises, due moments and the place in the queue, for all tickets at once."""
    rows = _opened([fact.ticket_id for fact in facts])
    offer = offers.current()
    made: list[dict[str, Any]] = []
    dues: dict[int, datetime] = {}
    policies: dict[int, int] = {}
    for fact in facts:
        row = rows[fact.ticket_id]
        for offered in offer.to(row):
            if not owed(offered.term.clock, fact, row):
                continue
            if offered.term.policy.value.kind is AgreementKind.SLA:
                policies[row.id] = offered.term.policy.id
            for kept in _set(fact, offered):
                made.append(kept)
                dues[row.id] = min(kept["due_at"] or NEVER, dues.get(row.id, NEVER))
    keep(made, dues, policies)


def _opened(ids: Sequence[int]) -> dict[int, Scoped]:
    """Each ticket as it was expected, else as it stands."""
    rows: dict[int, Scoped] = {opening.id: opening for opening in pending("openings")}
    pending("openings").clear()
    if unknown := [id_ for id_ in ids if id_ not in rows]:
        rows |= {row.id: row for row in db.session.execute(offers.SCOPES, {"ids": unknown})}
    return rows


_ANSWERING = (ClockName.ACKNOWLEDGE, ClockName.FIRST_RESPONSE)
_FOR_PEOPLE = (ClockName.RESOLUTION, *RENEWED)


def owed(name: ClockName, fact: Recorded, row: Scoped) -> bool:
    """What a machine sent is promised nothing by itself; nobody who could be answered is owed no answer."""
    assert isinstance(fact.event, events.TicketOpened)
    if name in _ANSWERING:
        return signals.starts(name, fact.event) and row.requester_id is not None
    return name not in _FOR_PEOPLE or fact.event.automatic is None


def _set(fact: Recorded, offered: Offered) -> list[dict[str, Any]]:
    """States the promise; the rows of what runs already."""
    assert isinstance(fact.event, events.TicketOpened)
    term, received_at = offered.term, datetime.fromisoformat(fact.event.received_at)
    begun = set_at_opening(term, fact)
    journal.record(fact.ticket_id, begun, SYSTEM, fact.at)
    if not _runs(term, fact):
        return []
    runs_from = fact.at if term.clock in RENEWED and term.clock is not ClockName.STATUTORY else received_at
    kept = offered.fresh.row(fact, runs_from) if offered.fresh else None
    return [kept] if kept else _read(fact, begun)


def set_at_opening(term: Term, fact: Recorded) -> events.ClockStarted:
    """The fact that a clock was set when the ticket opened; the law counts from its arrival."""
    assert isinstance(fact.event, events.TicketOpened)
    lawful = term.clock is ClockName.STATUTORY
    return started(term, 1, datetime.fromisoformat(fact.event.received_at) if lawful else fact.at, fact.at)


def _runs(term: Term, fact: Recorded) -> bool:
    return term.clock in RENEWED or signals.starts(term.clock, fact.event)


def _read(fact: Recorded, begun: events.ClockStarted) -> list[dict[str, Any]]:
    """The rows as they are read like any others."""
    facts = [fact, Recorded(fact.ticket_id, fact.at, SYSTEM.kind.value, None, begun)]
    return [clocks.row(fact.ticket_id, promise, one, ()) for promise, one in readings(facts, fact.at)]


def started(term: Term, cycle: int, since: datetime, at: datetime, more_days: int = 0) -> events.ClockStarted:
    """The fact that a clock was set, to run from ``since`` where that is not the moment of the fact."""
    amount = term.target.promised(since, term.calendar.value, more_days)
    return events.ClockStarted(
        term.clock.value,
        cycle,
        int(amount.total_seconds()),
        term.policy.id,
        term.calendar.id,
        term.target.key,
        term.why,
        since.isoformat() if term.clock in RENEWED and since != at else None,
    )


def promised_at(ticket_id: int) -> datetime | None:
    """When the request will be done at the latest, as the citizen is told; None where nothing is promised."""
    same = (_CLOCKS.c.ticket_id == ticket_id, _CLOCKS.c.name == ClockName.RESOLUTION)
    newest = select(_CLOCKS.c.due_at).where(*same).order_by(_CLOCKS.c.cycle.desc()).limit(1)
    return db.session.execute(newest).scalar()
