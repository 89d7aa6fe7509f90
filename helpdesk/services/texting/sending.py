"""A short message on its way: whether it may leave now, that it was asked for, and what the carrier knows of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from channels import segments
from channels.carrier import text_refusal
from helpdesk.db import db
from helpdesk.services.texting import contacts, limits
from helpdesk.services.texting.routes import SMS, WHATSAPP
from helpdesk.vocabulary import Delivery

LATER = timedelta(minutes=10)
FIRST_LOOK = timedelta(seconds=30)
SILENCE = timedelta(minutes=10)
"""A message of which the carrier tells nothing for so long is asked for."""

OPTED_OUT, SHUT = "21610", "63016"
"""The carrier's codes: the citizen wants none; free words are over."""


@dataclass(frozen=True)
class Verdict:
    """Whether a message leaves: refused for a reason, or put off; neither: it leaves."""

    refused: str = ""
    until: datetime | None = None


def admit(row: Row[Any], account_id: int | None, at: datetime) -> Verdict:
    """The last look before a claimed row of the outbox is sent; one that may leave counts as asked for from now on."""
    number = str(row.payload.get("to_address", ""))
    known = contacts.known([number]).get((row.kind, number))
    if known is not None and known.declined_at is not None:
        return Verdict(refused=f"{OPTED_OUT} they want no messages")
    if row.kind == SMS and (why := text_refusal(number, limits.countries())):
        return Verdict(refused=f"not-sent {why}")
    rules, spent = limits.limits(), limits.spent(number, at, row.id)
    parts = segments.count(str(row.payload.get("text", ""))).parts
    if spent.to_one >= rules.to_one_a_day:
        return Verdict(refused="not-sent too-many")
    if not rules.sending or spent.parts + parts > rules.parts_a_day:
        return Verdict(until=at + LATER)
    told = {"id": row.id, "account": account_id, "kind": row.kind, "number": number, "parts": parts, "at": at}
    db.session.execute(_ASK, told | {"key": row.external_id.partition("@")[0], "look": at + FIRST_LOOK})
    if row.ticket_id is not None:
        contacts.spoke(row.kind, number, row.ticket_id, at)  # their answer belongs to what we write about now
    return Verdict()


_ASK = text(
    """
    insert into text_message (outbound_id, account_id, kind, number, key, parts, asked_at, changed_at, look_at)
    values (:id, :account, :kind, :number, :key, :parts, :at, :at, :look)
    on conflict (outbound_id) do update set asked_at = excluded.asked_at, look_at = excluded.look_at
    """
)
_TAKEN = text(
    """
    update text_message set sid = coalesce(sid, :sid), parts = :parts, rank = greatest(rank, 1),
           state = case when rank = 0 then :state else state end, changed_at = :at, look_at = :look
    where outbound_id = :id returning rank, error, state
    """
)
_KNOWN = text("select rank, error, state from text_message where outbound_id = :id for update")


def taken(outbound_id: int, sid: str, parts: int, state: str, at: datetime) -> tuple[Delivery, str]:
    """The carrier took it; how it stands by all that was told of it so far, and why where that is bad."""
    told = {"id": outbound_id, "sid": sid, "parts": parts, "state": state[:40], "at": at, "look": at + SILENCE}
    row = db.session.execute(_TAKEN, told).one()
    return stands(row.state, row.rank), detail(row.error)


def heard_of(outbound_id: int) -> tuple[Delivery, str] | None:
    """How a message stands whose answer was lost, where the carrier has told of it since; None: nobody knows."""
    row = db.session.execute(_KNOWN, {"id": outbound_id}).one_or_none()
    return None if row is None or not row.rank else (stands(row.state, row.rank), detail(row.error))


_BAD = frozenset({"failed", "undelivered", "canceled"})


def stands(state: str, rank: int) -> Delivery:
    """What a state of the carrier's means here."""
    if state in _BAD:
        return Delivery.BOUNCED
    return Delivery.READ if rank >= 6 else Delivery.DELIVERED if rank == 5 else Delivery.SENT


def detail(code: str) -> str:
    """An error of the carrier as it stands with a message; the pages say it in plain words."""
    return f"{code} the carrier could not deliver it" if code else ""


def learn(kind: str, number: str, code: str, at: datetime) -> None:
    """What an error tells of the number: that it wants none, or that free words are over."""
    if code == OPTED_OUT:
        contacts.decline(kind, number, "carrier", at)
    elif code == SHUT and kind == WHATSAPP:
        contacts.shut(kind, number, at)
