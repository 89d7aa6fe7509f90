"""Tickets about the same disturbance: proposed, linked in bulk, released, and left out of what is resolved in bulk."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.majors import MajorChild, MajorIncident
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal
from helpdesk.services.hands import Hand, held
from helpdesk.services.majors import reading
from helpdesk.services.scope import visible
from helpdesk.vocabulary import ChildState

_CHILDREN, _TICKETS, _MAJORS = table(MajorChild), table(Ticket), table(MajorIncident)
BEFORE = timedelta(hours=24)
"""How long before the declaration a ticket may have come in to be proposed as a child."""
MOST = 500
"""Tickets that are linked by one act."""

_FIT = _TICKETS.c.is_open & ~_TICKETS.c.major & _TICKETS.c.id.not_in(select(_CHILDREN.c.ticket_id))


def candidates(actor: Actor, number: int, limit: int = 50) -> Sequence[Row[Any]]:
    """Open tickets of the services concerned that came in since a day before it, or since, and stand alone yet."""
    return db.session.execute(_wanted(actor, number).limit(limit)).all()


def similar(actor: Actor, number: int, service_id: int | None, at: datetime, limit: int = 50) -> Sequence[Row[Any]]:
    """The same for a ticket that is no major incident yet."""
    query = _columns().where(_FIT, _TICKETS.c.service_id == service_id, _TICKETS.c.id != number, visible(actor))
    return db.session.execute(query.where(_TICKETS.c.received_at > at - BEFORE).limit(limit)).all()


def _columns() -> Any:
    names = ("id", "subject", "status", "received_at", "language", "type")
    return select(*(_TICKETS.c[name] for name in names)).order_by(_TICKETS.c.received_at.desc(), _TICKETS.c.id.desc())


def _wanted(actor: Actor, number: int) -> Any:
    query = _columns().select_from(_TICKETS.join(_MAJORS, _MAJORS.c.ticket_id == number))
    struck = _TICKETS.c.service_id == text("any(major_incident.service_ids)")
    return query.where(_FIT, struck, _TICKETS.c.received_at > _MAJORS.c.declared_at - BEFORE, visible(actor))


@unit()
def link(
    actor: Actor, number: int, others: Iterable[int], *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Those tickets are about the same disturbance: their requesters hear every update from now on."""
    with held(actor, number, "coordinate-major", version, at) as hand:
        reading.lasting(hand)
        if not link_held(hand, others):
            told = {"tickets": "open tickets that stand alone"}
            raise Invalid("None of these tickets can be linked.", fields=told)
        return hand.ticket


def link_held(hand: Hand, others: Iterable[int]) -> list[int]:
    """Links those that the actor may see, are open, and are part of none; both journals know."""
    wanted = sorted(set(others) - {hand.ticket.id})[:MOST]
    if not wanted:
        return []
    query = select(_TICKETS.c.id).where(_TICKETS.c.id.in_(wanted), _FIT, visible(hand.actor)).with_for_update()
    found = list(db.session.execute(query.order_by(_TICKETS.c.id)).scalars())
    same = {"parent_id": hand.ticket.id, "linked_at": hand.at, "linked_by_id": hand.actor.id}
    if not found:
        return []
    made = insert(_CHILDREN).values([{"ticket_id": id_, **same} for id_ in found]).on_conflict_do_nothing()
    linked = sorted(db.session.execute(made.returning(_CHILDREN.c.ticket_id)).scalars())
    for id_ in linked:
        hand.record(events.MajorChildLinked(child_id=id_))
        journal.record(id_, events.MajorChildLinked(parent_id=hand.ticket.id), hand.actor, hand.at)
    return linked


@unit()
def release(actor: Actor, number: int, other: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """That ticket is about something else and stands by itself again."""
    with held(actor, number, "coordinate-major", version, at) as hand:
        reading.lasting(hand)
        _release(hand, _CHILDREN.c.ticket_id == other)
        return hand.ticket


def release_all(hand: Hand) -> None:
    """All of them stand alone again."""
    _release(hand, _CHILDREN.c.state != ChildState.RESOLVED)


def _release(hand: Hand, which: Any) -> None:
    gone = delete(_CHILDREN).where(_CHILDREN.c.parent_id == hand.ticket.id, which).returning(_CHILDREN.c.ticket_id)
    for id_ in sorted(db.session.execute(gone).scalars()):
        hand.record(events.MajorChildReleased(child_id=id_))
        journal.record(id_, events.MajorChildReleased(parent_id=hand.ticket.id), hand.actor, hand.at)


@unit()
def exclude(
    actor: Actor, number: int, others: Iterable[int], *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Those children have a matter of their own: they hear updates, and are not resolved along with it."""
    with held(actor, number, "coordinate-major", version, at) as hand:
        reading.lasting(hand)
        set_aside(hand, others)
        return hand.ticket


def set_aside(hand: Hand, others: Iterable[int]) -> None:
    """Marks children as having a matter of their own; those left out are not so any more."""
    chosen, same = sorted(set(others)), _CHILDREN.c.parent_id == hand.ticket.id
    for state, which in ((ChildState.EXCLUDED, True), (ChildState.LINKED, False)):
        among = _CHILDREN.c.ticket_id.in_(chosen)
        rows = update(_CHILDREN).where(same, _CHILDREN.c.state != ChildState.RESOLVED, among if which else ~among)
        db.session.execute(rows.values(state=state.value))
