"""Whatever the house, the people and the work: only who may and can gets it, never too much, and evenly."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models.assignment import Offer
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import may
from helpdesk.services import assignment, catalogue, presence, rulebook
from helpdesk.services.assignment.people import actor_of, spoken
from helpdesk.vocabulary import PresenceState
from tests.builders import NOON, a_department, a_service, an_administrator
from tests.services.crew import a_member, hands_out, waiting


@dataclass(frozen=True)
class Person:
    capacity: int
    has: int
    languages: tuple[str, ...]
    skilled: bool
    state: str
    member: bool


@dataclass(frozen=True)
class Piece:
    language: str
    skilled: bool
    restricted: bool
    phone: bool


people = st.lists(
    st.builds(
        Person,
        capacity=st.integers(0, 4),
        has=st.integers(0, 3),
        languages=st.sampled_from([("el",), ("en",), ("el", "en"), ()]),
        skilled=st.booleans(),
        state=st.sampled_from(["available", "available", "busy", "away", "offline"]),
        member=st.sampled_from([True, True, True, False]),
    ),
    max_size=5,
)
work = st.lists(
    st.builds(
        Piece,
        language=st.sampled_from(["el", "en"]),
        skilled=st.booleans(),
        restricted=st.booleans(),
        phone=st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people, work, st.sampled_from(["least_loaded", "round_robin"]), st.sampled_from(["push", "offer"]))
def test_work_reaches_only_who_may_and_can_and_never_more_than_they_can_take(session, crew, pieces, turn, mode):
    rulebook.ensure_defaults(NOON)
    place, other = a_department(), a_department()
    hard = a_service(department_id=place.id)
    actors = [_sits_down(one, place if one.member else other) for one in crew]
    hands_out(place, mode, turn=turn, skills={hard.id: ["hard"]})
    assignment.save_weights(an_administrator(), {"phone": 2}, 0, at=NOON)
    tickets = [_lies(piece, place, hard) for piece in pieces]
    assignment.drain(place.id, NOON)
    found = [(piece, ticket, _who(ticket)) for piece, ticket in zip(pieces, tickets, strict=True)]
    for piece, ticket, who in found:
        if who is not None:
            _fits(piece, ticket, who, place)
    for actor, one in zip(actors, crew, strict=True):
        load = sum(2 if piece.phone else 1 for piece, _, who in found if who == actor.id)
        assert load == 0 or load + one.has <= one.capacity


def _fits(piece, ticket, who, place):
    known = catalogue.current().colleagues
    person = known[who]
    assert may(actor_of(person), "reply", ticket) and place.id in person.departments
    assert presence.of(who, NOON).state is PresenceState.AVAILABLE
    assert not piece.skilled or "hard" in person.skills
    heard = any(piece.language in spoken(one) for one in known.values() if place.id in one.departments)
    assert piece.language in spoken(person) or not heard


def _who(ticket):
    """Who has it, or whom it was offered."""
    assignee = db.session.execute(select(Ticket.assignee_id).where(Ticket.id == ticket.id)).scalar()
    return assignee or db.session.execute(select(Offer.person_id).where(Offer.work_id == ticket.id)).scalar()


def _sits_down(one, place):
    abilities = {
        "capacity": one.capacity,
        "languages": list(one.languages),
        "skills": ["hard"] if one.skilled else [],
    }
    actor = a_member(place, there=False, **abilities)
    if one.state != "offline":
        presence.choose(actor, one.state, at=NOON)
    for _ in range(one.has):
        waiting(place, assignee_id=actor.id, status="open")
    return actor


def _lies(piece, place, hard):
    return waiting(
        place,
        language=piece.language,
        service_id=hard.id if piece.skilled else None,
        restricted=piece.restricted,
        channel="phone" if piece.phone else "email",
    )


@pytest.mark.parametrize("turn", ["least_loaded", "round_robin"])
@pytest.mark.parametrize(("heads", "pieces"), [(2, 7), (3, 10), (5, 23)])
def test_equals_get_equal_shares_however_the_work_arrives(session, turn, heads, pieces):
    rulebook.ensure_defaults(NOON)
    place = a_department()
    crew = [a_member(place) for _ in range(heads)]
    hands_out(place, turn=turn, sticky=False)
    at = NOON
    for number in range(pieces):
        waiting(place)
        if number % 3 == 0:
            at += timedelta(seconds=10)
            assignment.tick(at)
    assignment.tick(at)
    held = Counter(db.session.execute(select(Ticket.assignee_id).where(Ticket.department_id == place.id)).scalars())
    shares = [held[one.id] for one in crew]
    assert sum(shares) == pieces and max(shares) - min(shares) <= 1
