"""What became of outgoing messages: settled, tried again later, forgotten by a dead worker, or bounced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, text, update

from helpdesk import clock
from helpdesk.background import wake_now
from helpdesk.db import db, table, unit
from helpdesk.events import DeliverySettled, WayChanged
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from helpdesk.services.outbox import parcels
from helpdesk.services.texting import sending
from helpdesk.vocabulary import TEXTS, Delivery

FORGOTTEN = timedelta(minutes=10)
"""A claim older than this belongs to a worker that died."""

PATIENCE = timedelta(days=3)
"""How long after it was put a message is tried."""

_MINUTES = (1, 2, 5, 15, 30, 60, 120, 240)
_ROWS = table(Outbound)
_MESSAGES = table(Message)
_INTERRUPTED = _ROWS.c.payload.op("||")(text("""'{"interrupted": true}'::jsonb"""))


@dataclass(frozen=True)
class Outcome:
    """How a try ended; a ``waiting`` one is tried again later."""

    state: Delivery
    detail: str = ""
    reference: str = ""
    parts: int = 1
    code: str = ""
    """The other side's name for it and for why it refused, and in how many parts it went."""


def settle(row: Row[Any], outcome: Outcome, at: datetime) -> None:
    """Writes down how the try of a claimed row ended; a row somebody else settled meanwhile stays as it is."""
    outcome, values = _decided(row, _of_text(row, outcome, at) if row.kind in TEXTS else outcome, at)
    ours = (_ROWS.c.id == row.id, _ROWS.c.state == Delivery.SENDING, _ROWS.c.claimed_at == row.claimed_at)
    if db.session.execute(update(_ROWS).where(*ours).values(**values).returning(_ROWS.c.id)).scalar():
        _tell(row, outcome, at)


def told(outbound_id: int, outcome: Outcome, at: datetime) -> bool:
    """What the other side tells of a message later on; whether that changed anything.

    What is still being sent is settled by whoever sends it, and where a second way was taken the first one is over.
    """
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == outbound_id).with_for_update()).one_or_none()
    if row is None or row.state not in _ABROAD or row.state == outcome.state:
        return False
    values = {"state": outcome.state, "settled_at": at, "detail": outcome.detail[:1000] or None}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(**values))
    _tell(row, outcome, at)
    return True


_ABROAD = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.UNKNOWN})
_FAILED = frozenset({Delivery.REFUSED, Delivery.BOUNCED})


def _tell(row: Row[Any], outcome: Outcome, at: datetime) -> None:
    """Shows it; what failed one way goes by the next one, where there is one."""
    parcel = parcels.second_way(row.payload, row.ticket_id, row.message_id) if outcome.state in _FAILED else None
    if parcel is None:
        show([row], outcome, at)
        return
    parcels.put([parcel], at)
    if row.message_id is not None and row.ticket_id is not None:
        db.session.execute(_OTHER_WAY, {"id": row.message_id, "way": parcel.kind, "detail": outcome.detail[:1000]})
        fact = WayChanged(row.message_id, row.kind, parcel.kind, outcome.detail.partition(" ")[0][:20])
        journal.record(row.ticket_id, fact, SYSTEM, at)


_OTHER_WAY = text("update message set channel = :way, delivery_detail = :detail where id = :id")


def _of_text(row: Row[Any], outcome: Outcome, at: datetime) -> Outcome:
    """With what the carrier has told of it by reports, which may have come before its answer, or in place of it."""
    if outcome.state is Delivery.SENT:
        return Outcome(*sending.taken(row.id, outcome.reference, outcome.parts, outcome.detail, at))
    if outcome.state is Delivery.UNKNOWN and (known := sending.heard_of(row.id)):
        return Outcome(*known)
    if outcome.code:
        sending.learn(row.kind, row.payload["to_address"], outcome.code, at)
    return outcome


def _decided(row: Row[Any], outcome: Outcome, at: datetime) -> tuple[Outcome, dict[str, Any]]:
    """What holds after this try, and the columns that say so. In doubt, a human's message is repeated once."""
    values: dict[str, Any] = {}
    may_repeat = not row.automatic and row.kind not in TEXTS and not row.payload.get("interrupted")
    if outcome.state is Delivery.UNKNOWN and may_repeat:
        outcome = Outcome(Delivery.WAITING, outcome.detail)
        values["payload"] = _INTERRUPTED
    due_at = row.due_at
    if outcome.state is Delivery.WAITING:
        outcome, due_at = _again(row, outcome, at)
    settled_at = None if outcome.state is Delivery.WAITING else at
    return outcome, values | {
        "state": outcome.state,
        "detail": outcome.detail[:1000] or None,
        "due_at": due_at,
        "settled_at": settled_at,
    }


def _again(row: Row[Any], outcome: Outcome, at: datetime) -> tuple[Outcome, datetime]:
    """The next moment to try, growing; after three days it counts as refused."""
    minutes = _MINUTES[min(row.attempts, len(_MINUTES)) - 1]
    due_at = at + timedelta(minutes=minutes)
    if due_at > row.created_at + PATIENCE:
        return Outcome(Delivery.REFUSED, f"given up after {row.attempts} tries: {outcome.detail}"), row.due_at
    return outcome, due_at


