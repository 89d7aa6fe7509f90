"""Works off what was kept: in batches, one by one where a batch fails, and again later what fails alone."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, or_, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from channels import registry
from channels.port import Raw, Reports, Unreadable
from helpdesk import clock
from helpdesk.background import wake, wake_now
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.post import Inbound
from helpdesk.services import accounts, monitoring, screening, texts
from helpdesk.services.arrival import Arrival
from helpdesk.services.inbox.understanding import NotUnderstood, understand
from helpdesk.services.inquiry import mail as inquiries
from helpdesk.services.intake import batch
from helpdesk.services.intake.batch import Taken
from helpdesk.vocabulary import InboundOutcome, InboundState

_ROWS = table(Inbound)
AGAIN = (InboundState.KEPT, InboundState.UNREADABLE)
"""States from which a message is read again; one that is held or discarded is for a person to let in."""

_MINUTES = (1, 5, 15, 60, 180, 360, 720)
log = logging.getLogger(__name__)


def process(limit: int = 50) -> int:
    """Takes up to ``limit`` kept messages into tickets; how many it looked at.

    Two workers never take the same: rows stay locked until the commit, and a killed worker's rows are
    simply kept as they were. One bad message does not sink the others: they are then taken one by one.
    """
    claimed: list[int] = []
    try:
        _take(_due(limit), claimed)
    except Exception as why:
        if not claimed or _lost_connection(why):
            raise
        log.warning("batch taken one by one", extra={"rows": len(claimed), "why": type(why).__name__})
        for inbound_id in claimed:
            _alone(inbound_id)
    return len(claimed)


def process_one(inbound_id: int, at: datetime | None = None) -> Taken:
    """Takes one kept message in, waiting for whoever holds it; where it ended. Raises what went wrong."""
    query = select(_ROWS).where(_ROWS.c.id == inbound_id).with_for_update()
    with unit():
        row = db.session.execute(query).one_or_none()
        if row is None:
            raise NotFound("There is no such kept message.")
        if row.state != InboundState.KEPT:
            return Taken(row.ticket_id)
        taken = _understand_and_write([row], at)
    if not taken:
        raise Invalid("That could not be read.", code="unreadable")
    return taken[0]


@unit()
def replay(inbound_ids: Sequence[int]) -> list[int]:
    """Lets messages that were not understood be processed again; the ids that were there to be replayed.

    What became a ticket stays as it is: replaying it would make a second one.
    """
    again = update(_ROWS).where(
        _ROWS.c.id.in_(inbound_ids),
        _ROWS.c.state.in_(AGAIN),
        or_(_ROWS.c.raw.is_not(None), _ROWS.c.stored.is_not(None)),
    )
    values = {"state": InboundState.KEPT, "due_at": clock.now(), "attempts": 0, "error": None}
    ids = db.session.execute(again.values(**values).returning(_ROWS.c.id)).scalars().all()
    if ids:
        wake("post.process")
    return sorted(ids)


@unit()
def nudge(at: datetime | None = None) -> bool:
    """Wakes a worker where something is kept and due; the clock asks this every few seconds."""
    due = select(_ROWS.c.id).where(_ROWS.c.state == InboundState.KEPT, _ROWS.c.due_at <= (at or clock.now()))
    found = db.session.execute(due.limit(1)).scalar() is not None
    if found:
        wake_now("post.process")
    return found


def _due(limit: int) -> Select[Any]:
    kept = select(_ROWS).where(_ROWS.c.state == InboundState.KEPT, _ROWS.c.due_at <= clock.now())
    return kept.order_by(_ROWS.c.due_at, _ROWS.c.id).limit(limit).with_for_update(skip_locked=True)


@unit()
def _take(query: Select[Any], claimed: list[int]) -> None:
    rows = db.session.execute(query).all()
    claimed.extend(row.id for row in rows)
    if rows:
        _understand_and_write(rows)


def _alone(inbound_id: int) -> None:
    kept = select(_ROWS).where(_ROWS.c.id == inbound_id, _ROWS.c.state == InboundState.KEPT)
    try:
        _take(kept.with_for_update(skip_locked=True), [])
    except Exception as why:
        if _lost_connection(why):
            raise
        log.warning("message postponed", extra={"inbound": inbound_id, "why": type(why).__name__})
        _postpone(inbound_id, why)


Read = tuple[Row[Any], Arrival]


def _understand_and_write(rows: Sequence[Row[Any]], at: datetime | None = None) -> list[Taken]:
    """All are understood before the first is written; where the understood ones ended."""
    at = at or clock.now()
    signals = [row for row in rows if row.kind in registry.kinds() and isinstance(registry.get(row.kind), Reports)]
    if signals:
        rest = [row for row in rows if row not in signals]
        return [*_take_signals(signals, at), *(_understand_and_write(rest, at) if rest else [])]
    read = _let_in(list(_understood(rows, at)), at)
    arrivals = texts.recognise(inquiries.recognise([arrival for _, arrival in read]), at)
    read, done = _without_stops([(row, arrival) for (row, _), arrival in zip(read, arrivals, strict=True)], at)
    taken = batch.take_in([arrival for _, arrival in read], at) if read else []
    _answer_inquiries(read, taken, at)
    texts.joined(_places(read, taken), at)
    _settle(read, taken, at)
    return [*taken, *done]


def _without_stops(read: Sequence[Read], at: datetime) -> tuple[list[Read], list[Taken]]:
    """Without those who only say that they want no messages, or want them again: these are settled by that."""
    ends = [(item, texts.stopped(item[1], at)) for item in read]
    done = [(row.id, ticket_id) for (row, _), (over, ticket_id) in ends if over]
    if done:
        told: dict[str, Any] = {"ids": [one for one, _ in done], "tickets": [ticket_id for _, ticket_id in done]}
        db.session.execute(_SETTLE, told | {"outcomes": [InboundOutcome.SETTLED] * len(done), "at": at})
    return [item for item, (over, _) in ends if not over], [Taken(ticket_id) for _, ticket_id in done]


def _places(read: Sequence[Read], taken: Sequence[Taken]) -> list[texts.Place]:
    return [
        texts.Place(arrival, item.ticket_id, item.message_id)
        for (_, arrival), item in zip(read, taken, strict=True)
        if item.ticket_id is not None
    ]


def _take_signals(rows: Sequence[Row[Any]], at: datetime) -> list[Taken]:
    """What machines report of services; each call in the order in which it came."""
    taken = []
    for row in rows:
        channel = registry.get(row.kind)
        assert isinstance(channel, Reports)
        try:
            end = monitoring.take(row.id, row.account_id, channel.reported(Raw(row.raw or b"")), at)
        except Unreadable as why:
            _unreadable(row.id, str(why), at)
            continue
        outcome = InboundOutcome.OPENED if end.opened else InboundOutcome.AUTOMATIC
        told = {"ids": [row.id], "tickets": [end.ticket_id], "outcomes": [outcome], "at": at}
        db.session.execute(_SETTLE, told)
        taken.append(Taken(end.ticket_id, None, end.opened))
    return taken


def _unreadable(inbound_id: int, why: str, at: datetime) -> None:
    values = {"state": InboundState.UNREADABLE, "error": why[:1000], "processed_at": at}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == inbound_id).values(**values))


def _answer_inquiries(read: Sequence[Read], taken: Sequence[Taken], at: datetime) -> None:
    """Who asked by mail how their request stands is told at once."""
    asked = [
        item.ticket_id
        for (_, arrival), item in zip(read, taken, strict=True)
        if arrival.automatic == inquiries.ASKED and item.ticket_id is not None and not item.opened
    ]
    if asked:
        inquiries.answer(asked, at)


def _understood(rows: Sequence[Row[Any]], at: datetime) -> Iterator[tuple[Row[Any], Arrival]]:
    book = accounts.book()
    for row in rows:
        try:
            yield row, understand(row, book)
        except NotUnderstood as why:
            _unreadable(row.id, str(why), at)


def _let_in(read: list[Read], at: datetime) -> list[Read]:
    """Without those that wait for a person: what strangers can send is screened, unless somebody looked at it."""
    screened = [item for item in read if registry.get(item[0].kind).can.screened and not item[1].cleared]
    if not screened:
        return read
    verdicts = screening.judge([arrival for _, arrival in screened], at)
    held = {row.id: why for (row, _), why in zip(screened, verdicts, strict=True) if why}
    for inbound_id, why in held.items():
        values = {"state": InboundState.HELD, "reason": why, "processed_at": at, "error": None}
        db.session.execute(update(_ROWS).where(_ROWS.c.id == inbound_id).values(**values))
    return [item for item in read if item[0].id not in held]


_SETTLE = text(
    """
    update inbound set state = 'processed', processed_at = :at, error = null, ticket_id = done.ticket_id,
                       outcome = done.outcome
    from unnest(cast(:ids as bigint[]), cast(:tickets as bigint[]), cast(:outcomes as text[]))
         as done(id, ticket_id, outcome)
    where inbound.id = done.id
    """
)


def _settle(read: Sequence[Read], taken: Sequence[Taken], at: datetime) -> None:
    if not read:
        return
    told = {
        "ids": [row.id for row, _ in read],
        "tickets": [item.ticket_id for item in taken],
        "outcomes": [_outcome(arrival, item) for (_, arrival), item in zip(read, taken, strict=True)],
        "at": at,
    }
    db.session.execute(_SETTLE, told)


def _outcome(arrival: Arrival, taken: Taken) -> InboundOutcome:
    if taken.message_id is None:
        return InboundOutcome.SETTLED
    if arrival.automatic:
        return InboundOutcome.AUTOMATIC
    return InboundOutcome.OPENED if taken.opened else InboundOutcome.JOINED


@unit()
def _postpone(inbound_id: int, why: Exception) -> None:
    """Later again, with growing pauses; after the last it is for a human to look at."""
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == inbound_id).with_for_update()).one()
    at = clock.now()
    values: dict[str, Any] = {"attempts": row.attempts + 1, "error": _words(why)}
    if row.attempts < len(_MINUTES):
        values |= {"due_at": at + timedelta(minutes=_MINUTES[row.attempts])}
    else:
        values |= {"state": InboundState.UNREADABLE, "processed_at": at}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == inbound_id).values(**values))


def _lost_connection(why: Exception) -> bool:
    """A database that went away says nothing about a message: it stays due, and the clock wakes a worker again."""
    if not isinstance(why, OperationalError):
        return False
    return why.connection_invalidated or getattr(why.orig, "sqlstate", None) is None


def _words(why: Exception) -> str:
    """What the database or the code said, without the statement and its personal values."""
    said = why.orig if isinstance(why, DBAPIError) else why
    return f"{type(said).__name__}: {said}".splitlines()[0][:500]
