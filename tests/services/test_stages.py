"""The step of the process at which a ticket is: by its row alone, the same in Python and in SQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import replies, stages, tickets
from helpdesk.vocabulary import Stage
from tests.builders import NOON, a_ticket

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)


def stage_of(ticket):
    ground.commit()
    db.session.expire_all()
    row = db.session.execute(select(table(Ticket)).where(table(Ticket).c.id == ticket.id)).one()
    found = stages.of(row)
    told = {stage for stage in Stage if ticket.id in db.session.scalars(select(Ticket.id).where(stages.where(stage)))}
    assert told == {found}
    return found


def test_a_ticket_goes_through_its_stages(agent):
    [department] = agent.departments
    assert stage_of(a_ticket()) is Stage.NEW
    ticket = a_ticket(department_id=department)
    assert stage_of(ticket) is Stage.CLASSIFIED
    tickets.take(agent, ticket.id, at=LATER)
    assert stage_of(ticket) is Stage.ASSIGNED
    replies.reply(agent, ticket.id, "Το κοιτάμε.", at=LATER)
    assert stage_of(ticket) is Stage.IN_PROGRESS
    tickets.wait(agent, ticket.id, "needs_information", at=LATER)
    assert stage_of(ticket) is Stage.WAITING_REQUESTER
    tickets.resume(agent, ticket.id, at=LATER)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    assert stage_of(ticket) is Stage.RESOLVED
    tickets.reopen(agent, ticket.id, "Ξανά", at=LATER)
    assert stage_of(ticket) is Stage.REOPENED
    tickets.assign(agent, ticket.id, None, at=LATER)
    assert stage_of(ticket) is Stage.REOPENED
    tickets.forward(agent, ticket.id, "Περιφέρεια", "Είναι της Περιφέρειας.", at=LATER)
    assert stage_of(ticket) is Stage.FORWARDED
    tickets.close(agent, ticket.id, at=LATER)
    assert stage_of(ticket) is Stage.CLOSED


def test_what_nobody_works_on_any_more_is_classified_again(agent):
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    tickets.take(agent, ticket.id, at=LATER)
    tickets.assign(agent, ticket.id, None, at=LATER)
    assert stage_of(ticket) is Stage.CLASSIFIED
    tickets.cancel(agent, ticket.id, "λάθος", at=LATER)
    assert stage_of(ticket) is Stage.CANCELLED