def show(rows: Sequence[Row[Any]], outcome: Outcome, at: datetime) -> None:
    """Mirrors a delivery on the messages it carries, and journals what is final."""
    carried = [row for row in rows if row.message_id is not None]
    if not carried:
        return
    values = {"delivery_state": outcome.state, "delivery_at": at, "delivery_detail": outcome.detail or None}
    ids = [row.message_id for row in carried]
    db.session.execute(update(_MESSAGES).where(_MESSAGES.c.id.in_(ids)).values(**values))
    if outcome.state is Delivery.WAITING:
        return
    for row in carried:
        if row.ticket_id is not None:
            journal.record(row.ticket_id, DeliverySettled(row.message_id, outcome.state.value), SYSTEM, at)


def give_up(message_id: int, at: datetime) -> None:
    """A failed letter need not arrive any more, for its reader was reached otherwise: nobody looks after it now."""
    values = {"state": Delivery.OTHERWISE, "settled_at": at}
    db.session.execute(update(_ROWS).where(_ROWS.c.message_id == message_id).values(**values))


@unit()
def sweep(at: datetime | None = None) -> int:
    """Looks after what a dead worker left in ``sending``; how many rows that were.

    Between the receiver's last byte and our commit nobody can know whether a mail went out. What a human
    wrote is repeated once with the same Message-ID; what is automatic, a short message, or was repeated already, is
    ``unknown``.
    """
    at = at or clock.now()
    left = (_ROWS.c.state == Delivery.SENDING, _ROWS.c.claimed_at < at - FORGOTTEN)
    repeated = or_(_ROWS.c.automatic, _ROWS.c.payload.has_key("interrupted"), _ROWS.c.kind.in_(TEXTS))
    lost = _move(left, repeated, Outcome(Delivery.UNKNOWN, "interrupted while it was sent"), at)
    again = _move(left, ~repeated, Outcome(Delivery.WAITING, "interrupted while it was sent"), at)
    return lost + again


def _move(left: Sequence[ColumnElement[bool]], which: ColumnElement[bool], outcome: Outcome, at: datetime) -> int:
    final = outcome.state is not Delivery.WAITING
    values = {
        "state": outcome.state,
        "detail": outcome.detail,
        "settled_at": at if final else None,
        "due_at": _ROWS.c.due_at if final else at,
        "payload": _INTERRUPTED,
    }
    moved = update(_ROWS).where(*left, which).values(**values).returning(_ROWS)
    rows = db.session.execute(moved).all()
    show(rows, outcome, at)
    return len(rows)


@unit()
def nudge(at: datetime | None = None) -> bool:
    """Wakes a worker where something waits and is due; the clock asks this every few seconds."""
    due = select(_ROWS.c.id).where(_ROWS.c.state == Delivery.WAITING, _ROWS.c.due_at <= (at or clock.now())).limit(1)
    found = db.session.execute(due).scalar() is not None
    if found:
        wake_now("post.deliver")
    return found


@dataclass(frozen=True)
class Returned:
    """A letter of ours that a notice is about: its ticket, its message there, and whether a person wrote it."""

    ticket_id: int
    message_id: int | None
    automatic: bool


def bounced(
    external_id: str, tickets: Sequence[int], addresses: Sequence[str], detail: str, at: datetime
) -> Returned | None:
    """Marks what bounced: sent under that Message-ID, else the last on those tickets. None where it is none of ours.

    The address must be the one we wrote to, so that knowing a Message-ID is not enough to forge it.
    """
    row = _letter(external_id, tickets, addresses)
    if row is None:
        return None
    if row.state not in {Delivery.BOUNCED, Delivery.OTHERWISE}:
        db.session.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(state=Delivery.BOUNCED, settled_at=at))
        show([row], Outcome(Delivery.BOUNCED, detail[:500]), at)
    return Returned(row.ticket_id, row.message_id, row.automatic)


def delayed(
    external_id: str, tickets: Sequence[int], addresses: Sequence[str], detail: str, at: datetime
) -> Returned | None:
    """Notes at a letter that a server still tries to deliver it; it may yet arrive, so its state stays."""
    row = _letter(external_id, tickets, addresses)
    if row is None:
        return None
    late = (_MESSAGES.c.id == row.message_id, _MESSAGES.c.delivery_state == Delivery.SENT)
    db.session.execute(update(_MESSAGES).where(*late).values(delivery_detail=detail[:500], delivery_at=at))
    return Returned(row.ticket_id, row.message_id, row.automatic)


COMPLAINED = "marked-as-spam"
"""The warning on a letter of ours whose reader marked it as spam."""


def complained(external_id: str) -> int | None:
    """Notes at a letter that its reader marked it as spam; its ticket, None where it is none of ours."""
    query = select(_ROWS.c.ticket_id, _ROWS.c.message_id).where(_ROWS.c.external_id == external_id)
    row = db.session.execute(query).one_or_none()
    if row is None or row.ticket_id is None:
        return None
    db.session.execute(_COMPLAINED, {"id": row.message_id, "word": COMPLAINED})
    return int(row.ticket_id)


_COMPLAINED = text(
    "update message set warnings = warnings || cast(:word as text) where id = :id and not :word = any(warnings)"
)


def _letter(external_id: str, tickets: Sequence[int], addresses: Sequence[str]) -> Row[Any] | None:
    written_to = func.lower(_ROWS.c.payload["to_address"].astext).in_([address.lower() for address in addresses])
    ours = or_(_ROWS.c.external_id == external_id, and_(literal(external_id == ""), _ROWS.c.ticket_id.in_(tickets)))
    query = select(_ROWS).where(ours, written_to, _ROWS.c.ticket_id.is_not(None)).order_by(_ROWS.c.id.desc()).limit(1)
    return db.session.execute(query.with_for_update()).one_or_none()
