"""The supervisor's review of waiting and its report, as pages."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.services import rulebook, tickets, waiting
from tests.builders import a_department, a_supervisor, a_ticket, an_account, an_agent
from tests.web.test_supervise import page, press, signed_in

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(clock.now() - 400 * DAY)
    an_account(is_default=True)


@pytest.fixture
def department():
    return a_department(key="lights", names={"el": "Φωτισμός", "en": "Lighting"})


@pytest.fixture
def agent(department):
    return an_agent(department, name="Anna Agent")


@pytest.fixture
def desk(client: FlaskClient, department) -> FlaskClient:
    return signed_in(client, a_supervisor(department))


@pytest.fixture
def ticket(agent, department) -> Ticket:
    found = a_ticket(department_id=department.id, subject="Dark corner", language="en")
    tickets.wait(agent, found.id, "needs_information", at=clock.now() - 2 * DAY)
    ground.commit()
    return found


def test_it_says_who_let_it_wait_since_when_until_when_and_what_comes(desk, ticket):
    text = page(desk, "/supervise/waiting")
    for told in ("Dark corner", "let wait by Anna Agent", "since ", "It waits until ", "The next reminder leaves "):
        assert told in text
    assert 'class="over"' not in text


def test_it_can_be_narrowed_by_department_reason_and_agent(desk, ticket, agent, department):
    other = a_department(key="parks")
    assert other.id
    for asked, shown in (
        ("department=lights", True),
        ("department=parks", False),
        ("reason=needs_information", True),
        ("reason=approval", False),
        (f"agent={agent.id}", True),
        ("agent=1", False),
    ):
        assert ("Dark corner" in page(desk, f"/supervise/waiting?{asked}")) is shown, asked
    assert desk.get("/supervise/waiting?department=nowhere").status_code == 422
    assert desk.get("/supervise/waiting?cursor=nonsense").status_code == 422


def test_waiting_is_ended_from_there_with_a_reason(desk, ticket):
    address = f"/supervise/waiting/{ticket.id}"
    refused = press(desk, address, act="end", reason=" ")
    assert refused.status_code == 422
    assert f'id="reason-{ticket.id}-error"' in refused.text
    answer = press(desk, address, act="end", reason="They rang us.", version=str(ticket.version))
    assert answer.status_code == 303
    db.session.expire_all()
    assert db.session.get(Ticket, ticket.id).status == "open"
    assert "Waiting was ended." in page(desk, answer.location)


def test_it_is_let_wait_longer_from_there_and_what_is_wrong_stands_beside_its_field(desk, ticket):
    address, later = f"/supervise/waiting/{ticket.id}", (clock.now() + 30 * DAY).strftime("%Y-%m-%dT%H:%M")
    for until in ("", "2020-01-01T10:00", "2040-01-01T10:00", "tomorrow"):
        refused = press(desk, address, act="extend", reason="Away.", until=until)
        assert refused.status_code == 422, until
        assert f'id="until-{ticket.id}-error"' in refused.text
        assert "Away." in refused.text
    assert press(desk, address, act="extend", reason="Away.", until=later).status_code == 303
    assert "Extended" in page(desk, "/supervise/waiting")


def test_what_moved_meanwhile_is_left_alone(desk, ticket, agent):
    tickets.resume(agent, ticket.id)
    ground.commit()
    refused = press(desk, f"/supervise/waiting/{ticket.id}", act="end", reason="Why not.")
    assert refused.status_code == 409
    assert "It does not wait any more" in refused.text


def test_only_those_who_supervise_see_it(client, agent, ticket):
    plain = signed_in(client, agent)
    for address in ("/supervise/waiting", "/supervise/waiting-report", "/supervise/waiting-report.csv"):
        assert plain.get(address).status_code == 403


def test_the_report_leads_to_what_waits_now_and_comes_as_csv_and_json(desk, ticket, agent):
    text = page(desk, "/supervise/waiting-report")
    assert "We need information from the citizen" in text
    assert f"/supervise/waiting?agent={agent.id}" in text
    lines = list(csv.DictReader(io.StringIO(page(desk, "/supervise/waiting-report.csv"))))
    assert [(line["by"], line["n"], line["running"]) for line in lines] == [
        ("all", "1", "1"),
        ("reason", "1", "1"),
        ("agent", "1", "1"),
    ]
    found = desk.get("/supervise/waiting-report.json").json
    assert found["lines"][1]["of"] == "needs_information"
    assert found["lines"][0]["ended_by_citizen"] == 0


def test_the_ticket_s_page_says_until_when_and_what_follows(desk, ticket):
    waiting.tick(rulebook.calendar_for(None).value.next_opening(clock.now() + 4 * DAY))
    ground.commit()
    text = page(desk, f"/desk/tickets/{ticket.id}")
    assert "Reminded 1 time." in text
    for told in ("It waits since ", "The next reminder leaves ", "It waits until ", "Then it is open again."):
        assert told in text
