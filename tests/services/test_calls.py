"""Calls from the first ring to the record they leave, by signed requests from a carrier as strict as the real one."""

import pytest

from channels.phone.simulator.network import Phone
from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.services import calls
from tests.builders import a_citizen
from tests.services.telephone import CITIZEN, DESKS, OURS, a_town, facts, missed, the_call, tickets


@pytest.fixture
def town(client, monkeypatch):
    with a_town(client, monkeypatch) as town:
        yield town


def test_a_caller_is_answered_talks_and_the_talk_is_written_down(town):
    agent = town.agent()
    line = town.rings()
    town.wait(15)
    call = the_call(line)
    assert (call.state, call.agent_id) == ("talking", agent.id)
    assert line.room and line.room == town.line_to(DESKS[0]).room
    with town.face.lock:
        town.network.hang_up(line)
    town.wait(5)
    assert town.line_to(DESKS[0]).over
    number = calls.wrap_up(agent, call.id, "settled", "Ρώτησε για τα ανακυκλώσιμα.", at=town.now)
    ticket = db.session.get_one(Ticket, number)
    assert (ticket.channel, ticket.department_id) == ("phone", town.department.id)
    assert "call_ended" in facts(number)
    assert line.errors == [] and town.network.alarms == []


def test_whoever_hangs_up_while_they_wait_leaves_one_open_record_however_often_they_call(town):
    for _ in range(3):
        line = town.rings()
        town.wait(20)
        with town.face.lock:
            town.network.hang_up(line)
        town.wait(3)
    assert [(row.number, row.count) for row in missed()] == [(CITIZEN, 3)]
    [ticket] = tickets()
    assert facts(ticket.id).count("call_missed") == 3
    assert ticket.subject.startswith("Αναπάντητη κλήση")


def test_a_missed_call_is_served_by_the_talk_that_follows(town):
    line = town.rings()
    town.wait(20)
    with town.face.lock:
        town.network.hang_up(line)
    town.wait(3)
    town.agent()
    town.rings()
    town.wait(20)
    [ticket] = tickets()
    assert (missed()[0].recovered_at is not None, ticket.status) == (True, "resolved")


def test_a_telephone_that_nobody_presses_a_key_on_gets_no_citizen_and_the_next_colleague_is_rung(town):
    town.agent(Phone(answers=1))
    second = town.agent(Phone(answers=1, presses="1"))
    line = town.rings()
    town.wait(60)
    call = the_call(line)
    assert call.state == "talking" and call.agent_id == second.id


def test_when_the_caller_hangs_up_the_agents_telephone_stops_ringing_at_once(town):
    town.agent(Phone())
    line = town.rings()
    town.wait(5)
    rung = town.line_to(DESKS[0])
    assert rung.status == "ringing"
    with town.face.lock:
        town.network.hang_up(line)
    town.wait(3)
    assert rung.status == "canceled"
    assert the_call(line).result == "abandoned"


def test_a_menu_in_two_languages_leads_to_a_department_and_wrong_keys_to_a_person(town):
    town.number.languages = ["el", "en"]
    cleaning = {"digit": "1", "titles": {"el": "την καθαριότητα", "en": "cleaning"}, "does": "department"}
    town.menu(
        cleaning | {"department_id": town.department.id},
        {"digit": "2", "titles": {"el": "το ωράριο", "en": "opening hours"}, "does": "message",
         "texts": {"el": "Δευτέρα έως Παρασκευή.", "en": "Monday to Friday."}},
    )  # fmt: skip
    line = town.rings()
    with town.face.lock:
        town.network.press(line, "2")
    assert any("cleaning" in words for words in line.heard)
    with town.face.lock:
        town.network.press(line, "2")
    assert "Monday to Friday." in line.heard
    with town.face.lock:
        town.network.press(line, "1")
    assert (the_call(line).state, the_call(line).language) == ("queued", "en")
    lost = town.rings("+306944999999")
    for _ in range(6):
        with town.face.lock:
            town.network.press(lost, "9")
    assert the_call(lost).state == "queued"


def test_a_message_is_left_kept_here_and_deleted_there(town):
    line = town.rings()
    town.wait(2)
    with town.face.lock:
        town.network.press(line, "2")
    town.wait(30)
    with town.face.lock:
        town.network.hang_up(line)
    town.wait(10)
    call = the_call(line)
    assert call.result == "voicemail" and call.ticket_id
    told = facts(call.ticket_id)
    assert "voicemail_left" in told and "recording_settled" in told
    assert town.network.recordings == {}


def test_a_place_in_the_line_becomes_a_call_back(town):
    a_citizen(phone=CITIZEN)
    line = town.rings()
    town.wait(2)
    with town.face.lock:
        town.network.press(line, "1")
        town.network.press(line, "1")
    town.wait(20)
    call = the_call(line)
    assert line.over and call.result == "call_back"
    assert "call_back_promised" in facts(call.ticket_id)


def test_an_agent_calls_a_citizen_own_telephone_first(town):
    agent = town.agent()
    town.network.phones[CITIZEN] = Phone(answers=4)
    call_id = calls.call(agent, "694 412 3456", at=town.now)
    town.wait(3)
    assert town.line_to(CITIZEN) is None
    town.wait(15)
    call = db.session.get_one(calls.outbound.Call, call_id)
    assert call.state == "talking"
    assert town.line_to(CITIZEN).caller == OURS
    assert town.line_to(CITIZEN).room == town.line_to(DESKS[0]).room
