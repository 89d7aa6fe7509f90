"""Presence, offers, the next ticket, and how departments hand out work, by machine."""

from typing import Any

from helpdesk import clock
from helpdesk.errors import Forbidden, NotFound
from helpdesk.permissions import Actor, may
from helpdesk.services import assignment, catalogue, presence, records
from helpdesk.services.assignment import DepartmentRule
from helpdesk.services.presence import Presence
from helpdesk.web.api.operations import operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes import assignment as shapes
from helpdesk.web.api.shapes import outgoing


def _presence(found: Presence) -> shapes.Presence:
    return shapes.Presence(person=found.person_id, state=found.state, until=found.until, kinds=sorted(found.kinds))


@operation("GET", "/presence", scope="read", answer=shapes.Presence)
def read_presence(actor: Actor) -> shapes.Presence:
    """How the token's person is there; a desk that is open keeps them there."""
    return _presence(presence.of(actor.id or 0, clock.now()))


@operation("PUT", "/presence", scope="write", answer=shapes.Presence, body=shapes.PresenceChoice)
def choose_presence(actor: Actor, given: shapes.PresenceChoice) -> shapes.Presence:
    """Says how the token's person is there; also a sign of life, which lasts two minutes and a half."""
    return _presence(presence.choose(actor, given.state, minutes=given.minutes, kinds=given.kinds))


@operation("GET", "/offers", scope="read", answer=outgoing.Page[shapes.Offer], queries=PAGING)
def list_offers(actor: Actor, limit: int, cursor: str | None) -> outgoing.Page[shapes.Offer]:
    """What is on offer to the token's person."""
    found = sorted(assignment.open_for(actor.id or 0, clock.now()), key=lambda one: one.id)
    rows, more = records.part(found, lambda one: one.id, cursor, limit)
    return outgoing.Page(items=[_offer(one) for one in rows], next=more)


def _offer(one: assignment.Offer) -> shapes.Offer:
    return shapes.Offer(
        id=one.id,
        kind=one.kind,
        work=one.work_id,
        state=one.state,
        why=dict(one.why),
        offered_at=one.offered_at,
        expires_at=one.expires_at,
    )


@operation("POST", "/offers/{id}/accept", scope="write", answer=shapes.Offer, body=shapes.Answer)
def accept_offer(actor: Actor, id: int, given: shapes.Answer) -> shapes.Offer:
    """Takes what is on offer. 409 where it is over."""
    return _offer(assignment.accept(actor, id))


@operation("POST", "/offers/{id}/decline", scope="write", answer=shapes.Offer, body=shapes.Answer)
def decline_offer(actor: Actor, id: int, given: shapes.Answer) -> shapes.Offer:
    """Leaves it to others. 409 where it is over."""
    return _offer(assignment.decline(actor, id))


@operation("POST", "/next-ticket", scope="write", answer=shapes.NextTicket, body=shapes.Answer)
def take_next_ticket(actor: Actor, given: shapes.Answer) -> shapes.NextTicket:
    """Takes the most urgent ticket that the token's person may and can answer."""
    taken = assignment.take_next(actor)
    return shapes.NextTicket(ticket=outgoing.Ticket(**records.changed(actor, taken.id)) if taken else None)


@operation("GET", "/departments/{key}/assignment", scope="read", answer=shapes.DepartmentAssignment)
def read_assignment(actor: Actor, key: str) -> shapes.DepartmentAssignment:
    """How a department hands out its work."""
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
    return _told(_department(key))


@operation(
    "PUT",
    "/departments/{key}/assignment",
    scope="write",
    answer=shapes.DepartmentAssignment,
    body=shapes.AssignmentChange,
)
def change_assignment(actor: Actor, key: str, given: shapes.AssignmentChange) -> shapes.DepartmentAssignment:
    """Changes how a department hands out its work."""
    place = _department(key)
    change = {
        name: value
        for name, value in given.model_dump(exclude_unset=True).items()
        if value is not None or name in _NULLABLE
    }
    for name in ("department", "team"):
        if (word := f"overflow_{name}") in change:
            named = change.pop(word)
            change[f"{word}_id"] = catalogue.id_of(name, named) if named is not None else None
    if "skills" in change:
        change["skills"] = {catalogue.id_of("service", one): asked for one, asked in change["skills"].items()}
    assignment.save_department(actor, place, **change)
    return _told(place)


_NULLABLE = frozenset({"overflow_minutes", "overflow_department", "overflow_team", "take_back_minutes"})
"""Fields in which null says something."""


def _department(key: str) -> int:
    found: Any = next((row for row in catalogue.departments(all_=True) if row.key == key), None)
    if found is None:
        raise NotFound("There is no such department.")
    return int(found.id)


def _told(department_id: int) -> shapes.DepartmentAssignment:
    known, rule = catalogue.current(), assignment.rules().get(department_id) or DepartmentRule(department_id)
    place, team = known.departments.get(rule.overflow_department_id or 0), known.teams.get(rule.overflow_team_id or 0)
    return shapes.DepartmentAssignment(
        department=known.departments[department_id].key,
        mode=rule.mode,
        turn=rule.turn,
        sticky=rule.sticky,
        offer_minutes=rule.offer_minutes,
        skills={known.services[id_].key: sorted(asked) for id_, asked in rule.skills.items() if id_ in known.services},
        overflow_minutes=rule.overflow_minutes,
        overflow_department=place.key if place else None,
        overflow_team=team.key if team else None,
        take_back_minutes=rule.take_back_minutes,
        warn_minutes=rule.warn_minutes,
    )
