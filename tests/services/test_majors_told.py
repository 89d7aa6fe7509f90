"""Whom a major incident tells: customer bodies by the rules of informing, and each person once that it is over."""

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.informing import Informed
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import majors, rulebook
from helpdesk.services.majors import resolving
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_customer, a_service
from tests.services.test_majors import END, LATER, NEWS, declared, family, incident, letters

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def service(department):
    customer = a_customer(contact_email="water@example.org", language="en")
    return a_service(department_id=department.id, type="incident", customer_id=customer.id)


def enact(**cells) -> None:
    data = rulebook.in_force(RulebookKind.INFORMING).value.to_dict()
    data["rules"] |= cells
    rulebook.enact(RulebookKind.INFORMING, "default", data, at=NOON, actor=SYSTEM)


def told(ticket) -> list[tuple[str, str, str]]:
    ground.flush_pending()
    rows = db.session.query(Informed).filter_by(ticket_id=ticket.id, reader="customer").order_by(Informed.id)
    return [(row.change, row.reader, row.telling) for row in rows]


def test_a_customer_body_is_told_in_its_language_and_the_log_says_by_which_rule(agent, service):
    ticket = incident(service)
    declared(agent, ticket)
    majors.publish(agent, ticket.id, NEWS, 30, at=LATER)
    assert letters("major_notice") == ["water@example.org"]
    [letter] = db.session.query(Outbound).filter_by(template="major_notice")
    assert NEWS["en"] in letter.payload["text"]
    assert told(ticket) == [("major", "customer", "letter")]


def test_a_rule_may_name_its_language_or_tell_it_nothing(agent, service):
    ticket = incident(service)
    declared(agent, ticket)
    enact(major={"customer": {"language": "el"}})
    majors.publish(agent, ticket.id, NEWS, 30, at=LATER)
    [letter] = db.session.query(Outbound).filter_by(template="major_notice")
    assert NEWS["el"] in letter.payload["text"]
    enact(major={})
    majors.publish(agent, ticket.id, NEWS, 30, at=LATER)
    assert letters("major_notice") == ["water@example.org"]


@pytest.mark.parametrize("portion", [1, 25])
def test_who_sent_several_gets_one_letter_that_it_is_over_and_reads_it_on_each_page(
    agent, service, department, monkeypatch, portion
):
    parent, children = family(agent, service, department)
    monkeypatch.setattr(resolving, "PORTION", portion)
    majors.resolve(agent, parent.id, "solved", END, at=LATER)
    ground.commit()
    assert majors.settle(parent.id, LATER) == 4
    assert sorted(letters("resolved")) == ["anna@example.org", "boris@example.org", "first@example.org"]
    assert [db.session.get(Ticket, one.id).status for one in children] == ["resolved"] * 4
    again = db.session.query(Message).filter_by(ticket_id=children[2].id, direction="outbound", automatic="resolution")
    assert [(row.text, row.delivery_state) for row in again] == [(END["el"], None)]


def test_who_sent_the_first_one_too_hears_it_from_that_one_only(agent, service, department):
    parent = incident(service)
    child = incident(service, requester=None)
    child.requester_id = parent.requester_id
    declared(agent, parent, link=[child.id])
    majors.resolve(agent, parent.id, "solved", END, at=LATER)
    ground.commit()
    majors.settle(parent.id, LATER)
    ground.commit()
    assert [row.ticket_id for row in db.session.query(Outbound).filter_by(template="resolved")] == [parent.id]
