"""Puts tickets from somebody's hands into another's, one after the other under their locks, each as a fact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select

from helpdesk import events
from helpdesk.db import db, table
from helpdesk.models.absences import Handover
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, ownership
from helpdesk.services.hands import Hand, held
from helpdesk.vocabulary import Capacity, Role, Status

TICKETS, ROWS = table(Ticket), table(Handover)
PORTION = 50
"""Tickets a transaction takes: few enough to hold locks briefly."""

OPEN: ColumnElement[bool] = TICKETS.c.is_open
RESOLVED: ColumnElement[bool] = TICKETS.c.status == Status.RESOLVED
"""What may still be reopened: who left is to have none of it either."""

Which = ColumnElement[bool]
ALIVE: tuple[Which, ...] = (OPEN, RESOLVED)
"""What somebody must answer for."""


@dataclass(frozen=True)
class Why:
    """Because of an absence, or because they left; ``deputy_id`` is there and stands in (None: nobody is named)."""

    person_id: int
    reason: str
    deputy_id: int | None = None
    absence_id: int | None = None


def theirs(people: Iterable[int], which: ColumnElement[bool], after: int = 0) -> list[int]:
    """The numbers of a portion of the tickets that these people own or work on, beyond a number."""
    ids = list(people)
    has = or_(TICKETS.c.owner_id.in_(ids), TICKETS.c.assignee_id.in_(ids))
    query = select(TICKETS.c.id).where(has, which, TICKETS.c.id > after).order_by(TICKETS.c.id).limit(PORTION)
    return list(db.session.execute(query).scalars())


def hand_over(number: int, why: Why, at: datetime) -> None:
    """One ticket, as it stands under its lock: what somebody else took meanwhile is theirs."""
    with held(SYSTEM, number, "assign", None, at) as hand:
        if hand.ticket.owner_id == why.person_id:
            _owner(hand, why)
        if hand.ticket.assignee_id == why.person_id:
            _assignee(hand, why)


def _owner(hand: Hand, why: Why) -> None:
    """To the deputy, else to whoever answers by default; where there is nobody it stays."""
    ticket = hand.ticket
    about = set(ticket.complained_of or ())
    waiting = ownership.candidates(ticket.department_id, hand.at, {why.person_id, *about})
    to = ownership.turn(waiting, ticket.id) if why.deputy_id in {None, *about} else why.deputy_id
    if to is not None and to != why.person_id:
        own(hand, to, why.reason, why.absence_id)
        _keep(hand, Capacity.OWNER, why, to)


def _assignee(hand: Hand, why: Why) -> None:
    """To the deputy, where that is somebody of the department; else to nobody, so that anybody of it can take it."""
    about = hand.ticket.complained_of or ()
    fits = why.deputy_id not in about and _works_there(why.deputy_id, hand.ticket.department_id)
    to = why.deputy_id if fits else None
    give(hand, to, why.reason, why.absence_id)
    _keep(hand, Capacity.ASSIGNEE, why, to)


def _works_there(person_id: int | None, department_id: int | None) -> bool:
    person = catalogue.current().colleagues.get(person_id or 0)
    if person is None:
        return False
    return department_id is None or person.role != Role.AGENT or department_id in person.departments


def own(hand: Hand, person_id: int, reason: str, absence_id: int | None) -> None:
    """Another owner for a reason; whether it is one by default stays as it was."""
    before, hand.ticket.owner_id = hand.ticket.owner_id, person_id
    hand.record(events.OwnerChanged(person_id, before, reason, absence_id))


def give(hand: Hand, person_id: int | None, reason: str, absence_id: int | None) -> None:
    """Other hands for a reason."""
    before, hand.ticket.assignee_id = hand.ticket.assignee_id, person_id
    hand.record(events.TicketAssigned(person_id, before, reason=reason, absence_id=absence_id))


def _keep(hand: Hand, capacity: Capacity, why: Why, to: int | None) -> None:
    row = {
        "absence_id": why.absence_id,
        "ticket_id": hand.ticket.id,
        "capacity": capacity,
        "from_id": why.person_id,
        "to_id": to,
        "at": hand.at,
    }
    db.session.execute(insert(ROWS).values(row))


def of_absence(absence_id: int) -> Sequence[Row[Any]]:
    """What was handed over because of an absence and has not come back, with how each ticket stands now."""
    return _handed(ROWS.c.absence_id == absence_id, ROWS.c.returned_at.is_(None))


def left_by(person_id: int, at: datetime) -> Sequence[Row[Any]]:
    """The same of what was handed over at that moment because somebody left."""
    return _handed(ROWS.c.absence_id.is_(None), ROWS.c.from_id == person_id, ROWS.c.at == at)


def _handed(*conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    columns = (TICKETS.c.subject, TICKETS.c.is_open, TICKETS.c.next_due_at)
    query = select(ROWS, *columns).join(TICKETS, TICKETS.c.id == ROWS.c.ticket_id).where(*conditions)
    return db.session.execute(query.order_by(TICKETS.c.next_due_at, ROWS.c.ticket_id, ROWS.c.id)).all()
