"""The ledger by machine: one record, the same as the command prints, only for who may see the ticket."""

import json
from datetime import timedelta

import pytest
from flask import current_app

from helpdesk import clock
from helpdesk.permissions import SYSTEM
from helpdesk.services import records, replies, rulebook
from tests.builders import NOON, a_department, a_ticket, an_account, an_agent
from tests.services.test_risks import past
from tests.web.machine import Machine


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON - timedelta(days=300))
    an_account(is_default=True)


def test_the_ledger_is_the_record_that_the_command_prints(client, department):
    agent = an_agent(department)
    ticket = a_ticket(department_id=department.id)
    replies.reply(agent, ticket.id, "Έρχεται συνεργείο.", at=NOON + timedelta(minutes=31))
    told = Machine(client, agent).get(f"/tickets/{ticket.id}/ledger").get_json()
    again = json.loads(json.dumps(records.ledger(SYSTEM, ticket.id), default=lambda at: at.isoformat()))
    assert [one["name"] for one in told["clocks"]] == ["first_response", "resolution"]
    first, expected = told["clocks"][0], again["clocks"][0]
    assert set(first) == set(expected)
    assert [row["seconds"] for row in first["rows"]] == [31 * 60]
    assert set(first["rows"][0]) == {"from", "to", "activity", "seconds", "total_seconds", "why", "event"}
    assert (first["state"], first["elapsed_seconds"], first["answered"]["automatic"]) == ("met", 31 * 60, False)
    assert told["tzdata"] == again["tzdata"]


def test_the_ledger_tells_the_risk_of_what_is_open_and_of_how_many_it_was_counted(client, department):
    current_app.extensions.pop("risks", None)
    ticket = a_ticket(department_id=department.id, received_at=clock.now() - timedelta(minutes=1))
    past(ticket, 40, 10, ended=clock.now() - timedelta(days=9))
    told = Machine(client, an_agent(department)).get(f"/tickets/{ticket.id}/ledger").get_json()
    current_app.extensions.pop("risks", None)
    first, resolution = told["clocks"][0]["risk"], told["clocks"][1]["risk"]
    assert first is None
    assert (resolution["share"], resolution["n"], resolution["group"]) == (0.25, 40, "alike")


def test_a_ledger_of_a_hidden_ticket_is_not_to_be_found(client, department):
    ticket = a_ticket(department_id=department.id, restricted=True)
    assert Machine(client, an_agent(a_department())).get(f"/tickets/{ticket.id}/ledger").status_code == 404
