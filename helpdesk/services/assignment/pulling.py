"""Taking the next one: the most urgent ticket of one's departments that one may and can answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, tickets
from helpdesk.services.assignment import backlog, settings
from helpdesk.services.assignment.people import spoken
from helpdesk.services.assignment.settings import DepartmentRule
from helpdesk.services.catalogue import Colleague

LOOKED_AT = 50
"""Tickets of a department that are looked at: who can take none of these is told that there is none."""


@unit()
def take_next(actor: Actor, *, at: datetime | None = None) -> Ticket | None:
    """Takes the most urgent free ticket of the actor's departments; None where there is none for them.

    Of two who ask at once each gets another. What asks for a skill they lack, for another team, or for a language that
    a colleague speaks and they do not, is left to others.
    """
    person = catalogue.current().colleagues.get(actor.id or 0) if actor.is_staff else None
    if person is None:
        raise Forbidden("Only people who work here take work.")
    known = settings.rules()
    for ticket in _most_urgent(actor):
        if _fits(person, ticket, known) and may(actor, "take", ticket) and _locked(ticket.id):
            return tickets.take(actor, ticket.id, at=at or clock.now())
    return None


def _most_urgent(actor: Actor) -> Sequence[Ticket]:
    found = [ticket for place in _places(actor) for ticket in backlog.free(place, LOOKED_AT)]
    return sorted(found, key=lambda ticket: (ticket.next_due_at, ticket.id))


def _places(actor: Actor) -> Iterator[int]:
    """Their departments; all where they answer for the whole house and belong to none."""
    if actor.departments or not actor.sees_all:
        yield from sorted(actor.departments)
    else:
        yield from (row.id for row in catalogue.departments())


def _fits(person: Colleague, ticket: Ticket, rules: Mapping[int, DepartmentRule]) -> bool:
    rule = rules.get(ticket.department_id or 0)
    wanted = rule.skills.get(ticket.service_id or 0, frozenset()) if rule else frozenset()
    if not wanted <= set(person.skills) or (ticket.team_id is not None and ticket.team_id not in person.teams):
        return False
    return ticket.language in spoken(person) or not _spoken_by_others(ticket)


def _spoken_by_others(ticket: Ticket) -> bool:
    return any(ticket.language in spoken(person) for person in catalogue.colleagues(ticket.department_id))


def _locked(ticket_id: int) -> bool:
    """Whether it is still free, and held until the transaction ends."""
    query = select(Ticket.id).where(Ticket.id == ticket_id, Ticket.is_open, Ticket.assignee_id.is_(None))
    return db.session.execute(query.with_for_update(skip_locked=True)).one_or_none() is not None
