"""Who is competent: denied, passed on within the house or to another body, and the citizen is told where it went."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Stale
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message
from helpdesk.services import journal, records, tickets
from tests.builders import NOON, a_department, a_ticket, an_administrator
from tests.services.moves import kinds

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)
TO = {"name": "Περιφέρεια Αττικής", "email": "protocol@region.example", "phone": "+30 210 1234567"}


@pytest.fixture
def ticket(department):
    found = a_ticket(department_id=department.id)
    ground.commit()
    return found


def denials(number: int) -> list[str]:
    ground.flush_pending()
    return [fact.event.data()["since"] for fact in journal.of(number) if fact.type == "competence_denied"]


def forwarded(agent, ticket, **given):
    fields = {"to": f" {TO['name']} ", "email": "Protocol@region.example", "phone": TO["phone"]} | given
    return tickets.forward(agent, ticket.id, text="Ο δρόμος είναι επαρχιακός.", at=LATER, **fields)


def test_what_goes_to_another_body_is_resolved_as_not_ours_and_says_where_it_went(agent, ticket):
    forwarded(agent, ticket)
    assert (ticket.status, ticket.resolution_code) == ("resolved", "not_competent")
    shown = records.ticket(agent, ticket.id)
    assert shown["forwarded_to"] == TO
    assert shown["resolution"]["text"] == "Ο δρόμος είναι επαρχιακός."
    assert kinds(ticket)[-4:] == ["competence_denied", "reply_sent", "ticket_forwarded", "ticket_resolved"]


def test_the_citizen_is_told_to_whom_it_went_and_how_they_are_reached(agent, ticket):
    forwarded(agent, ticket)
    ground.commit()
    [letter] = db.session.query(Outbound).filter_by(ticket_id=ticket.id, template="forwarded")
    assert all(words in letter.payload["text"] for words in (*TO.values(), "Ο δρόμος είναι επαρχιακός."))
    assert db.session.query(Message).filter_by(ticket_id=ticket.id, audience="public", direction="outbound").count()


def test_what_was_forwarded_and_comes_back_is_ours_again(agent, ticket):
    forwarded(agent, ticket)
    tickets.reopen(agent, ticket.id, "Τελικά είναι δικός μας.", at=LATER)
    assert (ticket.status, ticket.forwarded_to, ticket.resolution_code) == ("open", None, None)


def test_denying_competence_is_on_record_since_it_reached_the_department(agent, ticket):
    tickets.deny(agent, ticket.id, "Είναι επαρχιακός δρόμος.", at=LATER)
    assert denials(ticket.id) == [NOON.isoformat()]
    assert ticket.status == "new"
    with pytest.raises(Stale) as refused:
        tickets.deny(agent, ticket.id, "Το ξαναλέμε.", at=LATER)
    assert refused.value.code == "denied"


def test_a_denial_on_record_is_not_stated_twice(agent, ticket):
    tickets.deny(agent, ticket.id, "Είναι επαρχιακός δρόμος.", at=LATER)
    forwarded(agent, ticket)
    assert len(denials(ticket.id)) == 1


def test_transferring_may_say_that_this_department_is_not_competent(agent, ticket):
    other = a_department()
    tickets.transfer(agent, ticket.id, other.id, "Ανήκει αλλού", not_competent=True, at=LATER)
    assert denials(ticket.id) == [NOON.isoformat()]
    assert kinds(ticket)[-2:] == ["competence_denied", "ticket_transferred"]
    tickets.deny(an_administrator(), ticket.id, "Ούτε δικό μας.", at=LATER + timedelta(hours=2))
    assert denials(ticket.id) == [NOON.isoformat(), LATER.isoformat()]


def test_an_ordinary_transfer_says_nothing_of_competence(agent, ticket):
    tickets.transfer(agent, ticket.id, a_department().id, "Ξέρουν περισσότερα", at=LATER)
    assert denials(ticket.id) == []
