"""Calls while we are away: what the carrier could not tell us is asked for, and each call leaves its record once."""

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.models.calls import Call
from helpdesk.services import calls
from helpdesk.services.calls import reading
from tests.builders import an_administrator
from tests.services.telephone import CITIZEN, DESKS, a_town, missed, the_call, tickets
from tests.web.browsers import Browser


@pytest.fixture
def town(client, monkeypatch):
    with a_town(client, monkeypatch) as town:
        yield town


def hang_up(town, line):
    with town.face.lock:
        town.network.hang_up(line)


def test_a_caller_whom_nobody_could_even_apologise_to_is_found_by_asking_the_carrier_once(town):
    town.down = True
    line = town.rings()
    assert line.over
    town.network.advance(200)
    town.down = False
    assert calls.look_for_unseen(town.now) == 1
    assert calls.look_for_unseen(town.now) == 0
    assert [(row.number, row.count) for row in missed()] == [(CITIZEN, 1)]
    assert tickets()[-1].department_id == town.department.id


def test_whoever_waits_while_we_go_away_and_hangs_up_is_a_missed_call_when_we_are_back(town):
    line = town.rings()
    town.wait(30)
    assert the_call(line).state == "queued"
    town.down = True
    for _ in range(3):
        with town.face.lock:
            town.network.advance(20)
    hang_up(town, line)
    with town.face.lock:
        town.network.advance(20)
    assert any("did not" in why or "11200" in why or "not taken" in why for why in town.network.alarms)
    town.down = False
    town.wait(120)
    assert (the_call(line).result, the_call(line).settled_at is not None) == ("abandoned", True)
    assert [row.number for row in missed()] == [CITIZEN]
    assert calls.look_for_unseen(town.now) == 0


def test_a_call_that_we_know_and_one_still_going_on_are_none_of_those(town):
    town.agent()
    talking = town.rings()
    town.wait(200)
    other = town.rings("+306944999999")
    town.wait(8)
    hang_up(town, other)
    town.wait(200)
    assert not talking.over
    assert calls.look_for_unseen(town.now) == 0


def test_an_agents_browser_that_dies_ends_nothing_and_they_find_what_to_write_down(town):
    agent = town.agent()
    line = town.rings()
    town.wait(15)
    town.members.clear()  # no sign of life from the desk any more
    town.wait(400, step=10)
    assert the_call(line).state == "talking" and line.room
    hang_up(town, line)
    town.wait(5)
    assert reading.panel(agent, town.now).call.state == "wrap_up"
    page = Browser(town.client.application, agent).open("/desk/phone").text
    assert "What came of it" in page


def test_when_no_end_is_told_nobody_is_busy_longer_than_a_minute_and_a_look(town):
    agent = town.agent()
    line = town.rings()
    town.wait(15)
    town.network.faults.lost = 1.0
    hang_up(town, line)
    hang_up(town, town.line_to(DESKS[0]))
    waited = 0
    while calls.running(agent.id) is not None:
        town.wait(1)
        waited += 1
        assert waited <= 62
    assert the_call(line).result == "answered"


def test_many_unsigned_calls_are_shown_to_administrators_and_nothing_of_them_is_kept(town):
    before = db.session.execute(select(func.count()).select_from(Call)).scalar()
    path = f"/hooks/phone/{town.account.id}/voice/inbound"
    for n in range(10):
        facts = {"CallSid": f"CA{n}", "From": "+306944000000"}
        assert town.client.post(path, data=facts, headers={"X-Twilio-Signature": "junk"}).status_code == 403
    page = Browser(town.client.application, an_administrator()).open("/admin").text
    assert "10 calls from outside were not signed" in page
    assert db.session.execute(select(func.count()).select_from(Call)).scalar() == before


def test_a_key_pressed_during_the_greeting_goes_on_at_once(town):
    people = {"digit": "1", "titles": {"el": "β", "en": "b"}, "does": "department"}
    town.menu(people | {"department_id": town.department.id})
    line = town.rings()
    with town.face.lock:
        assert line.listens and town.network.now == 0  # still being spoken to
        town.network.press(line, "1")
    assert the_call(line).state == "queued"
