"""What handing out one ticket asks of the database: few statements, and of the ticket only what choosing looks at."""

import pytest
from sqlalchemy import inspect

from helpdesk.db import db
from helpdesk.services import assignment
from helpdesk.services.assignment import backlog, settings
from tests.builders import NOON, a_citizen, a_department, a_ticket
from tests.services.crew import a_member, hands_out, waiting
from tests.web.browsers import counted

pytestmark = pytest.mark.usefixtures("rules")

STATEMENTS = 8
"""The department's lock, its people, what they have, its tickets; then the ticket, whose turn it was, its story."""


def _one_alone():
    place = a_department()
    a_member(place)
    hands_out(place)
    assignment.drain(place.id, NOON)
    ticket = waiting(place)
    db.session.expunge(ticket)
    return place.id, ticket.id


def test_one_ticket_is_given_by_few_statements(app):
    place_id, _ = _one_alone()
    with counted() as statements:
        assert assignment.drain(place_id, NOON) == 1
    assert len(statements) <= STATEMENTS, "\n".join(" ".join(s.split())[:90] for s in statements)


def test_of_a_ticket_only_what_choosing_looks_at_is_read(app):
    place_id, ticket_id = _one_alone()
    (free,) = next(iter(backlog.portions(settings.of(place_id), NOON)))
    assert free.ticket.id == ticket_id and "subject" in inspect(free.ticket).unloaded


def test_whom_a_ticket_would_go_back_to_and_who_did_not_want_it_come_with_it(app):
    place, citizen = a_department(), a_citizen()
    member, other = a_member(place), a_member(place)
    a_ticket(department_id=place.id, requester=citizen, assignee_id=member.id, status="resolved")
    hands_out(place, mode="offer")
    ticket = waiting(place, requester=citizen)
    assignment.drain(place.id, NOON)
    (offered,) = assignment.open_for(member.id, NOON)
    assignment.decline(member, offered.id, at=NOON)
    (free,) = next(iter(backlog.portions(settings.of(place.id), NOON)))
    assert (free.ticket.id, free.last_agent, free.spared) == (ticket.id, member.id, {member.id})
    hands_out(place, sticky=False)
    (free,) = next(iter(backlog.portions(settings.of(place.id), NOON)))
    assert free.last_agent is None and other.id not in free.spared
