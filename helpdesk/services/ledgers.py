"""The ledger of a ticket: every minute of every clock explained; and the proof that what is kept is true."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

import sla
from helpdesk import clock
from helpdesk.db import db, table
from helpdesk.models.tickets import ClockStep, Ticket, TicketClock
from helpdesk.permissions import Actor
from helpdesk.services import clocks, journal, scope, timers
from helpdesk.services.clocks import Promise
from sla.ledger import rows as ledger_rows

_clocks, _steps, _tickets = table(TicketClock), table(ClockStep), table(Ticket)
PORTION = 500


@dataclass(frozen=True)
class Account:
    """One cycle of one clock with the rows that add up to it and the steps that fired."""

    clock: str
    reading: sla.Reading
    promise: Promise
    rows: tuple[sla.Row, ...]
    steps: tuple[Row[Any], ...]

    @property
    def policy(self) -> str:
        """The version of the policy that holds."""
        return self.promise.policy.name

    @property
    def calendar(self) -> str:
        """The version of the calendar it is measured in."""
        return self.promise.calendar.name


def explain(actor: Actor, number: int, now: datetime | None = None) -> list[Account]:
    """The ledger of a ticket; raises NotFound where the actor may not see it."""
    scope.find(actor, number)
    moment = now or clock.now()
    steps = db.session.execute(select(_steps).where(_steps.c.ticket_id == number).order_by(_steps.c.due_at)).all()
    return [
        _account(promise, reading, steps, moment) for promise, reading in timers.readings(journal.of(number), moment)
    ]


def _account(promise: Promise, reading: sla.Reading, steps: Sequence[Row[Any]], now: datetime) -> Account:
    fired = tuple(step for step in steps if (step.clock, step.cycle) == (promise.clock, reading.cycle))
    return Account(promise.clock.value, reading, promise, tuple(ledger_rows(reading, now)), fired)


@dataclass(frozen=True)
class Difference:
    """Something kept that the journal does not say."""

    ticket_id: int
    what: str
    kept: object
    true: object


_ALWAYS = ("started_at", "due_at", "stopped_at", "target_seconds", "policy_id", "calendar_id", "target_key")
_ONCE_STOPPED = ("state", "elapsed_seconds", "paused_seconds", "breached_at", "late_seconds")


def verify(now: datetime | None = None, progress: Callable[[int, int], None] | None = None) -> Iterator[Difference]:
    """Recomputes every clock from its journal and yields what differs; there should be nothing."""
    moment, done, last = now or clock.now(), 0, 0
    total = db.session.execute(select(func.count()).select_from(_tickets)).scalar_one()
    while ids := _next_ids(last):
        yield from _verify(ids, moment)
        last, done = ids[-1], done + len(ids)
        if progress:
            progress(done, total)


def _next_ids(last: int) -> list[int]:
    query = select(_tickets.c.id).where(_tickets.c.id > last).order_by(_tickets.c.id).limit(PORTION)
    return list(db.session.execute(query).scalars())


def _verify(ids: Sequence[int], now: datetime) -> Iterator[Difference]:
    kept: dict[tuple[int, str, int], Row[Any]] = {
        (row.ticket_id, row.name, row.cycle): row
        for row in db.session.execute(select(_clocks).where(_clocks.c.ticket_id.in_(ids)))
    }
    for ticket_id, pairs in timers.read_all(ids, now).items():
        for promise, reading in pairs:
            true = clocks.row(ticket_id, promise, reading, ())
            found = kept.pop((ticket_id, promise.clock.value, reading.cycle), None)
            yield from _differences(ticket_id, found, true)
    for ticket_id, name, cycle in kept:
        yield Difference(ticket_id, f"{name} {cycle}", "kept", "never started")


def _differences(ticket_id: int, found: Row[Any] | None, true: dict[str, Any]) -> Iterator[Difference]:
    what = f"{true['name']} {true['cycle']}"
    if found is None:
        yield Difference(ticket_id, what, "missing", true["state"])
        return
    compared = _ALWAYS + (_ONCE_STOPPED if true["stopped_at"] else ())
    for name in compared:
        if getattr(found, name) != true[name]:
            yield Difference(ticket_id, f"{what} {name}", getattr(found, name), true[name])
