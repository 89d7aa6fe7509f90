"""The ledger by machine: one record, the same as the command prints, only for who may see the ticket."""

import json
from datetime import timedelta

import pytest

from helpdesk.permissions import SYSTEM
from helpdesk.services import records, replies, rulebook
from tests.builders import NOON, a_department, a_ticket, an_account, an_agent
from tests.web.machine import Machine


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)


@pytest.fixture
def department():
    return a_department()


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


def test_a_ledger_of_a_hidden_ticket_is_not_to_be_found(client, department):
    ticket = a_ticket(department_id=department.id, restricted=True)
    assert Machine(client, an_agent(a_department())).get(f"/tickets/{ticket.id}/ledger").status_code == 404
