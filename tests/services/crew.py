"""People at their desks, for tests of assignment."""

from datetime import datetime
from typing import Any

from helpdesk.db import db
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Staff
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import assignment, catalogue, presence
from tests.builders import NOON, a_ticket, an_administrator, an_agent


def a_member(*departments: Department, at: datetime = NOON, there: bool = True, **abilities: Any) -> Actor:
    """Somebody of these departments who sits at the desk."""
    actor = an_agent(*departments)
    staff = db.session.get_one(Staff, actor.id)
    for name, value in abilities.items():
        setattr(staff, name, value)
    db.session.flush()
    catalogue.changed(NOON)
    if there:
        presence.seen(actor.id or 0, at)
    return actor


def hands_out(department: Department, mode: str = "push", **given: Any) -> None:
    """The department hands out its work."""
    catalogue.changed(NOON)
    assignment.save_department(an_administrator(), department.id, mode=mode, at=NOON, **given)


def waiting(department: Department, **given: Any) -> Ticket:
    """A ticket of the department that nobody has."""
    return a_ticket(department_id=department.id, **given)


def who_has(ticket: Ticket) -> int | None:
    db.session.refresh(ticket)
    return ticket.assignee_id
