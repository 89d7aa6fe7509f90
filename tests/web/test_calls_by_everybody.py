"""Every act with a call, in every state of it, by the desk's form and by the API: both say the same."""

import re
from typing import Any

import pytest

from channels.phone.simulator.network import Phone
from helpdesk.services import calls
from tests.builders import a_citizen, a_ticket
from tests.services.telephone import CITIZEN, a_town, the_call
from tests.web.browsers import Browser
from tests.web.machine import Machine
from tests.web.test_moves_by_everybody import taken_back

ACTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "hold": ({"on": "yes"}, {"on": True}),
    "bring-in": ({"number": "2103214567"}, {"number": "2103214567"}),
    "pass-on": ({}, {}),
    "recording": ({"paused": "yes"}, {"paused": True}),
    "identity": ({}, {}),
    "hang-up": ({}, {}),
    "wrap-up": ({"outcome": "settled", "note": "α"}, {"outcome": "settled", "note": "α"}),
}
"""By act: what the form sends, and what the API is sent."""

ALLOWED = {
    "talking": {"hold", "bring-in", "hang-up", "identity"},
    "consulting": {"hold", "pass-on", "hang-up", "identity"},
    "wrap-up": {"wrap-up", "identity", "hang-up"},
    "done": {"wrap-up", "identity", "hang-up"},
    "another's": set(),
}
"""By how the call stands: what goes. What is repeated at the end of a call changes nothing and is no error."""


@pytest.fixture
def town(client, monkeypatch):
    with a_town(client, monkeypatch) as town:
        yield town


def in_state(town, state: str):
    """A call of somebody in that state, and who tries."""
    citizen = a_citizen(phone=CITIZEN)
    a_ticket(requester=citizen, department_id=town.department.id)
    agent = town.agent()
    line = town.rings()
    town.wait(15)
    call = the_call(line)
    calls.choose(agent, call.id, person_id=citizen.id)
    if state == "consulting":
        other = town.agent(Phone(answers=1, presses="1"))
        calls.bring_in(agent, call.id, colleague_id=other.id, at=town.now)
        town.wait(12)
    if state in {"wrap-up", "done"}:
        with town.face.lock:
            town.network.hang_up(line)
        town.wait(5)
    if state == "done":
        calls.wrap_up(agent, call.id, "settled", at=town.now)
    return call.id, town.agent() if state == "another's" else agent


@pytest.mark.parametrize("state", ALLOWED)
def test_the_form_and_the_api_allow_the_same_acts_in_each_state(town, state):
    call_id, actor = in_state(town, state)
    browser = Browser(town.client.application, actor)
    machine = Machine(town.client, actor)
    wrong = []
    for act, (form, given) in ACTS.items():
        with taken_back():
            said = machine.post(f"/calls/{call_id}/{act}", given)
            by_api = said.status_code
            again = machine.get(f"/calls/{call_id}").status_code
        with taken_back():
            by_form = browser.send(f"/desk/phone/{call_id}/{act}", page="/desk/phone", **form).status_code
        expected = 200 if act in ALLOWED[state] else 404 if state == "another's" else 409
        if (by_api, by_form) != (expected, 303 if expected == 200 else expected):
            wrong.append((act, expected, by_api, by_form, said.json))
        passed_on = (act, state) == ("pass-on", "consulting")  # it is the colleague's from now on
        if again != (404 if state == "another's" or passed_on else 200):
            wrong.append((act, "read", again))
    assert wrong == []


def test_a_machine_sits_at_a_telephone_sees_the_line_takes_a_call_and_writes_it_down(town):
    agent = town.agent(Phone(answers=3, presses="1"))
    machine = Machine(town.client, agent)
    assert machine.ask("PUT", "/telephone", {"number": "210 2000010"}).json["number"] == "+302102000010"
    town.rings("+306944777777")
    line = town.rings()
    town.wait(2)
    told = machine.get("/telephone").json
    assert told["waiting"] == [{"department": town.department.key, "count": 2, "since": told["waiting"][0]["since"]}]
    assert told["call"]["state"] == "offered" and told["call"]["offer"]
    assert machine.post(f"/offers/{told['call']['offer']}/accept", {}).status_code == 200
    town.wait(15)
    call = machine.get("/telephone").json["call"]
    assert (call["state"], call["offer"]) == ("talking", None)
    assert re.sub(r"\D", "", call["number"]) in {"306944777777", "306944123456"}
    assert machine.post(f"/calls/{call['id']}/hold", {"on": True}).json["held"] is True
    assert machine.post(f"/calls/{call['id']}/hang-up", {}).status_code == 200
    town.wait(10)
    done = machine.post(f"/calls/{call['id']}/wrap-up", {"outcome": "settled", "note": "Έγινε."})
    assert done.status_code == 200 and done.json["ticket"]
    assert [one["outcome"] for one in machine.get("/telephone").json["lately"]] == ["settled"]
    assert line is not None


def test_click_to_call_by_machine_rings_the_agent_first_and_refuses_dear_numbers(town):
    agent = town.agent()
    town.network.phones[CITIZEN] = Phone(answers=2)
    machine = Machine(town.client, agent)
    assert machine.post("/calls", {"number": "901 123 4567"}).status_code == 422
    made = machine.post("/calls", {"number": "694 412 3456"})
    assert (made.status_code, made.json["state"]) == (201, "ringing_agent")
    assert machine.post("/calls", {"number": "694 412 3456"}).json["code"] == "call-running"
    town.wait(20)
    assert machine.get(f"/calls/{made.json['id']}").json["state"] == "talking"


def test_a_token_that_only_reads_rings_nobody(town):
    agent = town.agent()
    machine = Machine(town.client, agent, scopes=("read",))
    assert machine.get("/telephone").status_code == 200
    assert machine.post("/calls", {"number": CITIZEN}).status_code == 403
