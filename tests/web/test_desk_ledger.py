"""The ledger's page: who sees it, that it adds up, that it says why in both languages."""

import re
from datetime import timedelta

import pytest
from flask import current_app, g

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.services import access, replies, rulebook, tickets, timers
from tests.builders import a_department, a_ticket, an_account, an_agent

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(clock.now() - timedelta(days=400))
    an_account(is_default=True)


@pytest.fixture
def department():
    return a_department(key="lights", names={"el": "Φωτισμός", "en": "Lighting"})


@pytest.fixture
def ticket(department):
    return a_ticket(department_id=department.id, received_at=clock.now() - timedelta(days=40))


def page(client, actor, address, language="en", status=200):
    ground.flush_pending()
    for name in ("_login_user", "actor", "language", "catalogue", "csrf_token"):
        g.pop(name, None)
    current_app.extensions.pop("catalogue", None)
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = access.open_session(actor.id, "test", clock.now()), True
    client.set_cookie("language", language)
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def test_every_clock_has_its_ribbon_its_rows_and_a_check_that_holds(client, agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=clock.now() - timedelta(days=30))
    tickets.resume(agent, ticket.id, at=clock.now() - timedelta(days=20))
    timers.tick()
    shown = page(client, agent, f"/desk/tickets/{ticket.id}/ledger")
    for name in ("first_response", "resolution"):
        assert f'id="clock-{name}-1"' in shown
    assert shown.count('<svg class="scale"') == 2
    assert "tell the operator" not in shown
    assert shown.count("the clock itself says the same") == 4
    assert "closed stretches within it" in shown
    assert "set it to “Waiting for citizen”" in shown
    assert "No other policy fits this ticket." in shown
    assert "Note that it is missed" in shown


def test_rows_lead_to_the_fact_on_the_tickets_page(client, agent, ticket):
    replies.reply(agent, ticket.id, "Έρχεται συνεργείο.", at=clock.now() - HOUR)
    shown = page(client, agent, f"/desk/tickets/{ticket.id}/ledger")
    places = set(re.findall(rf'/desk/tickets/{ticket.id}#(f\d+)"', shown))
    assert places
    story = page(client, agent, f"/desk/tickets/{ticket.id}")
    assert all(f'id="{place}"' in story for place in places)


def test_the_ticket_asks_why_and_leads_to_each_clock(client, agent, ticket):
    shown = page(client, agent, f"/desk/tickets/{ticket.id}")
    assert f'/desk/tickets/{ticket.id}/ledger#clock-resolution-1"' in shown
    assert "Why this deadline?" in shown


def test_it_speaks_greek_and_leaves_no_code(client, agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=clock.now() - HOUR)
    shown = page(client, agent, f"/desk/tickets/{ticket.id}/ledger", "el")
    assert "Γιατί αυτές οι προθεσμίες" in shown
    assert "Καμία άλλη πολιτική δεν ταιριάζει" in shown
    body = re.sub(r'(id|href|class|labelledby|src)="[^"]*"', "", shown)
    assert not re.search(r"status_changed|first_response|to-come<|80%:warn", body)


def test_only_who_may_see_the_ticket_sees_its_ledger(client, agent, department):
    hidden = a_ticket(department_id=department.id, restricted=True)
    assert client.get(f"/desk/tickets/{hidden.id}/ledger").status_code == 302
    page(client, an_agent(a_department()), f"/desk/tickets/{hidden.id}/ledger", status=404)
    page(client, agent, f"/desk/tickets/{hidden.id}/ledger")
