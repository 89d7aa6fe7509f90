"""Takes many arrivals in at once: understood first, then one insert a table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from helpdesk.db import insert_and, insert_many, table
from helpdesk.events import ComplaintNamed, ProtocolEntered, SplitFrom, TicketOpened, TicketRouted, TicketsLinked
from helpdesk.models.tickets import Attachment, Link, Message, Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import (
    effects,
    journal,
    learning,
    ownership,
    people,
    protocol,
    scanning,
    timers,
    triage,
    undelivered,
)
from helpdesk.services.arrival import Arrival
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.effects import Said
from helpdesk.services.intake import returns, rows, shortfall
from helpdesk.services.intake.threads import SPLIT, Place, place
from helpdesk.services.sequences import next_of
from helpdesk.services.standings import Standing
from helpdesk.services.timers import Opening
from helpdesk.services.triage import Decided
from helpdesk.vocabulary import ActorKind, Status


@dataclass(frozen=True)
class Taken:
    """Where an arrival ended: on which ticket, as which message (None: it only settled a delivery)."""

    ticket_id: int | None
    message_id: int | None = None
    opened: bool = False


@dataclass(frozen=True)
class Placed:
    """An arrival with all that was found out about it, ready to be written."""

    arrival: Arrival
    person_id: int | None
    place: Place
    ticket_id: int
    message_id: int
    decided: Decided | None
    on_behalf_of_id: int | None = None

    @property
    def actor(self) -> Actor:
        """Who said it: the member of staff who took it down, else the person who wrote."""
        if self.arrival.by_staff or self.person_id is None:
            return self.arrival.actor
        return Actor(ActorKind.CITIZEN, self.person_id)


def take_in(arrivals: Sequence[Arrival], at: datetime) -> list[Taken]:
    """Writes all of them in the caller's transaction; the answer stands in their order."""
    settled = [returns.settle(arrival, at) for arrival in arrivals]
    rest = [arrival for arrival, ticket in zip(arrivals, settled, strict=True) if ticket is None]
    placed = iter(_write(rest, at) if rest else [])
    return [_taken(next(placed)) if ticket is None else Taken(ticket) for ticket in settled]


_KEEP_WORDS = """
    insert into message_words (message_id, ticket_id, at, words)
    select id, ticket_id, at, to_tsvector('helpdesk', subject || ' ' || left(coalesce(reply_text, text), 100000))
    from inserted
    """


def _taken(item: Placed) -> Taken:
    return Taken(item.ticket_id, item.message_id, item.decided is not None)


def _write(arrivals: Sequence[Arrival], at: datetime) -> list[Placed]:
    persons, others = _persons(arrivals, at)
    placed = _numbered(arrivals, persons, others, place(arrivals, persons), at)
    opened = [item for item in placed if item.decided]
    _insert_rows(placed, opened, at)
    entered = protocol.enter([item.ticket_id for item in opened if _is_application(item)], at)
    for item in opened:
        _state_opening(item, at)
        if item.ticket_id in entered:
            journal.record(item.ticket_id, ProtocolEntered(entered[item.ticket_id]), SYSTEM, at)
        timers.expect(_opening(item))
    joined = [item for item in placed if not item.decided]
    effects.apply([_said(item, at) for item in joined], at)
    shortfall.tell([(item.ticket_id, item.person_id, item.arrival) for item in joined], at)
    return placed


def _is_application(item: Placed) -> bool:
    """The law knows applications by people: what a machine wrote is none."""
    return item.decided is not None and item.decided.application and not item.arrival.automatic


def _insert_rows(placed: Sequence[Placed], opened: Sequence[Placed], at: datetime) -> None:
    """Tickets, messages and their words by one statement; links and files, which are seldom, by one each."""
    new = [_row(item, at) for item in opened]
    said = [rows.message(item.arrival, item.person_id, item.place, item.ticket_id, item.message_id) for item in placed]
    ending = "returning id, ticket_id, at, subject, reply_text, text"
    insert_and(table(Message), said, ending, _KEEP_WORDS, first=(table(Ticket), new))
    learning.keep([(item.ticket_id, one) for item in opened if item.decided and (one := item.decided.proposal)], at)
    insert_many(table(Link), [rows.link(item.place, item.ticket_id, at) for item in opened if item.place.linked_to])
    insert_many(
        table(Attachment), [rows.attachment(file, item.message_id) for item in placed for file in item.arrival.files]
    )
    scanning.expect((file.sha256 for item in placed for file in item.arrival.files), at)


def _row(item: Placed, at: datetime) -> dict[str, Any]:
    row = rows.ticket(item.arrival, item.decided, item.person_id, item.place, item.ticket_id, at)
    return row | {"on_behalf_of_id": item.on_behalf_of_id}


