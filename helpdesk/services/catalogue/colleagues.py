"""What administrators see of one member of staff beyond the cached catalogue."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from helpdesk.db import db, table
from helpdesk.models.people import Person, Staff
from helpdesk.models.tickets import Ticket

_PEOPLE, _STAFF, _TICKETS = table(Person).c, table(Staff).c, table(Ticket).c
MOST_OPEN = 1000


def staff_record(person_id: int) -> Row[Any] | None:
    """Their row ``(id, name, email, phone, language, role, active, …, has_password)``; None for strangers."""
    query: Select[Any] = select(
        _PEOPLE.id, _PEOPLE.name, _PEOPLE.email, _PEOPLE.phone, _PEOPLE.language, _STAFF.role, _STAFF.active,
        _STAFF.languages, _STAFF.skills, _STAFF.capacity, _STAFF.calendar_key,
        _STAFF.password_hash.is_not(None).label("has_password"),
    ).join(table(Staff), _STAFF.person_id == _PEOPLE.id)  # fmt: skip
    return db.session.execute(query.where(_PEOPLE.id == person_id)).one_or_none()


def open_tickets_of(person_id: int) -> int:
    """How many open requests are theirs, at most ``MOST_OPEN``."""
    theirs = select(_TICKETS.id).where(_TICKETS.is_open, _TICKETS.assignee_id == person_id).limit(MOST_OPEN)
    return int(db.session.execute(select(func.count()).select_from(theirs.subquery())).scalar_one())
