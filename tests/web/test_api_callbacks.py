"""Calls back by the API: free times, asking for one, what is owed, the acts on a ticket."""

import pytest
from flask import current_app

from helpdesk import db as ground
from helpdesk.services import catalogue, rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, an_account, an_agent, calls_back
from tests.web.machine import Machine

HOURS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def place(session):
    rulebook.ensure_defaults(NOON)
    rulebook.enact(RulebookKind.CALENDAR, "default", {"tz": "Europe/Athens", "hours": HOURS}, at=NOON)
    current_app.extensions.pop("catalogue", None)
    an_account(is_default=True)
    return calls_back(a_department())


@pytest.fixture
def machine(client, place):
    agent = an_agent(place)
    catalogue.changed(NOON)
    ground.commit()
    return Machine(client, agent)


def test_a_call_is_asked_for_rung_and_noted(machine, place):
    times = machine.get(f"/departments/{place.key}/call-times").json["items"]
    given = {"department": place.key, "begins_at": times[0]["begins_at"], "phone": "6912345678", "name": "Άννα"}
    made = machine.post("/callbacks", given)
    assert (made.status_code, made.json["state"], made.json["origin"]) == (201, "scheduled", "api")
    assert [one["ticket"] for one in machine.get("/callbacks").json["items"]] == [made.json["ticket"]]
    assert machine.post("/callbacks", given).status_code == 409
    acts = f"/tickets/{made.json['ticket']}/actions"
    moved = machine.post(f"{acts}/move-call-back", {"begins_at": times[1]["begins_at"]})
    assert moved.status_code == 200
    assert machine.post(f"{acts}/ring-call-back", {}).status_code == 200
    assert machine.post(f"{acts}/ring-call-back", {}).json["code"] == "ringing"
    assert machine.post(f"{acts}/dial-call-back", {"outcome": "reached"}).status_code == 200
    assert machine.get("/callbacks").json["items"] == []


def test_a_number_that_is_not_rung_is_named(machine, place):
    times = machine.get(f"/departments/{place.key}/call-times").json["items"]
    given = {"department": place.key, "begins_at": times[0]["begins_at"], "phone": "9011234567", "name": "Άννα"}
    refused = machine.post("/callbacks", given)
    assert refused.status_code == 422 and "phone" in str(refused.json)
