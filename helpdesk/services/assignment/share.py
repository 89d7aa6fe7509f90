"""How much of their capacity somebody has in use, and what is on offer to them, for their own desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, scope
from helpdesk.services.assignment import offers
from helpdesk.services.assignment.offers import Offer
from helpdesk.services.assignment.people import loads
from helpdesk.services.assignment.settings import WHOLE, weights
from helpdesk.vocabulary import WorkKind

_TICKETS = table(Ticket).c


@dataclass(frozen=True)
class Share:
    """What somebody has of what they can take, both in whole requests."""

    load: float
    capacity: int


def share(actor: Actor, at: datetime) -> Share:
    """The actor's own."""
    person = catalogue.current().colleagues.get(actor.id or 0)
    if person is None:
        return Share(0, 0)
    return Share(loads([person.id], at, weights())[person.id] / WHOLE, person.capacity)


def offered(actor: Actor, at: datetime) -> Sequence[tuple[Offer, str]]:
    """What is on offer to the actor, with the subject where it is a ticket, which they may still read."""
    mine = offers.open_for(actor.id or 0, at)
    ids = [one.work_id for one in mine if one.kind is WorkKind.TICKET]
    query = select(_TICKETS.id, _TICKETS.subject).where(_TICKETS.id.in_(ids), scope.visible(actor))
    subjects = {row.id: row.subject for row in db.session.execute(query)} if ids else {}
    seen = [one for one in mine if one.kind is not WorkKind.TICKET or one.work_id in subjects]
    return [(one, subjects[one.work_id] if one.kind is WorkKind.TICKET else "") for one in seen]
