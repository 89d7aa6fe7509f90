"""Escalation moves responsibility: to a team that knows more, or upwards to those who decide more; each is a fact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk import events
from helpdesk.db import db, flush_pending
from helpdesk.errors import Invalid, Stale
from helpdesk.services import absences, catalogue, journal, ownership
from helpdesk.services.authority import next_above, rank
from helpdesk.services.hands import Hand

FUNCTIONAL, HIERARCHICAL = "functional", "hierarchical"
GIVEN_BACK = "given-back"
"""The reason of a transfer and of an assignment by which an escalation is taken back."""


@dataclass(frozen=True)
class Escalated:
    """What an escalation came to. Where nobody is above, responsibility stays and ``kind`` is empty."""

    level: int
    kind: str = ""
    team_id: int | None = None
    person_id: int | None = None


def _standing(hand: Hand) -> dict[str, int | None]:
    """Who has it: what an escalation keeps, so that it can be given back."""
    ticket = hand.ticket
    return {"department_id": ticket.department_id, "team_id": ticket.team_id, "person_id": ticket.assignee_id}


def to_team(hand: Hand, key: str, reason: str = "", message_id: int | None = None, *, raises: bool = True) -> Escalated:
    """A team answers from now on, in its own department; who is of it keeps working. Raises Invalid for no team."""
    team, ticket, before = _team(key), hand.ticket, _standing(hand)
    if ticket.department_id != team.department_id:
        ticket.department_id = team.department_id
        moved = events.TicketTransferred(team.department_id, before["department_id"], "escalated", message_id)
        hand.record(moved)
        ownership.ensure(hand)
    ticket.team_id = team.id
    worker = catalogue.current().colleagues.get(ticket.assignee_id or 0)
    if worker is not None and team.id not in worker.teams:
        hand.give(None)
    return _state(hand, Escalated(ticket.escalation_level + raises, FUNCTIONAL, team.id), reason, message_id, before)


def _team(key: str) -> Any:
    found = next((team for team in catalogue.current().teams.values() if team.key == key and team.active), None)
    if found is None:
        raise Invalid(f"There is no team with the key {key}.", fields={"team": "one of the catalogue"})
    return found


def to_next_team(hand: Hand, reason: str = "", message_id: int | None = None) -> Escalated:
    """The team of the next level of the department's path has it. Raises Invalid where there is none further up."""
    team_id = next_team(hand.ticket)
    if team_id is None:
        raise Invalid(
            "There is no further level of teams here.", fields={"team": "choose a team, or somebody who decides more"}
        )
    return to_team(hand, catalogue.current().teams[team_id].key, reason, message_id)


def next_team(ticket: Any) -> int | None:
    """The team one level up on the path on which the ticket stands; None at its end and where there is no path.

    A ticket that a path led into another department stays on that path as long as that department has none with its
    team.
    """
    known = catalogue.current()
    levels = {place: [one for one in path if known.teams[one].active] for place, path in known.levels.items()}
    own = list(levels.get(ticket.department_id or 0, ()))
    if ticket.team_id is not None and ticket.team_id not in own:
        other = next((list(path) for path in levels.values() if ticket.team_id in path), None)
        own = other if other is not None and ticket.escalation_level else own
    place = own.index(ticket.team_id) + 1 if ticket.team_id in own else 0
    return own[place] if place < len(own) else None


def to_person(hand: Hand, person_id: int, reason: str = "", message_id: int | None = None) -> Escalated:
    """Somebody who decides more has it from now on. Raises Invalid for anybody else."""
    person, ticket, before = catalogue.current().colleagues.get(person_id), hand.ticket, _standing(hand)
    if person is None or not person.active or rank(person, ticket.department_id, ticket.team_id) == 0:
        told = "somebody who leads the department, supervises it, or answers for the whole house"
        raise Invalid("That person has no more authority here.", fields={"person": told})
    hand.require_fair(person_id, "person")
    hand.give(person_id, owns=False)
    done = Escalated(ticket.escalation_level + 1, HIERARCHICAL, person_id=person_id)
    return _state(hand, done, reason, message_id, before)


def upwards(hand: Hand, reason: str = "", message_id: int | None = None) -> Escalated:
    """Whoever is next above those who have it has it from now on; where nobody is, it stands higher all the same."""
    above = next_above(hand.ticket, tuple(absences.away(hand.at)))
    if above is not None:
        return to_person(hand, above, reason, message_id)
    return _state(hand, Escalated(hand.ticket.escalation_level + 1), reason, message_id, _standing(hand))


def _state(
    hand: Hand, done: Escalated, reason: str, message_id: int | None, before: dict[str, int | None]
) -> Escalated:
    """States it; the citizen is told once of a level, however often it stands on it."""
    ticket = hand.ticket
    told = done.level > max(ticket.escalation_level, ticket.escalation_told) and bool(done.kind)
    ticket.escalation_level = done.level
    if told:
        ticket.escalation_told = done.level
    fact = events.TicketEscalated(
        done.level, message_id, done.kind, done.team_id, done.person_id, reason, told,
        {name: value for name, value in before.items() if value is not None},
    )  # fmt: skip
    hand.record(fact)
    db.session.flush()
    return done


def give_back(hand: Hand, message_id: int) -> Escalated:
    """Takes the last escalation back: who had it before has it again, as far as they are there. Raises Stale."""
    ticket, fact = hand.ticket, _last(hand)
    if fact is None or ticket.escalation_level == 0:
        raise Stale("It is not escalated.", code="not-escalated")
    event = fact.event
    assert isinstance(event, events.TicketEscalated)
    _return_to_department(hand, event.before.get("department_id"), message_id)
    ticket.team_id = event.before.get("team_id")
    person_id = _if_there(event.before.get("person_id"), hand.at)
    if person_id != ticket.assignee_id:
        hand.give(person_id, owns=False)
    ticket.escalation_level -= 1
    done = Escalated(ticket.escalation_level, event.kind, ticket.team_id, person_id)
    hand.record(events.TicketDeescalated(done.level, message_id, done.team_id, person_id, fact.id))
    db.session.flush()
    return done


def _last(hand: Hand) -> journal.Recorded | None:
    """The escalation under which it stands: the last that was not taken back."""
    flush_pending()
    standing: list[journal.Recorded] = []
    for fact in journal.of(hand.ticket.id):
        if isinstance(fact.event, events.TicketEscalated):
            standing.append(fact)
        elif isinstance(fact.event, events.TicketDeescalated) and standing:
            standing.pop()
    return standing[-1] if standing else None


def _return_to_department(hand: Hand, department_id: int | None, message_id: int) -> None:
    """A transfer back begins that department's next stay."""
    before = hand.ticket.department_id
    if department_id is not None and department_id != before:
        hand.ticket.department_id = department_id
        hand.record(events.TicketTransferred(department_id, before, GIVEN_BACK, message_id))


def _if_there(person_id: int | None, at: datetime) -> int | None:
    person = catalogue.current().colleagues.get(person_id or 0)
    return person_id if person is not None and person.active and person_id not in absences.away(at) else None
