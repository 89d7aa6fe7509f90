"""Effects of steps that were set aside: tried again when their hour comes, shown to the operator until then."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text, update

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.models.clocks import ClockStep
from helpdesk.services.timers.escalation import EFFECTS, Firing, perform
from helpdesk.services.timers.readings import read_all

_STEPS = table(ClockStep)

PORTION = 50

_DUE = text(
    """
    select clock_step.* from clock_step join ticket on ticket.id = clock_step.ticket_id
    where clock_step.again_at <= :now order by clock_step.again_at, clock_step.id limit :limit
    for update of clock_step, ticket skip locked
    """
)


def retry(now: datetime | None = None) -> int:
    """Tries all that is due again; how many were tried."""
    moment, tried = now or clock.now(), 0
    while found := _portion(moment):
        tried += found
    return tried


@unit()
def _portion(now: datetime) -> int:
    rows = db.session.execute(_DUE, {"now": now, "limit": PORTION}).all()
    for row in rows:
        db.session.execute(update(_STEPS).where(_STEPS.c.id == row.id).values(again_at=None, error=None))
        firing = _firing(row, now)
        if firing is not None:
            perform(EFFECTS[firing.step.do], firing)
    return len(rows)


def _firing(row: Row[Any], now: datetime) -> Firing | None:
    """The step as it is promised now; None where the clock has no such step any more, or is over."""
    for promise, reading in read_all({row.ticket_id: now}).get(row.ticket_id, []):
        if (promise.clock, reading.cycle) != (row.clock, row.cycle) or not reading.is_open:
            continue
        for step in promise.target.steps:
            if step.key == row.step and step.do in EFFECTS:
                return Firing(row.ticket_id, promise, row.cycle, step, row.due_at, now)
    return None


def failed() -> Sequence[tuple[int, str]]:
    """Tickets with a step whose effect was set aside, with the reason."""
    query = select(_STEPS.c.ticket_id, _STEPS.c.step, _STEPS.c.error).where(_STEPS.c.again_at.is_not(None))
    rows = db.session.execute(query.order_by(_STEPS.c.ticket_id, _STEPS.c.id))
    return [(row.ticket_id, f"{row.step}: {row.error}") for row in rows]
