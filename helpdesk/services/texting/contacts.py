"""Citizens' numbers on channels of short messages: who wrote when about which request, and who wants no more."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db

WINDOW = timedelta(hours=24)
"""How long after a citizen's message WhatsApp takes free words; only their next one opens it again."""

Contacts = Mapping[tuple[str, str], Row[Any]]
"""By channel and number."""

_KNOWN = text("select * from text_contact where number = any(:numbers)")


def known(numbers: Iterable[str]) -> Contacts:
    """What is known of these numbers, on every channel; no statement where none is asked for."""
    wanted = sorted({number for number in numbers if number})
    if not wanted:
        return {}
    return {(row.kind, row.number): row for row in db.session.execute(_KNOWN, {"numbers": wanted})}


def closes_at(row: Row[Any] | None) -> datetime | None:
    """When free words on WhatsApp end for that number, past or to come; None where nobody has written from it.

    Where the carrier said that it is over, its clock is the right one.
    """
    if row is None or row.heard_at is None:
        return None
    end: datetime = row.heard_at + WINDOW
    return min(end, row.shut_at) if row.shut_at and row.shut_at >= row.heard_at else end


_HEARD = text(
    """
    insert into text_contact (kind, number, account_id, ticket_id, spoken_at, heard_at)
    values (:kind, :number, :account, :ticket, :at, :at)
    on conflict (kind, number) do update set
        account_id = excluded.account_id, ticket_id = coalesce(excluded.ticket_id, text_contact.ticket_id),
        spoken_at = greatest(text_contact.spoken_at, excluded.spoken_at),
        heard_at = greatest(text_contact.heard_at, excluded.heard_at)
    """
)
_SPOKE = text(
    """
    insert into text_contact (kind, number, ticket_id, spoken_at) values (:kind, :number, :ticket, :at)
    on conflict (kind, number) do update set ticket_id = excluded.ticket_id, spoken_at = excluded.spoken_at
    """
)


def heard(kind: str, number: str, account_id: int, ticket_id: int | None, at: datetime) -> None:
    """They wrote to us; what they write next belongs there, too."""
    told = {"kind": kind, "number": number, "account": account_id, "ticket": ticket_id, "at": at}
    db.session.execute(_HEARD, told)


def spoke(kind: str, number: str, ticket_id: int, at: datetime) -> None:
    """We wrote to them about that request; an answer belongs there."""
    db.session.execute(_SPOKE, {"kind": kind, "number": number, "ticket": ticket_id, "at": at})


_DECLINE = text(
    """
    insert into text_contact (kind, number, spoken_at, declined_at, declined_how)
    values (:kind, :number, :at, :at, :how)
    on conflict (kind, number) do update
        set declined_at = coalesce(text_contact.declined_at, excluded.declined_at),
            declined_how = case when text_contact.declined_at is null then excluded.declined_how
                                else text_contact.declined_how end
    returning declined_at = :at as new
    """
)
_ACCEPT = text(
    """
    update text_contact set declined_at = null, declined_how = ''
    where kind = :kind and number = :number and declined_at is not null returning kind
    """
)


def decline(kind: str, number: str, how: str, at: datetime) -> bool:
    """They want nothing more by this channel; whether that is news."""
    return bool(db.session.execute(_DECLINE, {"kind": kind, "number": number, "how": how, "at": at}).scalar())


def accept(kind: str, number: str) -> bool:
    """They want it again; whether that is news."""
    return db.session.execute(_ACCEPT, {"kind": kind, "number": number}).scalar() is not None


_SHUT = text("update text_contact set shut_at = :at where kind = :kind and number = :number")


def shut(kind: str, number: str, at: datetime) -> None:
    """The carrier says that free words are over: its clock counts."""
    db.session.execute(_SHUT, {"kind": kind, "number": number, "at": at})
