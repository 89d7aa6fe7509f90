"""Who sees which ticket: one law, as a condition and as a permission."""

from itertools import product

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.services import scope
from helpdesk.vocabulary import ActorKind
from tests.builders import a_citizen, a_department, a_supervisor, a_ticket, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("rules")


def seen(actor: Actor) -> set[int]:
    return set(db.session.execute(select(Ticket.id).where(scope.visible(actor))).scalars())


def test_the_condition_and_the_permission_are_one_law():
    ours, theirs = a_department(), a_department()
    agent, other = an_agent(ours), an_agent(theirs)
    actors = [agent, other, an_agent(), a_supervisor(ours), a_supervisor(theirs), an_administrator(), SYSTEM]
    for department, restricted, mine in product((ours.id, theirs.id, None), (False, True), (None, "owner", "assignee")):
        a_ticket(
            department_id=department,
            restricted=restricted,
            owner_id=agent.id if mine == "owner" else None,
            assignee_id=other.id if mine == "assignee" else None,
        )
    tickets = db.session.query(Ticket).all()
    for actor in actors:
        assert seen(actor) == {ticket.id for ticket in tickets if may(actor, "read", ticket)}
    assert seen(agent) != seen(other) != seen(actors[2])


def test_a_citizen_sees_their_own_and_nobody_else_s():
    mine, other = a_ticket(), a_ticket()
    citizen = Actor(ActorKind.CITIZEN, mine.requester_id)
    assert seen(citizen) == {mine.id}
    with pytest.raises(NotFound):
        scope.find(citizen, other.id)


def test_a_citizen_without_a_name_sees_nothing():
    a_ticket(requester_id=None)
    assert seen(Actor(ActorKind.CITIZEN, None)) == set()
    assert seen(Actor(ActorKind.CITIZEN, a_citizen().id)) == set()


def test_hidden_and_missing_look_the_same():
    hidden, agent = a_ticket(department_id=a_department().id, restricted=True), an_agent(a_department())
    with pytest.raises(NotFound) as first:
        scope.find(agent, hidden.id)
    with pytest.raises(NotFound) as second:
        scope.find(agent, 1)
    assert first.value.detail == second.value.detail
