"""Replies for later: no clock knows of them before their moment, and what comes between stops them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.people import Staff
from helpdesk.services import accounts, replies, rulebook, scheduling
from helpdesk.services.notices import NewFile
from tests.builders import NOON, a_department, a_message, a_ticket, an_account, an_agent

LATER = timedelta(hours=3)


@pytest.fixture
def asked(session):
    rulebook.ensure_defaults(NOON)
    an_account(address="info@city.example", is_default=True)
    accounts.changed()
    department = a_department()
    agent = an_agent(department)
    ticket = a_ticket(department_id=department.id)
    ground.commit()
    return agent, ticket


def newest(ticket) -> int:
    return db.session.execute(text("select max(id) from message where ticket_id = :t"), {"t": ticket.id}).scalar_one()


def said(ticket) -> list[str]:
    query = text(
        "select text from message where ticket_id = :t and direction = 'outbound' and automatic is null order by id"
    )
    return list(db.session.execute(query, {"t": ticket.id}).scalars())


def answered_at(ticket):
    query = text("select first_response_at from ticket where id = :t")
    return db.session.execute(query, {"t": ticket.id}).scalar_one()


def test_a_reply_for_later_is_said_at_its_moment_and_counts_from_then(asked):
    agent, ticket = asked
    now = clock.now()
    file = NewFile("map.pdf", "application/pdf", b"%PDF-1.4")
    scheduling.schedule(agent, ticket.id, "Καλημέρα.", now + LATER, attachments=[file], seen=newest(ticket), at=now)
    assert scheduling.say_due(now + LATER - timedelta(seconds=1)) == 0
    assert (said(ticket), answered_at(ticket)) == ([], None)
    assert scheduling.say_due(now + LATER) == 1
    assert said(ticket) == ["Καλημέρα."]
    assert answered_at(ticket) == now + LATER
    assert db.session.execute(text("select count(*) from attachment")).scalar_one() == 1
    assert db.session.execute(text("select count(*) from outbound where template = 'answered'")).scalar_one() == 1
    assert (scheduling.say_due(now + LATER * 2), scheduling.of_ticket(ticket.id)) == (0, [])


def test_it_can_be_taken_back_until_then(asked):
    agent, ticket = asked
    now = clock.now()
    id_ = scheduling.schedule(agent, ticket.id, "Όχι ακόμη.", now + LATER, at=now)
    [waiting] = scheduling.of_ticket(ticket.id)
    assert (waiting.id, waiting.state, waiting.author) == (id_, "waiting", agent.name)
    assert scheduling.cancel(agent, id_, at=now).text == "Όχι ακόμη."
    assert scheduling.say_due(now + LATER) == 0
    with pytest.raises(Stale):
        scheduling.cancel(agent, id_, at=now)


def test_what_the_citizen_wrote_meanwhile_stops_it(asked):
    agent, ticket = asked
    now = clock.now()
    scheduling.schedule(agent, ticket.id, "Θα έρθουμε.", now + LATER, seen=newest(ticket), at=now)
    a_message(ticket, text="Δεν χρειάζεται πια.", author_id=ticket.requester_id)
    ground.commit()
    scheduling.say_due(now + LATER)
    assert said(ticket) == []
    [stopped] = scheduling.of_ticket(ticket.id)
    assert (stopped.state, stopped.reason) == ("stopped", "unread")


def test_who_left_says_nothing_more(asked):
    agent, ticket = asked
    now = clock.now()
    scheduling.schedule(agent, ticket.id, "Γεια.", now + LATER, at=now)
    db.session.get_one(Staff, agent.id).active = False
    ground.commit()
    scheduling.say_due(now + LATER)
    assert [one.reason for one in scheduling.of_ticket(ticket.id)] == ["author-left"]


def test_one_that_is_stopped_does_not_hold_up_the_others(asked):
    agent, ticket = asked
    now = clock.now()
    other = a_ticket(department_id=ticket.department_id, status="closed")
    ground.commit()
    scheduling.schedule(agent, other.id, "Πρώτο.", now + LATER, at=now)
    scheduling.schedule(agent, ticket.id, "Δεύτερο.", now + LATER, at=now)
    assert scheduling.say_due(now + LATER) == 2
    assert said(ticket) == ["Δεύτερο."]
    assert [one.reason for one in scheduling.of_ticket(other.id)] == ["closed"]


def test_a_moment_that_cannot_be_and_a_stranger_are_refused(asked):
    agent, ticket = asked
    now, stranger = clock.now(), an_agent(a_department())
    ground.commit()
    for due_at in (now, now - LATER, now + timedelta(days=91)):
        with pytest.raises(Invalid):
            scheduling.schedule(agent, ticket.id, "Γεια.", due_at, at=now)
    with pytest.raises(Invalid):
        scheduling.schedule(agent, ticket.id, "  ", now + LATER, at=now)
    with pytest.raises(Forbidden):
        scheduling.schedule(stranger, ticket.id, "Γεια.", now + LATER, at=now)


def test_what_was_said_can_be_taken_back_like_any_other(asked):
    agent, ticket = asked
    now = clock.now()
    scheduling.schedule(agent, ticket.id, "Γεια.", now + LATER, at=now)
    scheduling.say_due(now + LATER)
    replies.withdraw(agent, newest(ticket), at=now + LATER + timedelta(seconds=5))
    letters = text("select state from outbound where template = 'answered'")
    assert db.session.execute(letters).scalars().all() == ["withdrawn"]
