"""Escalation moves responsibility: to a team that knows more, or upwards to those who decide more; each is a fact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from helpdesk import events
from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue
from helpdesk.services.catalogue import Colleague
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import Role

FUNCTIONAL, HIERARCHICAL = "functional", "hierarchical"
_tickets = table(Ticket)


@dataclass(frozen=True)
class Escalated:
    """What an escalation came to. Where nobody is above, responsibility stays and ``kind`` is empty."""

    level: int
    kind: str = ""
    team_id: int | None = None
    person_id: int | None = None


def to_team(hand: Hand, key: str, reason: str = "", message_id: int | None = None, *, raises: bool = True) -> Escalated:
    """A team answers from now on, in its own department; who is of it keeps working. Raises Invalid for no team."""
    team, ticket = _team(key), hand.ticket
    if ticket.department_id != team.department_id:
        before, ticket.department_id = ticket.department_id, team.department_id
        hand.record(events.TicketTransferred(team.department_id, before, "escalated", message_id))
    ticket.team_id = team.id
    worker = catalogue.current().colleagues.get(ticket.assignee_id or 0)
    if worker is not None and team.id not in worker.teams:
        hand.give(None)
    return _state(hand, Escalated(ticket.escalation_level + raises, FUNCTIONAL, team_id=team.id), reason, message_id)


def _team(key: str) -> Any:
    found = next((team for team in catalogue.current().teams.values() if team.key == key and team.active), None)
    if found is None:
        raise Invalid(f"There is no team with the key {key}.", fields={"team": "one of the catalogue"})
    return found


def to_person(hand: Hand, person_id: int, reason: str = "", message_id: int | None = None) -> Escalated:
    """Somebody who decides more has it from now on. Raises Invalid for anybody else."""
    person = catalogue.current().colleagues.get(person_id)
    if person is None or not person.active or rank(person, hand.ticket.department_id) == 0:
        told = "somebody who leads the department, supervises it, or answers for the whole house"
        raise Invalid("That person has no more authority here.", fields={"person": told})
    hand.require_fair(person_id, "person")
    hand.give(person_id)
    level = hand.ticket.escalation_level + 1
    return _state(hand, Escalated(level, HIERARCHICAL, person_id=person_id), reason, message_id)


def upwards(hand: Hand, reason: str = "", message_id: int | None = None) -> Escalated:
    """Whoever is next above those who have it has it from now on; where nobody is, it stands higher all the same."""
    above = next_above(hand.ticket)
    if above is not None:
        return to_person(hand, above, reason, message_id)
    return _state(hand, Escalated(hand.ticket.escalation_level + 1), reason, message_id)


def _state(hand: Hand, done: Escalated, reason: str, message_id: int | None) -> Escalated:
    hand.ticket.escalation_level = done.level
    hand.record(events.TicketEscalated(done.level, message_id, done.kind, done.team_id, done.person_id, reason))
    db.session.flush()
    return done


def rank(person: Colleague, department_id: int | None) -> int:
    """How much somebody may decide about tickets of a department: 0 works on them, 1 leads, 2 supervises, 3 all."""
    if person.role == Role.ADMINISTRATOR:
        return 3
    belongs = department_id is None or department_id in person.departments
    if person.role == Role.SUPERVISOR and belongs:
        return 2
    return 1 if department_id is not None and department_id in person.leads else 0


def next_above(ticket: Any) -> int | None:
    """The least busy of the lowest rank above whoever works on it, whom it is not about; None where nobody is."""
    known, place = catalogue.current().colleagues, ticket.department_id
    worker = known.get(ticket.assignee_id or 0)
    now, named = rank(worker, place) if worker else 0, set(ticket.complained_of or ())
    for wanted in range(now + 1, 4):
        ids = [one.id for one in _active(known.values()) if rank(one, place) == wanted and one.id not in named]
        if ids:
            return _least_busy(ids)
    return None


def _active(people: Any) -> Iterator[Colleague]:
    return (person for person in people if person.active)


def _least_busy(ids: Sequence[int]) -> int:
    query = select(_tickets.c.assignee_id, func.count().label("open"))
    query = query.where(_tickets.c.is_open, _tickets.c.assignee_id.in_(ids)).group_by(_tickets.c.assignee_id)
    open_ = {row.assignee_id: row.open for row in db.session.execute(query)}
    return min(ids, key=lambda id_: (open_.get(id_, 0), id_))
