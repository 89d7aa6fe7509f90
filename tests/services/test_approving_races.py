"""Approvals at the same moment, on connections of their own, and one whose connection dies before the commit."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from helpdesk.db import commit, db, unit
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal, procedures, rulebook
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_account, an_agent
from tests.procedures import enact, step
from tests.races import at_once


@pytest.fixture
def stage(house: Flask) -> tuple[int, list[Actor]]:
    """A ticket with an approval that is asked for, and two who may give it."""
    with house.app_context():
        rulebook.ensure_defaults(NOON)
        an_account(is_default=True)
        department = a_department()
        agent, bosses = an_agent(department), [a_supervisor(department) for _ in range(2)]
        enact(step("sign", "approve", approval={}), step("work"))
        number = a_ticket(department_id=department.id, type="request").id
        commit()
        procedures.ask(agent, number, "sign", at=NOON)
        return number, bosses


def standing(house: Flask, number: int) -> tuple[str, str, int]:
    """How the approval and the ticket stand, and how often the journal tells of a decision."""
    with house.app_context():
        ticket = db.session.get_one(Ticket, number)
        found = procedures.of(ticket)
        assert found is not None
        told = [fact for fact in journal.of(number) if fact.type == "step_settled"]
        return found.steps[0].state.value, ticket.status, len(told)


def test_of_two_approvers_at_once_one_decides_and_the_other_is_told(house, stage):
    number, (first, second) = stage
    ends = at_once(
        house,
        lambda: procedures.approve(first, number, "sign", at=NOON),
        lambda: procedures.refuse(second, number, "sign", "Όχι", at=NOON),
    )
    assert sorted(ends) == ["done", "settled"]
    state, status, told = standing(house, number)
    assert (state in ("approved", "refused"), status, told) == (True, "open", 1)


def test_a_decision_whose_connection_dies_before_the_commit_never_was(house, stage):
    number, (first, second) = stage
    with house.app_context(), pytest.raises(DBAPIError), unit():
        procedures.approve(first, number, "sign", at=NOON)
        db.session.flush()
        mine = db.session.execute(text("select pg_backend_pid()")).scalar_one()
        with db.engine.connect() as other:
            other.execute(text("select pg_terminate_backend(:pid)"), {"pid": mine})
    assert standing(house, number) == ("asked", "waiting_internal", 0)
    with house.app_context():
        procedures.approve(second, number, "sign", at=NOON)
    assert standing(house, number) == ("approved", "open", 1)
