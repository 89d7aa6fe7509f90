"""Putting messages into the outbox, and taking one back before it leaves."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text, update

from helpdesk.background import wake
from helpdesk.db import as_rows, db, insert_and, insert_many, table
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message
from helpdesk.vocabulary import Delivery

_ROWS = table(Outbound)
_MESSAGES = table(Message)


@dataclass(frozen=True)
class Enclosure:
    """A file in storage that goes with a message."""

    sha256: str
    name: str
    content_type: str


@dataclass(frozen=True)
class Parcel:
    """One finished outgoing message. ``external_id`` is its Message-ID, minted beforehand by `mint`."""

    kind: str
    account_id: int | None
    external_id: str
    to_address: str
    subject: str
    text: str
    to_name: str = ""
    html: str | None = None
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    template: str = ""
    automatic: bool = False
    ticket_id: int | None = None
    message_id: int | None = None
    due_at: datetime | None = None
    language: str = ""
    held: bool = False
    """Whether a person must let it go first."""
    content_sid: str = ""
    variables: tuple[str, ...] = ()
    """The carrier's name for approved words, and what is filled in, where only such may be sent."""
    instead: "Parcel | None" = None
    """The same by the next way, for when this one fails."""


_COLUMNS = ("kind", "account_id", "external_id", "template", "automatic", "ticket_id", "message_id")
_PAYLOAD = ("to_address", "to_name", "subject", "text", "html", "reply_to", "in_reply_to", "references")


def mint(address: str) -> str:
    """A new Message-ID at the domain of one of our addresses, without angle brackets."""
    domain = address.rpartition("@")[2] or "helpdesk.invalid"
    return f"{secrets.token_hex(16)}@{domain}"


_PUT_WITH = """
    insert into outbound (kind, account_id, external_id, template, automatic, ticket_id, message_id, payload, state,
                          created_at, due_at)
    select parcel.kind, parcel.account_id, parcel.external_id, parcel.template, parcel.automatic, parcel.ticket_id,
           inserted.id, parcel.payload, parcel.state, parcel.created_at, parcel.due_at
    from jsonb_populate_recordset(cast(null as outbound), cast(:parcels as jsonb)) as parcel
    join inserted on inserted.external_id = parcel.external_id
    returning external_id, message_id
    """


def put_with(messages: Sequence[Mapping[str, Any]], parcels: Sequence[Parcel], at: datetime) -> list[Parcel]:
    """Puts parcels in together with new messages that show them on their tickets; each then names its message."""
    rows = as_rows([_row(parcel, at) for parcel in parcels])
    made = insert_and(_MESSAGES, messages, "returning id, external_id", _PUT_WITH, parcels=rows)
    ids = {row.external_id: row.message_id for row in made}
    wake("post.deliver")
    return [replace(parcel, message_id=ids[parcel.external_id]) for parcel in parcels]


def put(parcels: Sequence[Parcel], at: datetime) -> None:
    """Puts them in, waiting until their ``due_at`` (default: ``at``), and wakes a worker after the commit.

    The message on the ticket gets the same id and shows the delivery as waiting.
    """
    if not parcels:
        return
    insert_many(_ROWS, [_row(parcel, at) for parcel in parcels])
    mirrored = [parcel for parcel in parcels if parcel.message_id is not None]
    if mirrored:
        _mirror(mirrored, at)
    wake("post.deliver")


def withdraw(message_id: int, at: datetime) -> bool:
    """Takes a message back as long as nobody began to send it; whether that succeeded."""
    waits = (_ROWS.c.message_id == message_id, _ROWS.c.state == Delivery.WAITING, _ROWS.c.attempts == 0)
    taken = update(_ROWS).where(*waits).values(state=Delivery.WITHDRAWN, settled_at=at).returning(_ROWS.c.id)
    if not db.session.execute(taken).scalars().all():
        return False
    shown = {"delivery_state": Delivery.WITHDRAWN, "delivery_at": at}
    db.session.execute(update(_MESSAGES).where(_MESSAGES.c.id == message_id).values(**shown))
    return True


def release(ids: Sequence[int], state: Delivery, at: datetime) -> int:
    """Lets held messages go (``waiting``) or takes them back (``withdrawn``); how many still were held."""
    final = state is not Delivery.WAITING
    moved = update(_ROWS).where(_ROWS.c.id.in_(ids), _ROWS.c.state == Delivery.HELD)
    values = {"state": state, "due_at": at, "settled_at": at if final else None}
    rows = db.session.execute(moved.values(**values).returning(_ROWS.c.id, _ROWS.c.message_id)).all()
    shown = update(_MESSAGES).where(_MESSAGES.c.id.in_([row.message_id for row in rows if row.message_id]))
    db.session.execute(shown.values(delivery_state=state, delivery_at=at))
    if rows and not final:
        wake("post.deliver")
    return len(rows)


def _row(parcel: Parcel, at: datetime) -> dict[str, Any]:
    row = {name: getattr(parcel, name) for name in _COLUMNS}
    payload = {name: getattr(parcel, name) for name in _PAYLOAD}
    payload["enclosures"] = [asdict(enclosure) for enclosure in parcel.enclosures]
    if parcel.content_sid:
        payload |= {"content_sid": parcel.content_sid, "variables": parcel.variables}
    if parcel.instead is not None:
        payload["instead"] = _second(parcel.instead)
    return row | {
        "payload": payload,
        "state": Delivery.HELD if parcel.held else Delivery.WAITING,
        "created_at": at,
        "due_at": parcel.due_at or at,
    }


def _second(parcel: Parcel) -> dict[str, Any]:
    """A parcel as it stands with the first one."""
    told = {name: getattr(parcel, name) for name in (*_COLUMNS, *_PAYLOAD, "language")}
    told["enclosures"] = [asdict(one) for one in parcel.enclosures]
    return {name: value for name, value in told.items() if name not in ("ticket_id", "message_id")}


def second_way(payload: Mapping[str, Any], ticket_id: int | None, message_id: int | None) -> Parcel | None:
    """The parcel that goes where the first way failed; None where there is no other."""
    told = payload.get("instead")
    if not told:
        return None
    enclosures = tuple(Enclosure(**one) for one in told["enclosures"])
    fields = told | {"enclosures": enclosures, "references": tuple(told["references"])}
    return Parcel(**fields, ticket_id=ticket_id, message_id=message_id)


_MIRROR = text(
    """
    update message set external_id = parcel.external_id, delivery_state = 'waiting', delivery_at = :at
    from unnest(cast(:ids as bigint[]), cast(:names as text[])) as parcel(id, external_id)
    where message.id = parcel.id
    """
)


def _mirror(parcels: Sequence[Parcel], at: datetime) -> None:
    ids = [parcel.message_id for parcel in parcels]
    names = [parcel.external_id for parcel in parcels]
    db.session.execute(_MIRROR, {"ids": ids, "names": names, "at": at})
