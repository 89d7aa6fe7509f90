"""Absences and owners by the API: the same laws as on the desk."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue
from tests.builders import NOON, a_ticket, an_agent
from tests.web.machine import Machine

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def anna(place):
    return an_agent(place)


@pytest.fixture
def nikos(place, anna):
    found = an_agent(place)
    catalogue.changed(NOON)
    ground.commit()
    return found


def away(**given):
    begin = clock.now() + timedelta(days=1)
    times = {"from_at": begin.isoformat(), "until_at": (begin + timedelta(days=3)).isoformat()}
    return times | given


def told(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json


def test_an_absence_is_entered_listed_and_called_off(client, anna, nikos):
    machine = Machine(client, anna)
    made = told(machine.post("/absences", away(deputy=nikos.id, handing="stay")), 201)
    assert (made["person"], made["deputy"], made["handing"]) == (anna.id, nikos.id, "stay")
    assert [item["id"] for item in told(machine.get("/absences"))["items"]] == [made["id"]]
    assert told(machine.post(f"/absences/{made['id']}/end", {}))["items"] == []


def test_what_is_wrong_is_named_and_what_is_others_is_refused(client, anna, nikos):
    machine = Machine(client, anna)
    assert "deputy_id" in machine.post("/absences", away(deputy=anna.id)).text
    told(machine.post("/absences", away(deputy=anna.id)), 422)
    told(machine.post("/absences", away(person=nikos.id)), 403)
    told(machine.post("/absences/999999/end", {}), 404)


def test_an_owner_is_chosen_and_a_stale_version_refused(client, place, anna, nikos):
    ticket = a_ticket(department_id=place.id, owner_id=anna.id)
    ground.commit()
    machine, path = Machine(client, anna), f"/tickets/{ticket.id}/owner"
    answer = told(machine.ask("PUT", path, {"person": nikos.id, "version": ticket.version}))
    assert answer["owner"]["id"] == nikos.id
    assert db.session.get(Ticket, ticket.id, populate_existing=True).owner_by_default is False
    told(machine.ask("PUT", path, {"person": anna.id, "version": 999}), 409)


def test_the_report_of_escalations_is_for_those_who_lead(client, anna, nikos):
    told(Machine(client, anna).get("/reports/escalation"), 403)
