"""Figures by machine: the same as on the page, for the same people."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.services import replies, rulebook, tickets
from helpdesk.services.reports import FIGURES
from tests.builders import a_department, a_supervisor, a_ticket, an_account, an_agent
from tests.web.machine import Machine

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(clock.now() - 400 * 24 * HOUR)
    an_account(is_default=True)


@pytest.fixture
def department():
    return a_department(key="lights")


@pytest.fixture
def machine(client, department):
    return Machine(client, a_supervisor(department))


def test_a_figure_comes_with_its_definition_its_parts_and_its_departments(machine, department):
    ticket = a_ticket(department_id=department.id, received_at=clock.now() - 2 * HOUR)
    a_ticket(department_id=None, received_at=clock.now() - HOUR)
    replies.reply(an_agent(department), ticket.id, "Έρχεται.", at=clock.now())
    ground.flush_pending()
    for name, figure in FIGURES.items():
        answer = machine.get(f"/reports/{name}")
        assert answer.status_code == 200, answer.text
        assert answer.json["definition"] == figure.definition
        assert len(answer.json["series"]) == 30
    received = machine.get("/reports/received").json
    assert received["whole"]["n"] == 2
    assert {item["department"]: item["n"] for item in received["departments"]} == {"lights": 1, None: 1}
    assert machine.get("/reports/first_response_met").json["whole"]["met"] == 1
    assert machine.get("/reports/received?department=lights").json["whole"]["n"] == 1
    assert machine.get("/reports/received?from=2025-01-01&to=2025-01-31").json["whole"]["n"] == 0


def test_what_one_may_not_see_is_not_counted(machine):
    a_ticket(department_id=a_department().id, received_at=clock.now() - HOUR, restricted=True)
    ground.flush_pending()
    assert machine.get("/reports/received").json["whole"]["n"] == 0


def test_an_agent_s_token_opens_no_report(client, department):
    assert Machine(client, an_agent(department)).get("/reports/received").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("speed", 404),
        ("received?from=2026-13-45", 422),
        ("received?from=today", 422),
        ("received?from=2026-02-01&to=2026-01-01", 422),
        ("received?department=nowhere", 422),
        ("received?colour=red", 422),
    ],
)
def test_what_is_unknown_or_wrong_is_told(machine, path, status):
    assert machine.get(f"/reports/{path}").status_code == status


def test_waiting_is_told_by_reason_and_by_who_let_it_wait(machine, department):
    agent, ticket = an_agent(department), a_ticket(department_id=department.id)
    tickets.wait(agent, ticket.id, "approval", at=clock.now() - HOUR)
    ground.flush_pending()
    found = machine.get("/reports/waiting?department=lights").json
    assert [(one["reason"], one["n"], one["running"]) for one in found["reasons"]] == [("approval", 1, 1)]
    assert [one["agent"] for one in found["agents"]] == [agent.id]
    assert found["whole"]["ended_by"] == {"citizen": 0, "staff": 0, "clock": 0, "finished": 0}
    assert Machine(machine.client, agent).get("/reports/waiting").status_code == 403
