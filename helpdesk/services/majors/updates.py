"""One word to everybody concerned: on each ticket's own page, one letter a person, the banner, the stakeholders."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, text, update

from helpdesk import events, i18n
from helpdesk.background import later
from helpdesk.db import db, insert_many, insert_numbered, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.majors import MajorIncident, MajorLetter, MajorUpdate
from helpdesk.models.tickets import Message
from helpdesk.permissions import Actor
from helpdesk.services import correspondence, journal, outbox
from helpdesk.services.correspondence import Notice
from helpdesk.services.hands import held
from helpdesk.services.majors import banner, naming, reading, stakeholders
from helpdesk.services.majors.naming import Words
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import TERMINAL, ActorKind, Audience, Delivery, Direction

_UPDATES, _LETTERS, _MESSAGES = table(MajorUpdate), table(MajorLetter), table(Message)
PORTION = 100
"""Tickets that hear of an update in one transaction: few enough to hold them briefly."""

SHORTEST, LONGEST = 5, 24 * 60
"""Minutes until the next update."""


@unit()
def publish(
    actor: Actor,
    number: int,
    texts: Words,
    next_minutes: int | None = None,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> int:
    """Tells everybody concerned how things stand, and when they hear again; the update's id.

    The banner says it at once, the letters follow in portions: one a person and update, however many tickets they
    sent, in their language, each on the page of their own ticket. Raises NotFound, Forbidden, Stale, Invalid.
    """
    with held(actor, number, "coordinate-major", version, at) as hand:
        major = reading.lasting(hand)
        if hand.ticket.status in TERMINAL:
            raise Stale("It is closed: nobody is told any more.", code="illegal-move")
        told, over = naming.texts(texts, "text"), major.ended_at is not None
        next_at = None if over else hand.at + timedelta(minutes=_minutes(next_minutes, major))
        row = {"ticket_id": number, "texts": told, "at": hand.at, "author_id": actor.id, "next_at": next_at}
        made: int = db.session.execute(insert(_UPDATES).values(row).returning(_UPDATES.c.id)).scalar_one()
        major.next_update_at, major.alarms = next_at, 0
        hand.acknowledge()
        hand.record(events.MajorUpdatePublished(made, next_at.isoformat() if next_at else None))
        banner.change(major, told)
        stakeholders.tell(major, told, hand.at, over=over)
        later("majors.spread", made)
        return made


def _minutes(given: int | None, major: MajorIncident) -> int:
    minutes = major.update_minutes if given is None else given
    if not SHORTEST <= minutes <= LONGEST:
        told = {"next_minutes": f"{SHORTEST} to {LONGEST} minutes"}
        raise Invalid("An update is promised within a day.", fields=told)
    return minutes


def spread(update_id: int) -> int:
    """Lets an update reach all who have not got it; how many tickets that were. Goes on where a killed one stopped."""
    reached = 0
    while reaching := portion(update_id):
        reached += reaching
    return reached


@unit()
def portion(update_id: int) -> int:
    """The next tickets of an update, with all that they get, in one transaction; nobody else works on it meanwhile."""
    query = select(_UPDATES).where(_UPDATES.c.id == update_id, _UPDATES.c.done_at.is_(None)).with_for_update()
    row = db.session.execute(query).one_or_none()
    if row is None:
        return 0
    tickets = db.session.execute(_NEXT, {"update": row.id, "parent": row.ticket_id, "limit": PORTION}).all()
    if tickets:
        _say(row, tickets)
    else:
        db.session.execute(update(_UPDATES).where(_UPDATES.c.id == row.id).values(done_at=row.at))
    return len(tickets)


_NEXT = text(
    """
    select ticket.id, ticket.language, ticket.requester_id, ticket.channel,
           exists (select from major_letter where update_id = :update and person_id = ticket.requester_id) as lettered
    from ticket left join major_child on major_child.ticket_id = ticket.id and major_child.parent_id = :parent
    where (ticket.id = :parent or (major_child.state <> 'resolved' and (ticket.is_open or ticket.status = 'merged')))
      and not exists (select from major_letter where update_id = :update and major_letter.ticket_id = ticket.id)
      and (ticket.id = :parent or major_child.linked_at <= (select at from major_update where id = :update))
    order by ticket.id limit :limit for no key update of ticket
    """
)


def _say(row: Row[Any], tickets: Sequence[Row[Any]]) -> None:
    """Each ticket's page shows it; of a person's tickets the first carries the letter."""
    major = db.session.get_one(MajorIncident, row.ticket_id)
    parcels = correspondence.compose([_notice(row, major, ticket) for ticket in _addressed(tickets)], row.at)
    written = {parcel.ticket_id: parcel.message_id for parcel in _with_letters(row, tickets, parcels)}
    silent = [ticket for ticket in tickets if ticket.id not in written]
    lettered = set(written)
    rows = [_message(row, ticket) for ticket in silent]
    written |= dict(zip([ticket.id for ticket in silent], insert_numbered(_MESSAGES, rows), strict=True))
    kept = [
        {
            "update_id": row.id,
            "ticket_id": ticket.id,
            "person_id": ticket.requester_id if ticket.id in lettered else None,
            "message_id": written[ticket.id],
        }
        for ticket in tickets
    ]
    insert_many(_LETTERS, kept)
    _journal(row, tickets, written)


def _addressed(tickets: Sequence[Row[Any]]) -> list[Row[Any]]:
    """One ticket of each person who has no letter of this update yet."""
    first: dict[int, Row[Any]] = {}
    for ticket in tickets:
        if ticket.requester_id is not None and not ticket.lettered:
            first.setdefault(ticket.requester_id, ticket)
    return list(first.values())


def _notice(row: Row[Any], major: MajorIncident, ticket: Row[Any]) -> Notice:
    language = i18n.chosen(ticket.language)
    values = {
        "title": i18n.pick(major.titles, language),
        "text": i18n.pick(row.texts, language),
        "next_at": row.next_at,
    }
    return Notice(ticket.id, "major_update", values=values)


def _with_letters(row: Row[Any], tickets: Sequence[Row[Any]], parcels: Sequence[Parcel]) -> Sequence[Parcel]:
    if not parcels:
        return []
    known = {ticket.id: ticket for ticket in tickets}
    messages = [
        _message(row, known[parcel.ticket_id or 0])
        | {
            "channel": parcel.kind,
            "external_id": parcel.external_id,
            "delivery_state": Delivery.WAITING,
            "delivery_at": row.at,
        }
        for parcel in parcels
    ]
    return outbox.put_with(messages, parcels, row.at)


def _message(row: Row[Any], ticket: Row[Any]) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "direction": Direction.OUTBOUND,
        "audience": Audience.PUBLIC,
        "channel": ticket.channel,
        "author_id": row.author_id,
        "at": row.at,
        "subject": "",
        "text": i18n.pick(row.texts, ticket.language),
        "language": ticket.language,
    }


_ANSWERED = text("update ticket set first_response_at = :at where id = any(:ids) and first_response_at is null")


def _journal(row: Row[Any], tickets: Sequence[Row[Any]], written: Mapping[Any, Any]) -> None:
    """A person's word to each of them: it is an answer, and the clocks hear it."""
    author = Actor(ActorKind.STAFF, row.author_id) if row.author_id else Actor(ActorKind.SYSTEM)
    db.session.execute(_ANSWERED, {"ids": [ticket.id for ticket in tickets], "at": row.at})
    for ticket in tickets:
        journal.record(ticket.id, events.ReplySent(written[ticket.id], ticket.channel), author, row.at)


def undone() -> list[int]:
    """Updates that have not reached all yet; whoever finds one goes on with it."""
    query = select(_UPDATES.c.id).where(_UPDATES.c.done_at.is_(None)).order_by(_UPDATES.c.id)
    return list(db.session.execute(query).scalars())
