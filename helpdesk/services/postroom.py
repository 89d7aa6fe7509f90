"""Post that needs a hand: what nobody could read, what was not delivered, what waits too long, what no clock reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal_column, or_, select, update

from helpdesk import clock, storage
from helpdesk.background import wake
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.events import DeliverySettled
from helpdesk.models.post import ChannelAccount, Inbound, Outbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import inbox, journal, timers, waiting
from helpdesk.services.scope import find, visible
from helpdesk.services.timers import again
from helpdesk.vocabulary import TEXTS, Delivery, InboundState

TOO_LONG = timedelta(minutes=15)
"""Post older than this that is still to be worked off or sent is worth a look."""

MOST = 50
"""Rows of a list on the page; what is mended makes room for the next."""

HEAD = 8_000
"""How much of a raw message is shown."""

_in, _out, _accounts = table(Inbound), table(Outbound), table(ChannelAccount)
_tickets, _messages = table(Ticket), table(Message)

# Spelled out, not bound: a partial index is only used when its condition is seen at planning time.
_UNREADABLE = literal_column("inbound.state = 'unreadable'", type_=_tickets.c.is_open.type)
_KEPT = literal_column("inbound.state = 'kept'", type_=_tickets.c.is_open.type)
_FAILED = literal_column("outbound.state in ('refused', 'unknown')", type_=_tickets.c.is_open.type)
_WAITING = literal_column("outbound.state = 'waiting'", type_=_tickets.c.is_open.type)


@dataclass(frozen=True)
class Raw:
    """A kept message as its bytes came."""

    row: Any
    body: bytes

    @property
    def head(self) -> str:
        """Its beginning as text: what is no text, or would turn the page's own, stands as a mark."""
        text = self.body[:HEAD].decode("utf-8", "replace").replace("\r\n", "\n")
        return "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)

    @property
    def is_cut(self) -> bool:
        """Whether there is more than the head."""
        return len(self.body) > HEAD


_LETTER: tuple[ColumnElement[Any], ...] = (
    _in.c.id, _in.c.kind, _in.c.state, _in.c.received_at, _in.c.due_at, _in.c.attempts, _in.c.error,
    func.length(_in.c.raw).label("size"), _in.c.reason, _accounts.c.address,
)  # fmt: skip


def _check(actor: Actor, verb: str) -> None:
    if not may(actor, verb):
        raise Forbidden("Post is for supervisors and administrators.")


def unreadable(actor: Actor) -> Sequence[Row[Any]]:
    """Arrivals that nobody could understand, newest first."""
    _check(actor, "see-post")
    query = select(*_LETTER).join(_accounts, _accounts.c.id == _in.c.account_id).where(_UNREADABLE)
    return db.session.execute(query.order_by(_in.c.id.desc()).limit(MOST)).all()


def kept_long(actor: Actor, now: datetime) -> Sequence[Row[Any]]:
    """Arrivals that should have become a ticket by now, oldest first."""
    _check(actor, "see-post")
    query = select(*_LETTER).join(_accounts, _accounts.c.id == _in.c.account_id)
    query = query.where(_KEPT, _in.c.received_at < now - TOO_LONG).order_by(_in.c.due_at, _in.c.id)
    return db.session.execute(query.limit(MOST)).all()


def raw(actor: Actor, inbound_id: int) -> Raw:
    """A message that is not processed, as it came; raises NotFound where it is not there or its bytes are gone."""
    _check(actor, "see-post")
    query = select(*_LETTER, _in.c.raw, _in.c.stored).join(_accounts, _accounts.c.id == _in.c.account_id)
    waits = or_(_UNREADABLE, _KEPT, _in.c.state.in_([InboundState.HELD, InboundState.DISCARDED]))
    row = db.session.execute(query.where(_in.c.id == inbound_id, waits)).one_or_none()
    if row is None or (row.raw is None and row.stored is None):
        raise NotFound("There is no such message that waits for a hand.")
    return Raw(row, storage.read(row.stored) if row.raw is None else bytes(row.raw))


def replay(actor: Actor, inbound_ids: Sequence[int]) -> list[int]:
    """Lets unreadable messages be read again; the ids of those that will be."""
    _check(actor, "replay-post")
    again = inbox.replay(inbound_ids)
    if inbound_ids and not again:
        raise Stale("Somebody has looked after that message already.")
    return again


_PARCEL: tuple[ColumnElement[Any], ...] = (
    _out.c.id, _out.c.kind, _out.c.state, _out.c.template, _out.c.automatic, _out.c.ticket_id, _out.c.message_id,
    _out.c.created_at, _out.c.due_at, _out.c.settled_at, _out.c.attempts, _out.c.detail,
    _out.c.payload["to_address"].astext.label("to_address"), _out.c.payload["subject"].astext.label("subject"),
)  # fmt: skip


