"""The tick: finds clocks whose moment has come, fires each step once, sets aside what cannot be computed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

import sla
from helpdesk import clock, events
from helpdesk.db import db, savepoint, table, unit
from helpdesk.models.tickets import ClockStep, TicketClock
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal, timers
from helpdesk.services.clocks import Promise

_clocks, _steps = table(TicketClock), table(ClockStep)

PORTION = 50
"""Tickets a transaction takes: few enough to hold locks briefly."""

_DUE = text(
    """
    select id from ticket where id in (
        select ticket_id from ticket_clock where next_step_at <= :now order by next_step_at limit :limit)
    order by id for update skip locked
    """
)


def tick(now: datetime | None = None, most: int = 10_000) -> int:
    """Fires every step that is due, oldest clocks first; how many fired. Two ticks at once share the work."""
    moment, fired, seen = now or clock.now(), 0, 0
    while seen < most:
        tickets, steps = _portion(moment)
        fired, seen = fired + steps, seen + tickets
        if tickets == 0:
            break
    return fired


@unit()
def _portion(now: datetime) -> tuple[int, int]:
    ids = list(db.session.execute(_DUE, {"now": now, "limit": PORTION}).scalars())
    return len(ids), sum(_look_at(id_, now) for id_ in ids)


def _look_at(ticket_id: int, now: datetime) -> int:
    """One ticket by itself: what fails in it is set aside with its reason and holds up nobody."""
    try:
        with savepoint():
            return _fire(ticket_id, now)
    except Exception as error:
        values = {"next_step_at": None, "error": f"{type(error).__name__}: {error}"[:500]}
        db.session.execute(update(_clocks).where(_clocks.c.ticket_id == ticket_id).values(values))
        return 0


def _fire(ticket_id: int, now: datetime) -> int:
    """Every step that is due, in the order of time, each told in the journal; then the rows are read anew."""
    due = sorted(
        (
            (step.at, promise, reading.cycle, step.step)
            for promise, reading in timers.read_all([ticket_id], now).get(ticket_id, [])
            for step in sla.steps_due(reading, promise.target.steps, now)
        ),
        key=lambda found: found[0],
    )
    fired = sum(_once(ticket_id, promise, cycle, sla.DueStep(at, step), now) for at, promise, cycle, step in due)
    timers.refresh([ticket_id], now)
    return fired


def _once(ticket_id: int, promise: Promise, cycle: int, due: sla.DueStep, now: datetime) -> bool:
    """The fact and the row that forbids a second one stand in one transaction."""
    row: Mapping[str, object] = {
        "ticket_id": ticket_id,
        "clock": promise.clock.value,
        "cycle": cycle,
        "step": due.step.key,
        "due_at": due.at,
        "fired_at": now,
    }
    made = db.session.execute(upsert(_steps).values(row).on_conflict_do_nothing().returning(_steps.c.id)).scalar()
    if made is None:
        return False
    late = int((now - due.at).total_seconds())
    fact = events.ClockStepFired(
        promise.clock.value, cycle, due.step.key, due.step.do.value, due.at.isoformat(), late if late > LATE else 0
    )
    journal.record(ticket_id, fact, SYSTEM, now)
    return True


LATE = 60
"""Seconds after which a step counts as fired late: the scheduler was down or overloaded."""


def set_aside() -> Sequence[tuple[int, str]]:
    """Tickets whose clocks could not be computed, with the reason; for the operator."""
    query = select(_clocks.c.ticket_id, _clocks.c.error).where(_clocks.c.error.is_not(None)).distinct()
    return [(row.ticket_id, row.error) for row in db.session.execute(query)]
