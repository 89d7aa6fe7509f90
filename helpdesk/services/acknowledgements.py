"""Tells the citizen at once that the request arrived: number, department, promised date, link and code."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.events import TicketOpened
from helpdesk.services import automatic, correspondence, screening
from helpdesk.services.correspondence import Notice
from helpdesk.services.journal import Recorded

CODE = automatic.RECEIPT
CUT = frozenset({"message-cut", "parts-cut", "files-cut"})
"""Warnings on a message of which not all was taken in: its sender is told how to send the rest."""

STRANGER = timedelta(days=1)
"""Somebody whom we know for less than this."""

MOST_A_DAY = 50
"""Automatic mails to one address a day: what stops a loop that no header gave away."""


def acknowledge(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketOpened, for all tickets of a transaction at once.

    Nothing goes to machines, to senders who want no automatic answer, or beyond the daily cap.
    """
    opened = [fact for fact in facts if isinstance(fact.event, TicketOpened) and not fact.event.automatic]
    if not opened:
        return
    at = max(fact.at for fact in opened)
    rows = _within_cap(_welcome(opened, at))
    notices = [_notice(row) for row in rows]
    if notices:
        _send(notices, rows, _waiting_for_review(rows, at), at)


def _waiting_for_review(rows: Sequence[Row[Any]], at: datetime) -> frozenset[int]:
    """The tickets of strangers whose acknowledgement a person must let go, while the brake is on."""
    strangers = [row for row in rows if not _proven(row.authentication) and row.known_since > at - STRANGER]
    wanted = [screening.Wanted(row.address, row.subject) for row in strangers]
    return frozenset(row.id for row in strangers) if screening.held_back(wanted, at) else frozenset()


_WELCOME = text(
    f"""
    with welcome as (
        select {correspondence.FACTS}, coalesce(lower(person.email), person.phone) as address, message.authentication,
               person.created_at as known_since, message.warnings,
               (select link.from_id from link where link.to_id = ticket.id and link.kind = 'follow_up' limit 1)
                   as earlier,
               (select link.from_id from link where link.to_id = ticket.id and link.kind = 'split' limit 1) as part_of,
               (select min(ticket_clock.due_at) from ticket_clock
                where ticket_clock.ticket_id = ticket.id and ticket_clock.name = 'resolution') as promised_at,
               call.phone as call_to, call.begins_at as call_begins_at, call.ends_at as call_ends_at,
               call.way as call_way
        from unnest(cast(:tickets as bigint[]), cast(:messages as bigint[])) as opened(ticket_id, message_id)
        join ticket on ticket.id = opened.ticket_id
        {correspondence.BESIDE_TICKET}
        left join message on message.id = opened.message_id
        left join callback_promise as call on call.ticket_id = ticket.id and call.state = 'scheduled'
        where message.id is null or not :quiet = any(message.warnings)
    ), counted as (
        insert into sent_automatically (address, day, count)
        select address, :day, count(*) from welcome group by address order by address
        on conflict (address, day) do update set count = sent_automatically.count + excluded.count
        returning address, count as so_far
    )
    select welcome.*, counted.so_far, count(*) over (partition by address) as wanted
    from welcome join counted using (address) order by welcome.id
    """  # noqa: S608 - our own words
).bindparams(bindparam("thread", correspondence.THREAD))


def _welcome(opened: Sequence[Recorded], at: datetime) -> Sequence[Row[Any]]:
    """The tickets with what their letters tell; each letter is counted against its address's cap."""
    told = {
        "tickets": [fact.ticket_id for fact in opened],
        "messages": [getattr(fact.event, "message_id", None) for fact in opened],
        "quiet": automatic.MAY_NOT_ANSWER,
        "day": f"{at.astimezone(i18n.ZONE):%Y-%m-%d}",
    }
    return db.session.execute(_WELCOME, told).all()


def _within_cap(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Leaves out what is beyond an address's cap."""
    left = {row.address: MOST_A_DAY - (row.so_far - row.wanted) for row in rows}
    return [row for row in rows if _take(left, row.address)]


def _take(left: dict[str, int], address: str) -> bool:
    left[address] -= 1
    return left[address] >= 0


def _notice(row: Row[Any]) -> Notice:
    """The citizen's own words go back only to a proven address: else we could be made to carry spam."""
    values: Mapping[str, Any] = {
        "subject": row.subject if _proven(row.authentication) else "",
        "promised_at": row.promised_at,
        "cut": not CUT.isdisjoint(row.warnings or ()),
    }
    if row.call_begins_at is not None:
        call = {"call_phone": row.call_to, "call_begins": row.call_begins_at, "call_ends": row.call_ends_at}
        call["call_way"] = row.call_way
        return Notice(row.id, "call_promised", values={**values, **call}, automatic=True)
    if row.part_of is not None:
        return Notice(row.id, "split", values={**values, "earlier": row.part_of}, automatic=True)
    if row.earlier is None:
        return Notice(row.id, "received", values=values, automatic=True)
    return Notice(row.id, "follow_up", values={**values, "earlier": row.earlier}, automatic=True)


def _proven(authentication: Mapping[str, Any] | None) -> bool:
    return bool(authentication and authentication.get("trusted") and authentication.get("aligned"))


def _send(notices: Sequence[Notice], rows: Sequence[Row[Any]], held: frozenset[int], at: datetime) -> None:
    """The letter also stands on the ticket, as an automatic message that stops no clock, without link and code."""
    parcels = correspondence.compose(notices, at, {row.id: row for row in rows})
    automatic.put([replace(parcel, held=parcel.ticket_id in held) for parcel in parcels], CODE, at)
