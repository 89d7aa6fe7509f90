"""For whom something is asked is said, or corrected, on the ticket and by the API; what follows from it follows."""

import pytest

from helpdesk.db import commit, db
from helpdesk.models.people import Person
from helpdesk.models.tickets import Ticket
from helpdesk.services import care, journal, rulebook, tickets
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_citizen, a_department, a_ticket, an_account, an_administrator, an_agent
from tests.web.browsers import Browser
from tests.web.machine import Machine

ELENI = {"behalf_name": "Ελένη", "behalf_email": "eleni@example.org"}


@pytest.fixture
def agent(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return an_agent(a_department())


@pytest.fixture
def ticket(agent):
    return a_ticket(department_id=next(iter(agent.departments)))


def concerned(ticket: Ticket) -> Person | None:
    db.session.expire_all()
    return db.session.get(Person, ticket.on_behalf_of_id) if ticket.on_behalf_of_id else None


def facts(ticket: Ticket) -> list[dict[str, object]]:
    return [one.event.data() for one in journal.of(ticket.id) if one.type == "concerned_changed"]


def test_an_agent_says_it_on_the_ticket_and_takes_it_back(app, agent, ticket):
    browser, page = Browser(app, agent), f"/desk/tickets/{ticket.id}"
    assert 'name="behalf_name" value=""' in browser.open(page).text
    assert browser.send(f"{page}/on-behalf-of", page=page, **ELENI).status_code == 303
    eleni = concerned(ticket)
    assert eleni is not None and (eleni.name, eleni.email) == ("Ελένη", "eleni@example.org")
    shown = browser.open(page).text
    assert "for Ελένη" in shown and "noted for whom it is asked" in shown and 'value="eleni@example.org"' in shown
    assert browser.send(f"{page}/on-behalf-of", page=page, **ELENI).status_code == 303
    assert facts(ticket) == [{"person_id": eleni.id}], "the same again says nothing new"
    browser.send(f"{page}/on-behalf-of", page=page, behalf_name="", behalf_email="")
    assert concerned(ticket) is None
    assert facts(ticket)[1:] == [{"previous_id": eleni.id}]


def test_what_is_wrong_stands_beside_its_field(app, agent, ticket):
    browser, page = Browser(app, agent), f"/desk/tickets/{ticket.id}"
    answer = browser.send(f"{page}/on-behalf-of", page=page, behalf_email="nobody")
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert concerned(ticket) is None


def test_by_machine_null_is_nobody_and_who_asked_is_refused(client, agent, ticket):
    machine, number = Machine(client, agent), ticket.id
    given = {"version": ticket.version, "on_behalf_of": {"name": "Ελένη", "phone": "+302310123456"}}
    answer = machine.patch(f"/tickets/{number}", given)
    assert (answer.status_code, answer.json["on_behalf_of"]["name"]) == (200, "Ελένη")
    who = db.session.get_one(Person, ticket.requester_id)
    again = {"version": answer.json["version"], "on_behalf_of": {"email": who.email}}
    refused = machine.patch(f"/tickets/{number}", again)
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["on_behalf_of"])
    answer = machine.patch(f"/tickets/{number}", again | {"on_behalf_of": None})
    assert (answer.status_code, answer.json["on_behalf_of"]) == (200, None)


def test_it_becomes_as_urgent_as_that_persons_requests_are_to_be_at_least(agent, ticket):
    grandmother = a_citizen(name="Γιαγιά", email="g@example.org")
    care.mark(an_administrator(), grandmother.id, "vulnerable", "85 ετών", at=NOON)
    tickets.concern(agent, ticket.id, Contact("g@example.org", "Γιαγιά"), at=NOON)
    commit()
    db.session.refresh(ticket)
    assert (ticket.urgency, ticket.priority_reason) == ("high", "care")
    [pressed] = [one for one in journal.of(ticket.id) if one.type == "ticket_classified"]
    assert pressed.actor_kind == ActorKind.SYSTEM
