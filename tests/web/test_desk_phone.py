"""An agent's telephone page: what it shows in each state, by which buttons it goes on, and who may not."""

import pytest

from helpdesk.db import db
from helpdesk.models.calls import Call
from helpdesk.services import calls
from tests.builders import a_citizen, a_ticket
from tests.services.telephone import CITIZEN, a_town, the_call
from tests.web.browsers import Browser


@pytest.fixture
def town(client, monkeypatch):
    with a_town(client, monkeypatch) as town:
        yield town


def browser_of(town, agent):
    return Browser(town.client.application, agent)


def test_it_shows_who_calls_before_the_receiver_is_lifted_with_everybody_of_that_number(town):
    first, second = a_citizen(name="Μαρία Π.", phone=CITIZEN), a_citizen(name="Γιώργος Π.", phone=CITIZEN)
    ticket = a_ticket(requester=first, department_id=town.department.id, subject="Ο κάδος")
    agent = town.agent(town.network.phones.get("none"))
    town.rings()
    town.wait(2)
    page = browser_of(town, agent).open("/desk/phone").text
    assert "+30 694 412 3456" in page
    assert first.name in page and second.name in page and str(ticket.id) in page


def test_a_talk_is_put_on_hold_told_whom_it_is_with_and_written_down(town):
    citizen = a_citizen(name="Μαρία Π.", phone=CITIZEN)
    ticket = a_ticket(requester=citizen, department_id=town.department.id)
    agent = town.agent()
    line = town.rings()
    town.wait(15)
    browser, call = browser_of(town, agent), the_call(line)
    at = f"/desk/phone/{call.id}"
    assert browser.send(f"{at}/hold", page="/desk/phone", on="yes").status_code == 303
    assert line.held
    browser.send(f"{at}/hold", page="/desk/phone", on="no")
    assert not line.held
    browser.send(f"{at}/who", page="/desk/phone", person=citizen.id, ticket=ticket.id)
    browser.send(f"{at}/identity", page="/desk/phone")
    browser.send(f"{at}/hang-up", page="/desk/phone")
    town.wait(10)
    assert line.over
    assert browser.send(f"{at}/wrap-up", page="/desk/phone", outcome="nonsense").status_code == 422
    done = browser.send(f"{at}/wrap-up", page="/desk/phone", outcome="settled", note="Θα περάσει το συνεργείο.")
    assert done.location.endswith(f"/desk/tickets/{ticket.id}")
    page = browser.open(f"/desk/tickets/{ticket.id}").text
    assert "Θα περάσει το συνεργείο." in page


def test_a_call_is_passed_on_to_a_colleague_and_the_citizen_stays_on_the_line(town):
    first = town.agent()
    line = town.rings()
    town.wait(15)
    second = town.agent()
    call = the_call(line)
    browser = browser_of(town, first)
    browser.send(f"/desk/phone/{call.id}/bring-in", page="/desk/phone", colleague=second.id)
    town.wait(10)
    assert browser.send(f"/desk/phone/{call.id}/pass-on", page="/desk/phone").status_code == 303
    town.wait(10)
    assert not line.over and the_call(line).agent_id == second.id
    assert the_call(line).state == "talking"


def test_anybody_elses_call_does_not_exist(town):
    town.agent()
    line = town.rings()
    town.wait(15)
    other = town.agent()
    call = db.session.get_one(Call, the_call(line).id)
    for act in ("hold", "hang-up", "wrap-up", "identity", "bring-in", "pass-on", "who", "recording"):
        assert (
            browser_of(town, other)
            .send(f"/desk/phone/{call.id}/{act}", page="/desk/phone", outcome="settled")
            .status_code
            == 404
        )


def test_a_number_that_costs_is_not_called(town):
    agent = town.agent()
    answer = browser_of(town, agent).send("/desk/phone/call", page="/desk/phone", number="901 123 4567")
    assert answer.status_code == 422
    assert calls.running(agent.id) is None
