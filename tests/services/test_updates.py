"""What citizens learn by mail when a request ends or goes on."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.post import Outbound
from helpdesk.permissions import Actor
from helpdesk.services import replies, tickets, upkeep
from helpdesk.services.automatic import MAY_NOT_ANSWER
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_message, a_ticket

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ticket(agent):
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    return ticket


def letters(ticket) -> list[str]:
    ground.flush_pending()
    rows = db.session.query(Outbound).filter_by(ticket_id=ticket.id).order_by(Outbound.id)
    return [row.template for row in rows if row.template not in {"received", "resolved"}]


def test_who_is_silent_learns_that_the_request_is_closed(ticket):
    upkeep.close_silent(LATER + timedelta(days=8))
    assert letters(ticket) == ["closed"]


def test_who_confirms_is_told_nothing_they_know(ticket):
    tickets.confirm(Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, at=LATER)
    assert letters(ticket) == []


def test_who_writes_again_learns_that_somebody_works_on_it_again(ticket):
    replies.citizen_writes(Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, "Έσβησε.", at=LATER)
    assert letters(ticket) == ["reopened"]


def test_machines_and_lists_are_not_written_to(agent):
    quiet = a_ticket(department_id=next(iter(agent.departments)))
    a_message(quiet, warnings=[MAY_NOT_ANSWER])
    tickets.resolve(agent, quiet.id, "solved", "Έγινε.", at=LATER)
    tickets.close(agent, quiet.id, at=LATER)
    assert letters(quiet) == []