Persons = Sequence[int | None]


def _persons(arrivals: Sequence[Arrival], at: datetime) -> tuple[Persons, Persons]:
    """Who asks, and for whom where that is somebody else; found or made together."""
    asking = [arrival.contact for arrival in arrivals if arrival.requester_id is None]
    found = people.known([*asking, *(one for arrival in arrivals if (one := arrival.on_behalf_of))], at)
    wrote = [arrival for arrival in arrivals if arrival.channel == CARRIER and not arrival.automatic]
    undelivered.heard_from([found[arrival.contact] for arrival in wrote if arrival.contact in found])
    asks = [arrival.requester_id or found.get(arrival.contact) for arrival in arrivals]
    return asks, [found.get(arrival.on_behalf_of) if arrival.on_behalf_of else None for arrival in arrivals]


def _numbered(
    arrivals: Sequence[Arrival], persons: Persons, others: Persons, places: Sequence[Place], at: datetime
) -> list[Placed]:
    """Gives tickets and messages their numbers; those that join a new ticket of the batch get its number."""
    new = [number for number, found in enumerate(places) if found.standing is None and found.batch is None]
    ids = next_of(ticket=len(new), message=len(arrivals))
    numbers = dict(zip(new, ids["ticket"], strict=True))
    decisions = dict(zip(new, _decisions(arrivals, persons, others, places, new, at), strict=True)) if new else {}
    return [
        Placed(
            arrival,
            person_id,
            _linked(found, numbers),
            _number(which, found, numbers),
            message_id,
            decisions.get(which),
            others[which],
        )
        for which, (arrival, person_id, found, message_id) in enumerate(
            zip(arrivals, persons, places, ids["message"], strict=True)
        )
    ]


def _linked(found: Place, numbers: dict[int, int]) -> Place:
    """With the number of the ticket of the same batch that it is linked with."""
    return replace(found, linked_to=numbers.get(found.linked_batch)) if found.linked_batch is not None else found


def _decisions(
    arrivals: Sequence[Arrival],
    persons: Persons,
    others: Persons,
    places: Sequence[Place],
    new: Sequence[int],
    at: datetime,
) -> list[Decided]:
    """Of each new ticket, with who may answer for it: never whom it is about."""
    known = [[one for one in (persons[which], others[which]) if one is not None] for which in new]
    named = [{*arrivals[which].wish.complained_of, *places[which].complained_of} for which in new]
    return triage.owned(triage.decide([arrivals[which] for which in new], people=known), named, at)


def _number(which: int, found: Place, numbers: dict[int, int]) -> int:
    if found.number is not None:
        return found.number
    return numbers[which if found.batch is None else found.batch]


def _state_opening(item: Placed, at: datetime) -> None:
    """The facts of a new ticket, in the order in which they are read."""
    arrival, decided = item.arrival, item.decided
    assert decided is not None
    opened = TicketOpened(
        arrival.channel, arrival.received_at.isoformat(), item.message_id, arrival.by_staff, arrival.automatic
    )
    journal.record(item.ticket_id, opened, item.actor, at)
    routed = TicketRouted(
        decided.by,
        decided.department_id,
        decided.service_id,
        decided.ruleset,
        list(decided.reasons),
        ownership.turn(decided.owners, item.ticket_id),
    )
    journal.record(item.ticket_id, routed, arrival.actor if decided.by == triage.BY_STAFF else SYSTEM, at)
    if named := sorted({*arrival.wish.complained_of, *item.place.complained_of}):
        journal.record(item.ticket_id, ComplaintNamed(named), arrival.actor, at)
    if item.place.linked_to and item.place.link == SPLIT:
        journal.record(item.ticket_id, SplitFrom(item.place.linked_to), arrival.actor, at)
    elif item.place.linked_to and item.place.link:
        journal.record(item.ticket_id, TicketsLinked(item.place.linked_to, item.place.link), SYSTEM, at)
        journal.record(item.place.linked_to, TicketsLinked(item.ticket_id, item.place.link), SYSTEM, at)


def _opening(item: Placed) -> Opening:
    """What a promise to the new ticket depends on, which nobody need look up again."""
    decided = item.decided
    assert decided is not None
    return Opening(
        item.ticket_id,
        decided.priority,
        decided.type,
        item.person_id,
        decided.service,
        decided.department,
        decided.calendar_key,
        decided.customer,
        category_id=decided.category_id,
    )


def _said(item: Placed, at: datetime) -> Said:
    arrival = item.arrival
    standing = item.place.standing or Standing(item.ticket_id, Status.NEW)
    return Said(standing, item.message_id, arrival.channel, item.actor, at, arrival.automatic, arrival.unverified)
