"""Who takes part in a conversation beside the requester: strangers who wrote to it, brought in by staff."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.tickets import Link, Participant, Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import people, scope
from helpdesk.services.hands import held
from helpdesk.services.intake.threads import RELATED
from helpdesk.vocabulary import TERMINAL

_TICKETS, _LINKS = table(Ticket), table(Link)


def joinable(actor: Actor, ticket: Any, links: Sequence[Any]) -> frozenset[int]:
    """The older related tickets whose conversation the requester, a stranger there, may be brought into."""
    older = [link.id for link in links if link.kind == RELATED and link.id < ticket.id]
    if not older or ticket.requester_id is None or not may(actor, "link", ticket):
        return frozenset()
    query = select(*_TICKETS.c).where(_TICKETS.c.id.in_(older), _TICKETS.c.status.not_in(TERMINAL))
    rows = db.session.execute(query.where(scope.visible(actor))).all()
    known = people.taking_part([row.id for row in rows], [ticket.requester_id])
    return frozenset(row.id for row in rows if (row.id, ticket.requester_id) not in known and _may_link(actor, row))


def _may_link(actor: Actor, row: Row[Any]) -> bool:
    return may(actor, "link", cast(Any, row))


@unit()
def join(actor: Actor, number: int, other: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """Who asked in ``number`` takes part in ``other`` from now on: what they write to it joins it.

    What they have written stays where it is. The actor must be allowed to link both; ``other`` states the fact.
    """
    if other == number:
        raise Invalid("A person takes part in their own ticket.", fields={"other": "another ticket"})
    with ExitStack() as both:
        hands = {
            one: both.enter_context(held(actor, one, "link", version if one == number else None, at))
            for one in sorted((number, other))  # always in this order, so that two of them do not wait for each other
        }
        mine, theirs = hands[number], hands[other]
        person_id = _stranger(mine.ticket, theirs.ticket)
        theirs.require_fair(person_id, "other")
        row = {"ticket_id": other, "person_id": person_id, "added_at": theirs.at}
        db.session.execute(insert(table(Participant)).values(row))
        theirs.record(events.ParticipantAdded(person_id))
        return mine.ticket


def _stranger(ticket: Ticket, other: Ticket) -> int:
    """The ticket's requester, who may be brought into the other one."""
    if not _related(ticket.id, other.id):
        raise Invalid("These tickets are not linked as related.", fields={"other": "a related ticket"})
    if ticket.requester_id is None:
        raise Invalid("Nobody is known who asked.", fields={"other": "a ticket with a requester"})
    if other.status in TERMINAL:
        raise Stale("That conversation is over.", code="illegal-move")
    if people.taking_part([other.id], [ticket.requester_id]):
        raise Stale("This person takes part already.", code="takes-part")
    return ticket.requester_id


def _related(one: int, other: int) -> bool:
    ways = or_(
        (_LINKS.c.from_id == one) & (_LINKS.c.to_id == other), (_LINKS.c.from_id == other) & (_LINKS.c.to_id == one)
    )
    query = select(_LINKS.c.id).where(_LINKS.c.kind == RELATED, ways).limit(1)
    return db.session.execute(query).scalar() is not None
