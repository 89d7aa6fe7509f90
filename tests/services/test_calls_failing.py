"""What goes wrong on the way between citizens, carrier, agents and us, and that nobody is lost or rung twice."""

import os
from datetime import timedelta
from random import Random

import pytest
from redis import Redis
from sqlalchemy import func, select

from channels.phone.simulator.faults import Faults
from channels.phone.simulator.network import Phone
from helpdesk.db import db
from helpdesk.models.calls import Call, CallEvent, HookRefused
from helpdesk.services import calls
from helpdesk.services.calls import reading
from tests.builders import NOON
from tests.services.telephone import CITIZEN, DESKS, a_town, facts, missed, the_call, tickets

RUNS = int(os.environ.get("HELPDESK_FAULTS", "10"))
"""So many calls with faults; 500 for a long run."""


@pytest.fixture
def town(client, monkeypatch):
    with a_town(client, monkeypatch) as town:
        yield town


def hang_up(town, line):
    with town.face.lock:
        town.network.hang_up(line)


def test_a_caller_whom_we_could_not_answer_hears_an_apology_and_becomes_a_missed_call(town):
    post = town.network.courier.post
    town.network.courier.post = lambda url, *more: (500, b"") if url.endswith("inbound") else post(url, *more)
    line = town.rings()
    town.network.courier.post = post
    assert any("τεχνικό πρόβλημα" in words for words in line.heard)
    hang_up(town, line)
    town.wait(40)
    assert [row.number for row in missed()] == [CITIZEN]


def test_a_lost_answer_to_dialling_rings_nobody_twice(town):
    town.network.faults.replies_lost = 1.0
    town.network.phones[CITIZEN] = Phone(answers=3)
    agent = town.agent()
    calls.call(agent, CITIZEN, at=town.now)
    town.wait(90)
    assert sum(line.called == DESKS[0] for line in town.network.lines.values()) <= 1
    assert sum(line.called == CITIZEN for line in town.network.lines.values()) <= 1
    assert calls.running(agent.id) is None


def test_an_end_that_nobody_tells_of_is_asked_for(town):
    agent = town.agent()
    line = town.rings()
    town.wait(15)
    town.network.faults.lost = 1.0
    hang_up(town, line)
    town.wait(80)
    call = the_call(line)
    assert (call.state, call.result) == ("wrap_up", "answered") and call.ended_at is not None
    assert calls.running(agent.id) is None


def test_a_carrier_that_tells_of_ends_only_is_enough(town):
    town.network.faults.only_last = True
    town.agent()
    line = town.rings()
    town.wait(15)
    assert the_call(line).state == "talking"
    hang_up(town, line)
    town.wait(5)
    assert the_call(line).result == "answered"


def test_an_agents_telephone_that_dies_ends_the_talk_politely_and_leaves_it_to_be_written_down(town):
    agent = town.agent()
    line = town.rings()
    town.wait(15)
    hang_up(town, town.line_to(DESKS[0]))
    town.wait(10)
    assert line.over and line.heard[-1].startswith("Ευχαριστούμε")
    assert reading.panel(agent, town.now + timedelta(hours=2)).call.state == "wrap_up"


def test_a_talk_that_nobody_writes_down_gets_a_record_by_itself(town):
    town.agent()
    line = town.rings()
    town.wait(15)
    hang_up(town, line)
    town.wait(960, step=60)
    call = the_call(line)
    assert call.settled_at is not None and "call_ended" in facts(call.ticket_id)


def test_a_step_that_is_repeated_changes_nothing_and_says_the_same(town):
    people = {"digit": "1", "titles": {"el": "β", "en": "b"}, "does": "department"}
    below = [people | {"department_id": town.department.id}]
    town.menu({"digit": "1", "titles": {"el": "α", "en": "a"}, "does": "menu", "options": below})
    line = town.rings()
    asked = []
    post = town.network.courier.post
    town.network.courier.post = lambda url, body, headers: (
        asked.append((url, body, headers)) or post(url, body, headers)
    )
    with town.face.lock:
        town.network.press(line, "1")
    state, place = the_call(line).state, the_call(line).place
    again = town.network.courier.post(*asked[-1])
    assert again[0] == 200 and (the_call(line).state, the_call(line).place) == (state, place) == ("menu", "1")


def test_whoever_still_waits_when_we_close_is_told_and_offered_a_call_back(town):
    town.number.calendar_key = None
    town.network.advance(3 * 3600 - 300)
    line = town.rings()
    assert the_call(line).state == "queued"
    town.wait(1500, step=20)
    assert the_call(line).result in {"closed", "abandoned"}
    assert any("δεν λειτουργούμε" in words for words in line.heard)


