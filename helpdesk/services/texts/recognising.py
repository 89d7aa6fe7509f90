"""A message that came in: from whom, about which request, or that its sender wants no more of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from helpdesk import events
from helpdesk.db import db, insert_many, table
from helpdesk.models.texts import TextMedia
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal, people
from helpdesk.services.arrival import Arrival
from helpdesk.services.texting import contacts
from helpdesk.services.texts import opting
from helpdesk.vocabulary import TEXTS

RECENT = timedelta(days=14)
"""How long what was said last by a number's messages is what its next one is about; after that it is something new."""

_MEDIA = table(TextMedia)


@dataclass(frozen=True)
class Place:
    """Where a message ended: which ticket and message it became."""

    arrival: Arrival
    ticket_id: int
    message_id: int | None


_LAST = text(
    """
    select text_contact.kind, text_contact.number, text_contact.ticket_id, text_contact.spoken_at,
           ticket.requester_id, person.phone
    from text_contact join ticket on ticket.id = text_contact.ticket_id
    left join person on person.id = ticket.requester_id
    where text_contact.number = any(:numbers)
    """
)
_ONLY = text(
    """
    select phone, case when count(*) = 1 then min(id) else min(id) filter (where email is null) end as id
    from person where phone = any(:numbers) group by phone
    """
)


def recognise(arrivals: Sequence[Arrival], at: datetime) -> list[Arrival]:
    """The same; a short message is from the only person known by its number, and about what was spoken of last.

    Where several are known by a number it is from the one who is known by nothing else, or from somebody new.
    """
    numbers = sorted({one.contact.phone for one in arrivals if one.channel in TEXTS and one.contact.phone})
    if not numbers:
        return list(arrivals)
    last = {(row.kind, row.number): row for row in db.session.execute(_LAST, {"numbers": numbers})}
    known = {row.phone: row.id for row in db.session.execute(_ONLY, {"numbers": numbers})}
    return [_known(one, last, known, at) if one.channel in TEXTS else one for one in arrivals]


def _known(
    arrival: Arrival, last: dict[tuple[str, str], Row[Any]], known: dict[str, int | None], at: datetime
) -> Arrival:
    number = arrival.contact.phone
    row = last.get((arrival.channel, number)) or next((one for (_, of), one in last.items() if of == number), None)
    if row is not None and arrival.received_at - row.spoken_at <= RECENT:
        theirs = row.requester_id if row.phone == number else None
        return replace(arrival, signed=(row.ticket_id,), requester_id=theirs or _person(arrival, known, at))
    return replace(arrival, requester_id=_person(arrival, known, at))


def _person(arrival: Arrival, known: dict[str, int | None], at: datetime) -> int | None:
    """None leaves it to intake to make somebody, where nobody is known by that number."""
    number = arrival.contact.phone
    if number in known and known[number] is None:
        known[number] = people.alone(arrival.contact, at)
    return known.get(number)


def stopped(arrival: Arrival, at: datetime) -> tuple[bool, int | None]:
    """Whether a message says nothing but that its sender wants none, or wants them again; and on which request that
    stands, where we speak of one."""
    if arrival.channel not in TEXTS or not arrival.contact.phone:
        return False, None
    number, ticket_id = arrival.contact.phone, next(iter(arrival.signed), None)
    if opting.wants_none(arrival):
        if contacts.decline(arrival.channel, number, "citizen", at) and ticket_id is not None:
            journal.record(ticket_id, events.TextsDeclined(arrival.channel), SYSTEM, at)
        return True, ticket_id
    if opting.wants_again(arrival) and contacts.accept(arrival.channel, number):
        if ticket_id is not None:
            journal.record(ticket_id, events.TextsAccepted(arrival.channel), SYSTEM, at)
        return True, ticket_id
    return opting.is_answered(arrival), ticket_id


def joined(places: Sequence[Place], at: datetime) -> None:
    """What follows from messages that were written: their numbers speak of those requests, their files are fetched."""
    texted = [one for one in places if one.arrival.channel in TEXTS and one.arrival.account is not None]
    for one in texted:
        account = one.arrival.account
        assert account is not None
        if one.arrival.contact.phone:
            number = one.arrival.contact.phone
            contacts.heard(one.arrival.channel, number, account.id, one.ticket_id, one.arrival.received_at)
    insert_many(_MEDIA, [row for one in texted if one.message_id is not None for row in _files(one, at)])


def _files(place: Place, at: datetime) -> list[dict[str, Any]]:
    account = place.arrival.account
    assert account is not None
    return [
        {
            "message_id": place.message_id,
            "ticket_id": place.ticket_id,
            "account_id": account.id,
            "sid": place.arrival.external_id,
            "url": file["url"],
            "content_type": file["content_type"],
            "state": "expected",
            "due_at": at,
        }
        for file in place.arrival.texted.get("media", ())
    ]
