"""Mail that waits for a person: let in, discarded with a reason, and brought back; nothing is deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from channels import registry
from channels.message import InboundMessage
from channels.port import Raw, Unreadable
from helpdesk import clock, storage
from helpdesk.background import wake
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.post import ChannelAccount, Inbound
from helpdesk.permissions import Actor, may
from helpdesk.services import house
from helpdesk.vocabulary import InboundState

MOST = 50
LOOK = 64 * 1024
"""Bytes of a raw message that are read to tell who wrote and about what."""

REASONS = ("spam", "duplicate", "machine", "mistake", "other")
"""Why a person discards something."""

_rows, _accounts = table(Inbound), table(ChannelAccount)


@dataclass(frozen=True)
class Waiting:
    """A message that is held or was discarded, with what its beginning tells of it."""

    row: Any
    sender: str
    name: str
    subject: str
    beginning: str
    spam: Mapping[str, Any]


def held(actor: Actor) -> Sequence[Waiting]:
    """The spam queue, newest first."""
    return _waiting(actor, InboundState.HELD)


def discarded(actor: Actor) -> Sequence[Waiting]:
    """What was discarded lately, newest first."""
    return _waiting(actor, InboundState.DISCARDED)


def _waiting(actor: Actor, state: InboundState) -> Sequence[Waiting]:
    _check(actor, "see-post")
    beginning = func.substring(_rows.c.raw, 1, LOOK).label("beginning")
    columns = (_rows.c.id, _rows.c.kind, _rows.c.state, _rows.c.reason, _rows.c.received_at, _rows.c.processed_at)
    query = select(*columns, beginning, _rows.c.envelope, _rows.c.stored, _accounts.c.address)
    query = query.join(_accounts, _accounts.c.id == _rows.c.account_id).where(_rows.c.state == state)
    found = db.session.execute(query.order_by(_rows.c.id.desc()).limit(MOST)).all()
    return [_looked_at(row) for row in found]


def _looked_at(row: Any) -> Waiting:
    told = _told(row)
    if told is None:
        return Waiting(row, "", "", "", "", {})
    words = " ".join((told.reply or told.text).split())[:240]
    return Waiting(row, told.sender.address, told.sender.name, told.subject, words, told.spam)


def _beginning(row: Any) -> bytes:
    if row.beginning is None and row.stored:
        return storage.beginning(row.stored, LOOK)
    return bytes(row.beginning or b"")


def _told(row: Any) -> InboundMessage | None:
    try:
        return registry.get(row.kind).parse(Raw(_beginning(row), envelope=row.envelope))
    except Unreadable:
        return None


@unit()
def let_in(actor: Actor, inbound_ids: Sequence[int], *, at: datetime | None = None) -> int:
    """Says that held messages are none of what they were held for: they become tickets, late clocks and all.

    Raises Stale where somebody decided before.
    """
    at = at or clock.now()
    _check(actor, "replay-post")
    values = {"state": InboundState.KEPT, "cleared": True, "reason": None, "due_at": at, "attempts": 0}
    ids = _moved(inbound_ids, (InboundState.HELD,), values)
    wake("post.process")
    _note(actor, "let-in", ids, at)
    return len(ids)


@unit()
def discard(actor: Actor, inbound_ids: Sequence[int], reason: str, *, at: datetime | None = None) -> int:
    """Puts held or unreadable messages aside for a reason; they stay, are counted, and can be brought back."""
    at = at or clock.now()
    _check(actor, "replay-post")
    if reason not in REASONS:
        raise Invalid("Say why it is discarded.", fields={"reason": "Choose one."})
    values = {"state": InboundState.DISCARDED, "reason": reason, "processed_at": at}
    ids = _moved(inbound_ids, (InboundState.HELD, InboundState.UNREADABLE), values)
    _note(actor, "discarded", ids, at, reason=reason)
    return len(ids)


@unit()
def bring_back(actor: Actor, inbound_ids: Sequence[int], *, at: datetime | None = None) -> int:
    """Undoes a discarding: the messages wait for a decision again."""
    at = at or clock.now()
    _check(actor, "replay-post")
    ids = _moved(inbound_ids, (InboundState.DISCARDED,), {"state": InboundState.HELD, "reason": "brought-back"})
    _note(actor, "brought-back", ids, at)
    return len(ids)


def _moved(inbound_ids: Sequence[int], origin: Sequence[str], values: dict[str, Any]) -> list[int]:
    there = (_rows.c.id.in_(inbound_ids), _rows.c.state.in_(origin))
    ids = list(db.session.execute(update(_rows).where(*there).values(**values).returning(_rows.c.id)).scalars())
    if not ids:
        raise Stale("Somebody has looked after that message already.")
    return sorted(ids)


def _note(actor: Actor, act: str, ids: Sequence[int], at: datetime, **told: str) -> None:
    for inbound_id in ids:
        house.record(actor, act, "mail", inbound_id, at, told)


def _check(actor: Actor, verb: str) -> None:
    if not may(actor, verb):
        raise Forbidden("Post is for supervisors and administrators.")