def test_a_withheld_number_is_asked_for_one_or_leaves_a_record_without_a_contact(town):
    line = town.rings("Anonymous")
    town.wait(2)
    with town.face.lock:
        town.network.press(line, "1")
        town.network.press(line, "6944123456#")
        town.network.press(line, "1")
    town.wait(10)
    assert the_call(line).result == "call_back"
    lost = town.rings("Anonymous")
    town.wait(20)
    hang_up(town, lost)
    town.wait(3)
    assert missed()[-1].number == "withheld" and tickets()[-1].requester_id is None


def test_a_message_of_which_nothing_comes_says_so(town):
    line = town.rings()
    town.wait(2)
    with town.face.lock:
        town.network.press(line, "2")
    town.wait(12)
    assert "[beep]" in line.heard
    kept = next(iter(town.network.recordings.values()))
    kept.begun = town.network.now
    hang_up(town, line)
    town.wait(5)
    call = the_call(line)
    assert "recording_settled" in facts(call.ticket_id)
    assert [row.file for row in reading.of_ticket(call.ticket_id)] == ["absent"]


def test_a_call_that_is_not_signed_is_refused_counted_and_leaves_nothing(town):
    before = db.session.execute(select(func.count()).select_from(CallEvent)).scalar()
    answer = town.client.post(f"/hooks/phone/{town.account.id}/voice/inbound", data={"CallSid": "CA1"})
    assert answer.status_code == 403
    row = db.session.execute(select(HookRefused)).scalar_one()
    assert (row.kind, row.reason, row.count) == ("phone", "missing", 1)
    assert db.session.execute(select(func.count()).select_from(CallEvent)).scalar() == before


def test_without_valkey_callers_are_answered_all_the_same(town, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "valkey", Redis(port=1, socket_connect_timeout=0.1))
    town.agent()
    line = town.rings()
    town.wait(15)
    assert the_call(line).state == "talking"


def test_with_a_suspended_account_a_call_fails_at_once_and_nobody_stays_busy(town):
    town.network.faults.refused = True
    agent = town.agent()
    call_id = calls.call(agent, CITIZEN, at=town.now)
    town.wait(3)
    assert db.session.get_one(Call, call_id).ended_at is not None
    assert calls.running(agent.id) is None


@pytest.mark.slow
def test_whatever_goes_wrong_nobody_is_rung_twice_for_one_call_and_every_call_ends_in_a_record(town):
    chance = Random(7)
    agents = [town.agent(Phone(answers=2, presses="1")) for _ in range(3)]
    for run in range(RUNS):
        kind = {"lost": 0.3, "doubled": 0.3, "latest": 5.0, "replies_lost": 0.3}
        town.network.courier.faults = Faults(random=Random(run), **kind)
        number = f"+3069440000{run % 100:02}"
        town.network.phones[number] = Phone(answers=chance.choice([2, None]), busy=chance.random() < 0.2)
        free = next((one for one in agents if calls.running(one.id) is None), None)
        if free is not None and chance.random() < 0.5:
            before = len([one for one in town.network.lines.values() if one.called == number])
            calls.call(free, number, at=town.now)
            town.wait(30, step=2)
            assert len([one for one in town.network.lines.values() if one.called == number]) - before <= 1
        else:
            line = town.rings(number)
            town.wait(chance.choice([4, 10, 16]), step=2)
            hang_up(town, line)
    town.network.courier.faults = Faults()
    for line in list(town.network.lines.values()):
        hang_up(town, line)
    town.wait(1200, step=30)
    rows = list(db.session.execute(select(Call).execution_options(populate_existing=True)).scalars())
    assert [row.id for row in rows if row.ended_at is None or row.settled_at is None] == []
    assert [row.id for row in rows if row.result == "answered" and row.ticket_id is None] == []
    assert town.now > NOON


def test_whoever_is_fetched_while_their_own_round_of_waiting_joins_them_stays_in_the_talk(town):
    town.agent()
    line = town.rings()
    town.wait(15)
    room = line.room
    with town.face.lock:
        base = f"http://127.0.0.1:8000/hooks/phone/{town.account.id}/"
        town.network.redirect(line, f"{base}voice/room/{the_call(line).nonce}")
    town.wait(5)
    assert line.room == room and not town.line_to(DESKS[0]).over
    assert the_call(line).state == "talking"
