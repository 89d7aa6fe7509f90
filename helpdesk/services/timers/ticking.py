"""The tick: finds clocks whose moment has come, fires each step once, sets aside what cannot be computed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import OperationalError

import sla
from helpdesk import clock, events
from helpdesk.db import db, savepoint, table, unit
from helpdesk.models.clocks import ClockStep, TicketClock
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from helpdesk.services.timers.escalation import Firing, act
from helpdesk.services.timers.readings import fired_of, read_all, refresh

_CLOCKS, _STEPS = table(TicketClock), table(ClockStep)

PORTION = 50
"""Clocks a transaction takes: few enough to hold locks briefly."""

LATE = 60
"""Seconds after which a step counts as fired late: the scheduler was down or overloaded."""

AGAIN = timedelta(hours=1)
"""After this a ticket that was set aside is tried again: its cause may have been mended."""

_DUE = text(
    """
    select ticket.id from ticket_clock join ticket on ticket.id = ticket_clock.ticket_id
    where ticket_clock.next_step_at <= :now order by ticket_clock.next_step_at, ticket_clock.id limit :limit
    for update of ticket skip locked
    """
)


def tick(now: datetime | None = None, limit: int = 10_000) -> int:
    """Fires every step that is due, oldest first, of at most ``limit`` tickets; how many fired.

    Two ticks at once share the work: what one looks at is locked and skipped by the other.
    """
    moment, fired, seen = now or clock.now(), 0, 0
    while seen < limit:
        tickets, steps = _portion(moment)
        fired, seen = fired + steps, seen + tickets
        if tickets == 0:
            break
    return fired


@unit()
def _portion(now: datetime) -> tuple[int, int]:
    rows = db.session.execute(_DUE, {"now": now, "limit": PORTION}).scalars()
    ids = list(dict.fromkeys(rows))
    if not ids:
        return 0, 0
    try:
        with savepoint():
            return len(ids), _fire(ids, now)
    except OperationalError:
        raise
    except Exception:
        return len(ids), sum(_alone(id_, now) for id_ in ids)


def _alone(ticket_id: int, now: datetime) -> int:
    """One ticket by itself: what fails in it is set aside with its reason, tried again later, and holds up nobody."""
    try:
        with savepoint():
            return _fire([ticket_id], now)
    except OperationalError:  # a lost connection or a deadlock says nothing about the ticket
        raise
    except Exception as error:
        values = {"next_step_at": now + AGAIN, "error": f"{type(error).__name__}: {error}"[:500]}
        db.session.execute(update(_CLOCKS).where(_CLOCKS.c.ticket_id == ticket_id).values(values))
        return 0


@unit()
def fire(ticket_ids: Sequence[int], now: datetime) -> int:
    """Fires the steps of these tickets that are due; how many."""
    return _fire(ticket_ids, now)


def _fire(ticket_ids: Sequence[int], now: datetime) -> int:
    """Every step that is due, in the order of time, each told in the journal; then the rows are read anew."""
    moments, fired = dict.fromkeys(ticket_ids, now), fired_of(ticket_ids)
    due = [
        Firing(ticket_id, promise, reading.cycle, step, at, now)
        for ticket_id, pairs in read_all(moments).items()
        for promise, reading in pairs
        for at, step in sla.steps_due(
            reading, promise.target.steps, now, fired[ticket_id, promise.clock, reading.cycle]
        )
    ]
    steps = _once(sorted(due, key=lambda firing: (firing.due_at, firing.ticket_id)))
    for firing in steps:
        _tell(firing)
    act(steps)
    refresh(moments)
    return len(steps)


def _once(firings: Sequence[Firing]) -> list[Firing]:
    """Those that nobody fired before: the row that forbids a second one stands in the transaction of the fact."""
    if not firings:
        return []
    statement = upsert(_STEPS).values([_row(firing) for firing in firings]).on_conflict_do_nothing()
    keys = (_STEPS.c.ticket_id, _STEPS.c.clock, _STEPS.c.cycle, _STEPS.c.step)
    made = {tuple(row) for row in db.session.execute(statement.returning(*keys))}
    return [firing for firing in firings if firing.key in made]


def _row(firing: Firing) -> Mapping[str, object]:
    names = ("ticket_id", "clock", "cycle", "step")
    return dict(zip(names, firing.key, strict=True)) | {"due_at": firing.due_at, "fired_at": firing.at}


def _tell(firing: Firing) -> None:
    late = int((firing.at - firing.due_at).total_seconds())
    _, name, cycle, key = firing.key
    fact = events.ClockStepFired(
        name, cycle, key, firing.step.do.value, firing.due_at.isoformat(), late if late > LATE else 0
    )
    journal.record(firing.ticket_id, fact, SYSTEM, firing.at)


def set_aside() -> Sequence[tuple[int, str]]:
    """Tickets whose clocks could not be computed, with the reason; for the operator."""
    query = select(_CLOCKS.c.ticket_id, _CLOCKS.c.error).where(_CLOCKS.c.error.is_not(None)).distinct()
    return [(row.ticket_id, row.error) for row in db.session.execute(query)]
