"""A major incident as its page shows it, and the row that a verb works on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, text

from helpdesk.db import db, table
from helpdesk.errors import NotFound, Stale
from helpdesk.models.majors import (
    MajorChild,
    MajorIncident,
    MajorLetter,
    MajorReview,
    MajorStakeholder,
    MajorUpdate,
)
from helpdesk.models.people import Person
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import scope
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import ChildState

_MAJORS, _CHILDREN, _TICKETS = table(MajorIncident), table(MajorChild), table(Ticket)
_UPDATES, _LETTERS, _REVIEWS = table(MajorUpdate), table(MajorLetter), table(MajorReview)
_STAKEHOLDERS, _PEOPLE = table(MajorStakeholder), table(Person)

SHOWN = 100
"""Children that the page lists; beyond them it says how many there are."""


@dataclass(frozen=True)
class Major:
    """Everything about one; ``reached`` is how many people got a letter of any update."""

    ticket: Ticket
    row: Row[Any]
    coordinator: str
    updates: Sequence[Row[Any]]
    children: Sequence[Row[Any]]
    counts: dict[str, int]
    stakeholders: Sequence[Row[Any]]
    reached: int
    review: Row[Any] | None

    @property
    def linked(self) -> int:
        """How many tickets are about it, its own apart."""
        return sum(self.counts.values())

    @property
    def lasts(self) -> bool:
        """Whether it is not over."""
        return self.row.ended_at is None

    @property
    def reviewed(self) -> bool:
        """Whether its review is written to the end."""
        return self.review is not None and self.review.finished


def lasting(hand: Hand) -> MajorIncident:
    """The major incident that a held ticket is; raises Stale where it is none."""
    found = db.session.get(MajorIncident, hand.ticket.id)
    if found is None or not hand.ticket.major:
        raise Stale("This ticket is no major incident.", code="not-major")
    return found


def read(actor: Actor, number: int) -> Major:
    """One of them, also one that was taken back; raises NotFound for a ticket that never was one."""
    ticket = scope.find(actor, number)
    row = db.session.execute(select(_MAJORS).where(_MAJORS.c.ticket_id == number)).one_or_none()
    if row is None:
        raise NotFound("This ticket is no major incident.")
    name = select(_PEOPLE.c.name).where(_PEOPLE.c.id == row.coordinator_id)
    return Major(
        ticket,
        row,
        db.session.execute(name).scalar() or "",
        _updates(number),
        _children(actor, number),
        _counts(number),
        db.session.execute(
            select(_STAKEHOLDERS).where(_STAKEHOLDERS.c.ticket_id == number).order_by(_STAKEHOLDERS.c.id)
        ).all(),
        _reached(number),
        db.session.execute(select(_REVIEWS).where(_REVIEWS.c.ticket_id == number)).one_or_none(),
    )


def _updates(number: int) -> Sequence[Row[Any]]:
    """The newest first, each with its author and how many people had a letter of it."""
    letters = select(func.count(_LETTERS.c.person_id)).where(_LETTERS.c.update_id == _UPDATES.c.id).scalar_subquery()
    query = select(_UPDATES, _PEOPLE.c.name.label("author"), letters.label("letters"))
    query = query.outerjoin(_PEOPLE, _PEOPLE.c.id == _UPDATES.c.author_id).where(_UPDATES.c.ticket_id == number)
    return db.session.execute(query.order_by(_UPDATES.c.id.desc())).all()


def _children(actor: Actor, number: int) -> Sequence[Row[Any]]:
    columns = (_TICKETS.c.id, _TICKETS.c.subject, _TICKETS.c.status, _TICKETS.c.received_at, _TICKETS.c.language)
    query: Select[Any] = select(*columns, _CHILDREN.c.state, _PEOPLE.c.name.label("requester"))
    query = query.select_from(_CHILDREN).join(_TICKETS, _TICKETS.c.id == _CHILDREN.c.ticket_id)
    query = query.outerjoin(_PEOPLE, _PEOPLE.c.id == _TICKETS.c.requester_id)
    query = query.where(_CHILDREN.c.parent_id == number, scope.visible(actor))
    return db.session.execute(query.order_by(_TICKETS.c.id).limit(SHOWN)).all()


def _counts(number: int) -> dict[str, int]:
    query = select(_CHILDREN.c.state, func.count()).where(_CHILDREN.c.parent_id == number).group_by(_CHILDREN.c.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state.value: found.get(state.value, 0) for state in ChildState}


def _reached(number: int) -> int:
    people = select(func.count(func.distinct(_LETTERS.c.person_id)))
    query = people.select_from(_LETTERS).join(_UPDATES, _UPDATES.c.id == _LETTERS.c.update_id)
    return int(db.session.execute(query.where(_UPDATES.c.ticket_id == number)).scalar_one())


_AROUND = text(
    """
    select * from (
        select case when major_incident.ticket_id = :id then 1 when major_child.parent_id is not null then 2 else 3 end
                   as place,
               major_incident.ticket_id, major_incident.titles, next_update_at, declared_at, ended_at,
               person.name as coordinator, major_child.state as child_state,
               coalesce(major_review.finished, false) as reviewed, cast(null as bigint) as proposal_id,
               criterion, cast(0 as bigint) as "similar", cast(0 as bigint) as minutes
        from major_incident join person on person.id = coordinator_id
        left join major_child on major_child.ticket_id = :id and major_child.parent_id = major_incident.ticket_id
        left join major_review on major_review.ticket_id = major_incident.ticket_id
        where revoked_at is null and (
            major_incident.ticket_id = :id or major_child.parent_id is not null
            or (cast(:open as boolean) and ended_at is null and cast(:service as bigint) = any(service_ids)))
        union all
        select 4, ticket_id, cast('{}' as jsonb), cast(null as timestamptz), at, cast(null as timestamptz), '',
               cast(null as text), false, id, criterion, "similar", minutes
        from major_proposal where state = 'open' and (ticket_id = :id or service_id = :service)
    ) as around order by place, declared_at desc limit 1
    """
)


def around(number: int, service_id: int | None, is_open: bool) -> Row[Any] | None:
    """The major incident that a ticket is, is part of, or whose service is struck, else what is proposed of it."""
    asked = {"id": number, "service": service_id, "open": is_open}
    return db.session.execute(_AROUND, asked).one_or_none()


def all_of(actor: Actor, limit: int = 100) -> Sequence[Row[Any]]:
    """Every major incident on a ticket the actor may see, those that last first, then the newest."""
    query = select(
        _MAJORS, _TICKETS.c.status, _TICKETS.c.department_id, _PEOPLE.c.name.label("coordinator"),
        func.coalesce(_REVIEWS.c.finished, False).label("reviewed"),
        select(func.count()).where(_CHILDREN.c.parent_id == _MAJORS.c.ticket_id).scalar_subquery().label("linked"),
    ).join(_TICKETS, _TICKETS.c.id == _MAJORS.c.ticket_id)  # fmt: skip
    query = query.join(_PEOPLE, _PEOPLE.c.id == _MAJORS.c.coordinator_id)
    query = query.outerjoin(_REVIEWS, _REVIEWS.c.ticket_id == _MAJORS.c.ticket_id).where(scope.visible(actor))
    lasts = _MAJORS.c.ended_at.is_(None)
    return db.session.execute(query.order_by(lasts.desc(), _MAJORS.c.declared_at.desc()).limit(limit)).all()


def lasting_at(actor: Actor, at: datetime) -> Sequence[Row[Any]]:
    """Those that last, for the board."""
    return [row for row in all_of(actor) if row.ended_at is None and row.declared_at <= at]
