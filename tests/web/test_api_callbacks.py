"""Calls back by the API: free times, asking for one, what is owed, the acts on a ticket."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, text, update

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.callbacks import CallbackPromise, CallbackSlot
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


def test_what_may_be_missed_can_be_asked_for_alone_and_by_department(machine, place):
    times = machine.get(f"/departments/{place.key}/call-times").json["items"]
    given = {"department": place.key, "begins_at": times[0]["begins_at"], "phone": "6912345678", "name": "Άννα"}
    made = machine.post("/callbacks", given).json["ticket"]
    assert machine.get("/callbacks?at_risk=true").json["items"] == []
    assert [one["ticket"] for one in machine.get(f"/callbacks?department={place.key}").json["items"]] == [made]
    assert machine.get("/callbacks?department=nowhere").status_code == 422
    row = db.session.get_one(CallbackSlot, db.session.scalars(select(CallbackPromise.slot_id)).one())
    assert row.booked == 1


def test_windows_with_too_many_calls_are_listed_with_their_tickets(machine, place):
    times = machine.get(f"/departments/{place.key}/call-times").json["items"]
    given = {"department": place.key, "begins_at": times[5]["begins_at"], "phone": "6912345678", "name": "Άννα"}
    made = machine.post("/callbacks", given).json["ticket"]
    assert machine.get("/callbacks/crowded").json["items"] == []
    data = {"tz": "Europe/Athens", "hours": {"mon": [["03:00", "03:10"]]}}
    rulebook.enact(RulebookKind.CALENDAR, "default", data, at=clock.now())
    current_app.extensions.pop("catalogue", None)
    ground.commit()
    [crowd] = machine.get(f"/callbacks/crowded?department={place.key}").json["items"]
    assert (crowd["promised"], crowd["capacity"], crowd["tickets"]) == (1, 0, [made])


def test_the_figures_of_a_period_stand_in_the_api_as_on_the_page(machine, place):
    times = machine.get(f"/departments/{place.key}/call-times").json["items"]
    given = {"department": place.key, "begins_at": times[0]["begins_at"], "phone": "6912345678", "name": "Άννα"}
    made = machine.post("/callbacks", given).json["ticket"]
    machine.post(f"/tickets/{made}/actions/dial-call-back", {"outcome": "reached"})
    begins = clock.now() - timedelta(minutes=20)
    db.session.execute(text("alter table callback_promise disable trigger callback_promise_window"))
    db.session.execute(update(CallbackPromise).values(begins_at=begins, ends_at=begins + timedelta(minutes=10)))
    db.session.execute(text("alter table callback_promise enable trigger callback_promise_window"))
    ground.commit()
    found = machine.get(f"/callbacks/figures?department={place.key}").json
    assert (found["promised"], found["kept"], found["reached"], found["reach_rate"]) == (1, 0, 1, 1.0)
    assert found["late_p90"] >= 0 and found["attempts_per_reach"] == 1.0
    assert 0 <= found["to_ring_median"] <= found["to_talk_median"] <= 60