def failed(actor: Actor) -> Sequence[Row[Any]]:
    """Outgoing messages that were refused or of which nobody knows whether they arrived, newest first."""
    _check(actor, "see-post")
    query = _parcels().where(_FAILED, _may_see(actor)).order_by(_out.c.id.desc()).limit(MOST)
    return db.session.execute(query).all()


def waiting_long(actor: Actor, now: datetime) -> Sequence[Row[Any]]:
    """Outgoing messages that have been due for long, oldest first."""
    _check(actor, "see-post")
    late = or_(_out.c.due_at < now - TOO_LONG, and_(_out.c.attempts > 0, _out.c.created_at < now - TOO_LONG))
    query = _parcels().where(_WAITING, late, _may_see(actor)).order_by(_out.c.due_at, _out.c.id)
    return db.session.execute(query.limit(MOST)).all()


def _parcels() -> Any:
    return select(*_PARCEL).outerjoin(_tickets, _tickets.c.id == _out.c.ticket_id)


def _may_see(actor: Actor) -> ColumnElement[bool]:
    """Post of a ticket is for who may read the ticket; what belongs to none (a password letter) for administrators."""
    if actor.sees_all:
        return or_(_out.c.ticket_id.is_(None), visible(actor))
    return and_(_out.c.ticket_id.is_not(None), visible(actor))


def set_aside(actor: Actor) -> Sequence[tuple[int, str]]:
    """Tickets of which the clock could not do something, of those the actor may see, with the reason."""
    _check(actor, "see-post")
    found = dict([*waiting.set_aside(), *again.failed(), *timers.set_aside()])
    query = select(_tickets.c.id).where(_tickets.c.id.in_(list(found)), visible(actor)).order_by(_tickets.c.id)
    return [(number, found[number]) for number in db.session.execute(query).scalars()] if found else []


@unit()
def send_again(actor: Actor, outbound_id: int, *, at: datetime | None = None) -> None:
    """Sends a refused or doubtful message once more, under the same Message-ID, so that it cannot count twice."""
    _back_to(actor, outbound_id, Delivery.WAITING, at or clock.now())
    wake("post.deliver")


@unit()
def settle(actor: Actor, outbound_id: int, state: str, *, at: datetime | None = None) -> None:
    """Says what became of a failed message: ``sent`` (it arrived after all) or ``withdrawn`` (it need not arrive)."""
    if state not in {Delivery.SENT, Delivery.WITHDRAWN}:
        raise Invalid("Say whether it arrived or need not arrive.", fields={"state": "sent or withdrawn"})
    _back_to(actor, outbound_id, Delivery(state), at or clock.now())


@unit()
def let_be(actor: Actor, outbound_ids: Sequence[int], *, at: datetime | None = None) -> int:
    """Says of several failed messages that they need not arrive; how many that were, for somebody may be at it, too."""
    settled = 0
    for outbound_id in sorted(set(outbound_ids)):
        try:
            _back_to(actor, outbound_id, Delivery.WITHDRAWN, at or clock.now())
            settled += 1
        except Stale:
            continue
    return settled


def _back_to(actor: Actor, outbound_id: int, state: Delivery, at: datetime) -> None:
    _check(actor, "replay-post")
    row = db.session.execute(select(_out).where(_out.c.id == outbound_id).with_for_update()).one_or_none()
    if row is None or (row.ticket_id is None and not actor.sees_all):
        raise NotFound("There is no such message.")
    if row.ticket_id is not None and not may(actor, "reply", find(actor, row.ticket_id)):
        raise Forbidden("That ticket belongs to another department.")
    if row.state not in {Delivery.REFUSED, Delivery.UNKNOWN}:
        raise Stale("Somebody has looked after that message already.")
    again = state is Delivery.WAITING
    if again and row.kind in TEXTS and row.state == Delivery.UNKNOWN:
        raise Stale("The carrier is asked first whether it has this message: it could arrive twice.", code="in-doubt")
    values = {"attempts": 0, "due_at": at} if again else {}
    values |= {"state": state, "settled_at": None if again else at, "detail": None}
    db.session.execute(update(_out).where(_out.c.id == outbound_id).values(**values))
    _mirror(actor, row, state, at)


def _mirror(actor: Actor, row: Row[Any], state: Delivery, at: datetime) -> None:
    """The message on the ticket shows it, and the journal says who decided."""
    if row.message_id is None or row.ticket_id is None:
        return
    shown = {"delivery_state": state, "delivery_at": at, "delivery_detail": None}
    db.session.execute(update(_messages).where(_messages.c.id == row.message_id).values(**shown))
    journal.record(row.ticket_id, DeliverySettled(row.message_id, state.value), actor, at)
