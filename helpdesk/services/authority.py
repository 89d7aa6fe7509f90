"""Who decides more about a ticket: team lead, supervisor, process manager, administrators; pure but for the counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue
from helpdesk.services.catalogue import Colleague
from helpdesk.vocabulary import Role

HIGHEST = 4
"""The ranks above who works on it: 1 leads, 2 supervises, 3 manages the process of the house, 4 administers it."""

_tickets = table(Ticket)


def rank(person: Colleague, department_id: int | None, team_id: int | None = None) -> int:
    """How much somebody may decide about tickets of a department, held by one of its teams; 0 works on them."""
    known = catalogue.current()
    if person.role == Role.ADMINISTRATOR:
        return HIGHEST
    if person.id == known.process_manager:
        return 3
    belongs = department_id is None or department_id in person.departments
    if person.role == Role.SUPERVISOR and belongs:
        return 2
    leads = department_id is not None and department_id in person.leads
    return 1 if leads or person.id == _lead(team_id) else 0


def _lead(team_id: int | None) -> int | None:
    found: int | None = getattr(catalogue.current().teams.get(team_id or 0), "lead_id", None)
    return found


def next_above(ticket: Any, away: Sequence[int] = ()) -> int | None:
    """The least busy of the lowest rank above whoever works on it, who is there and whom it is not about; else None.

    Who leads the team that has it comes before others who lead the department.
    """
    known, place, team = catalogue.current().colleagues, ticket.department_id, ticket.team_id
    gone = {*away, *(ticket.complained_of or ())}
    worker = known.get(ticket.assignee_id or 0)
    now = rank(worker, place, team) if worker else 0
    there = [person for person in known.values() if person.active and person.id not in gone]
    for wanted in range(now + 1, HIGHEST + 1):
        ids = [person.id for person in there if rank(person, place, team) == wanted]
        if wanted == 1 and _lead(team) in ids:
            return _lead(team)
        if ids:
            return _least_busy(ids)
    return None


def _least_busy(ids: Sequence[int]) -> int:
    query = select(_tickets.c.assignee_id, func.count().label("open"))
    query = query.where(_tickets.c.is_open, _tickets.c.assignee_id.in_(ids)).group_by(_tickets.c.assignee_id)
    open_ = {row.assignee_id: row.open for row in db.session.execute(query)}
    return min(ids, key=lambda id_: (open_.get(id_, 0), id_))
