"""Complaints about colleagues: whom one is about never has it, never sees it, and is not told of it."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, text

from helpdesk import events
from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Participant
from helpdesk.services import authority, catalogue
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import TicketType, rules

_PARTICIPANTS = table(Participant)


_NO_OFFER = text(
    """
    update offer set state = 'withdrawn', settled_at = :at
    where kind = 'ticket' and work_id = :id and state = 'offered' and person_id = any(:people)
    """
)


def checked(people: Iterable[int], kind: str | None) -> tuple[int, ...]:
    """Whom a ticket of that type is about, in order; raises Invalid for strangers and for what is no complaint."""
    wanted = tuple(sorted(set(people)))
    if wanted and not rules(kind or TicketType.COMPLAINT).names_staff:
        told = "Only a complaint says which colleagues it is about: give it that type first."
        raise Invalid(told, code="no-complaint", fields={"complained_of": "of a complaint only"})
    if wanted and set(wanted) - catalogue.current().colleagues.keys():
        raise Invalid("Somebody does not work here.", fields={"complained_of": "choose people who work here"})
    return wanted


def name(hand: Hand, people: Collection[int]) -> None:
    """Says whom it is about. Who had it in hand has it no more; somebody who leads owns it instead of them."""
    ticket, had = hand.ticket, set(hand.ticket.complained_of or ())
    wanted = checked(people, ticket.type)
    if set(wanted) == had:
        return
    ticket.complained_of = list(wanted) or None
    hand.record(events.ComplaintNamed(sorted(set(wanted) - had), sorted(had - set(wanted))))
    _take_away(hand, wanted)


def _take_away(hand: Hand, named: Collection[int]) -> None:
    ticket = hand.ticket
    if ticket.assignee_id in named:
        hand.give(None)
    if ticket.owner_id in named:
        before, ticket.owner_id = ticket.owner_id, _heir(hand, named)
        hand.record(events.OwnerChanged(ticket.owner_id, before))
    if named:
        db.session.execute(_NO_OFFER, {"id": ticket.id, "people": list(named), "at": hand.at})
        taking = _PARTICIPANTS.c.ticket_id == ticket.id, _PARTICIPANTS.c.person_id.in_(named)
        db.session.execute(delete(_PARTICIPANTS).where(*taking))


def _heir(hand: Hand, named: Collection[int]) -> int | None:
    """Who owns it from now on: the next who decides more, else whoever said whom it is about."""
    above = authority.next_above(hand.ticket)
    if above is not None:
        return above
    return hand.actor.id if hand.actor.is_staff and hand.actor.id not in named else None
