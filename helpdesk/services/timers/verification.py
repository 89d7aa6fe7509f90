"""The proof that what is kept of clocks is what the journals say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, select

from helpdesk import clock
from helpdesk.clock import NEVER
from helpdesk.db import db, table
from helpdesk.models.clocks import TicketClock
from helpdesk.models.tickets import Ticket
from helpdesk.services import clocks, journal, sharing
from helpdesk.services.sharing import Portion
from helpdesk.services.signals import CLOCKED
from helpdesk.services.timers.readings import Fired, Read, fired_of, readings, running_due

_CLOCKS, _TICKETS = table(TicketClock), table(Ticket)

Progress = Callable[[int, int], None]
"""Told how many tickets are done, and of how many."""


@dataclass(frozen=True)
class Difference:
    """Something kept that the journal does not say."""

    ticket_id: int
    what: str
    kept: object
    true: object


_ALWAYS = (
    "started_at", "due_at", "paused_at", "stopped_at", "target_seconds", "policy_id", "calendar_id", "target_key",
    "retargeted_after_breach", "next_step_at",
)  # fmt: skip
_ONCE_STOPPED = ("state", "elapsed_seconds", "paused_seconds", "breached_at", "late_seconds")


def verify(now: datetime | None = None, progress: Progress | None = None) -> Iterator[Difference]:
    """Recomputes every clock from its journal and yields what differs, by ticket; there should be nothing."""
    ids, done = db.session.execute(select(_TICKETS.c.id).order_by(_TICKETS.c.id)).scalars().all(), 0
    parts = sharing.portions(ids)
    found = sharing.shared_out(partial(differences, now=now or clock.now()), parts)
    for part, different in zip(parts, found, strict=True):
        yield from different
        done += len(part)
        if progress:
            progress(done, len(ids))


def differences(ids: Portion, *, now: datetime) -> list[Difference]:
    """What differs of these tickets."""
    queued = _queued(ids)
    kept: dict[int, list[Row[Any]]] = {}
    for row in db.session.execute(select(_CLOCKS).where(_CLOCKS.c.ticket_id.in_(ids))).all():
        kept.setdefault(row.ticket_id, []).append(row)
    fired, journals = fired_of(ids), journal.of_many(ids, CLOCKED)
    found: list[Difference] = []
    for id_, due in queued.items():
        read = _read(journals.get(id_, []), now)
        if isinstance(read, str):
            found.append(Difference(id_, "clocks", "kept", f"cannot be computed: {read}"))
            continue
        found += _compare(id_, kept.get(id_, []), read, fired)
        true = min((running_due(reading) for _, reading in read), default=NEVER)
        if due != true:
            found.append(Difference(id_, "next_due_at", due, true))
    return found


def _queued(ids: Portion) -> Mapping[int, datetime]:
    """Their places in the queue."""
    query = select(_TICKETS.c.id, _TICKETS.c.next_due_at).where(_TICKETS.c.id.in_(ids)).order_by(_TICKETS.c.id)
    return {row.id: row.next_due_at for row in db.session.execute(query).all()}


def _read(facts: Sequence[journal.Recorded], now: datetime) -> Read | str:
    """The readings of one journal, or why there are none: one that cannot be read holds up nobody."""
    try:
        return readings(facts, now)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _compare(ticket_id: int, kept: Sequence[Row[Any]], read: Read, fired: Fired) -> Iterator[Difference]:
    rows = {(row.name, row.cycle): row for row in kept}
    for promise, reading in read:
        true = clocks.row(ticket_id, promise, reading, fired[ticket_id, promise.clock, reading.cycle])
        yield from _differences(ticket_id, rows.pop((promise.clock.value, reading.cycle), None), true)
    for name, cycle in rows:
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
