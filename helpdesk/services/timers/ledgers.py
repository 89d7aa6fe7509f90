"""The proof that what is kept of clocks is true: recomputed from the journals and compared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from helpdesk import clock
from helpdesk.clock import NEVER
from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket, TicketClock
from helpdesk.services import clocks
from helpdesk.services.timers.readings import Fired, Read, fired_of, read_all, running_due

_CLOCKS, _TICKETS = table(TicketClock), table(Ticket)
PORTION = 500


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


def verify(now: datetime | None = None, progress: Callable[[int, int], None] | None = None) -> Iterator[Difference]:
    """Recomputes every clock from its journal and yields what differs; there should be nothing.

    ``progress`` is told how many tickets are done, and of how many.
    """
    moment, done, last = now or clock.now(), 0, 0
    total = db.session.execute(select(func.count()).select_from(_TICKETS)).scalar_one()
    while queued := _next(last):
        yield from _verify(queued, moment)
        last, done = max(queued), done + len(queued)
        if progress:
            progress(done, total)


def _next(last: int) -> dict[int, datetime]:
    """The next tickets by number, with their places in the queue."""
    query = select(_TICKETS.c.id, _TICKETS.c.next_due_at).where(_TICKETS.c.id > last)
    rows = db.session.execute(query.order_by(_TICKETS.c.id).limit(PORTION))
    return {row.id: row.next_due_at for row in rows}


def _verify(queued: Mapping[int, datetime], now: datetime) -> Iterator[Difference]:
    ids = list(queued)
    kept: dict[int, list[Row[Any]]] = {}
    for row in db.session.execute(select(_CLOCKS).where(_CLOCKS.c.ticket_id.in_(ids))):
        kept.setdefault(row.ticket_id, []).append(row)
    fired, found = fired_of(ids), _readings(ids, now)
    for id_, due in queued.items():
        read = found.get(id_, [])
        if isinstance(read, str):
            yield Difference(id_, "clocks", "kept", f"cannot be computed: {read}")
            continue
        yield from _compare(id_, kept.get(id_, []), read, fired)
        true = min((running_due(reading) for _, reading in read), default=NEVER)
        if due != true:
            yield Difference(id_, "next_due_at", due, true)


def _readings(ids: Sequence[int], now: datetime) -> Mapping[int, Read | str]:
    """Readings by ticket, or why there are none; all at once where nothing is wrong."""
    try:
        return read_all(dict.fromkeys(ids, now))
    except Exception:
        return {id_: _reading(id_, now) for id_ in ids}


def _reading(ticket_id: int, now: datetime) -> Read | str:
    try:
        return read_all({ticket_id: now}).get(ticket_id, [])
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
