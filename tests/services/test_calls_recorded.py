"""Recorded talks: told before, refused by a key, paused by the agent, kept for their days, heard on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.phone.simulator.network import Phone
from helpdesk import storage
from helpdesk.db import db
from helpdesk.errors import Stale
from helpdesk.models.calls import Call, CallEvent, Recording
from helpdesk.services import calls
from helpdesk.services.calls import reading
from tests.services.telephone import CITIZEN, a_town, facts, the_call
from tests.web.browsers import Browser

DAY = timedelta(days=1)


@pytest.fixture
def town(client, monkeypatch):
    with a_town(client, monkeypatch) as town:
        town.number.records = True
        yield town


def recordings() -> list[Recording]:
    db.session.expire_all()
    return list(db.session.scalars(select(Recording).order_by(Recording.id)))


def hang_up(town, line):
    with town.face.lock:
        town.network.hang_up(line)


def press(town, line, keys):
    with town.face.lock:
        town.network.press(line, keys)


def asked(town, call) -> None:
    """Until the citizen hears the question."""
    for _ in range(60):
        if call().consent == "asked":
            return
        town.wait(1)
    raise AssertionError("nobody was asked")


def test_the_citizen_is_told_and_silence_lets_the_talk_be_recorded(town):
    agent = town.agent()
    line = town.rings()
    town.wait(30)
    call = the_call(line)
    assert any("ηχογραφείται" in words for words in line.heard) and any("πατήστε 9" in words for words in line.heard)
    assert (call.state, call.consent) == ("talking", "given") and line.room and line.taped
    assert reading.panel(agent, town.now).call.recorded
    hang_up(town, line)
    town.wait(10)
    [row] = recordings()
    assert (row.kind, row.state, row.consent) == ("talk", "kept", True) and row.seconds > 5
    assert town.network.recordings == {} and line.errors == []


def test_whoever_presses_9_talks_without_a_recording(town):
    agent = town.agent()
    line = town.rings()
    asked(town, lambda: the_call(line))
    press(town, line, "9")
    town.wait(20)
    assert (the_call(line).state, the_call(line).consent) == ("talking", "refused") and line.room
    assert recordings() == [] and town.network.recordings == {}
    panel = reading.panel(agent, town.now).call
    assert (panel.recorded, panel.unrecorded) == (False, True)
    with pytest.raises(Stale) as refused:
        calls.pause_recording(agent, the_call(line).id, paused=True)
    assert refused.value.code == "not-recorded"


def test_an_agent_pauses_and_goes_on_by_the_page_and_the_file_is_shorter_by_that(town):
    agent = town.agent()
    line = town.rings()
    town.wait(30)
    browser, at = Browser(town.client.application, agent), f"/desk/phone/{the_call(line).id}/recording"
    assert "Pause the recording" in browser.open("/desk/phone").text
    [kept] = town.network.recordings.values()
    begun = town.network.now
    assert browser.send(at, page="/desk/phone", paused="yes").status_code == 303
    assert kept.state == "paused" and recordings()[0].paused_at is not None
    page = browser.open("/desk/phone").text
    assert "Record again" in page and "Pause the recording" not in page
    town.wait(60)
    assert browser.send(at, page="/desk/phone", paused="no").status_code == 303
    assert kept.state == "in-progress" and recordings()[0].paused_at is None
    paused = town.network.now - begun
    town.wait(10)
    whole = town.network.now - kept.begun
    hang_up(town, line)
    town.wait(10)
    [row] = recordings()
    assert row.state == "kept" and abs(row.seconds - (whole - paused)) <= 2


def test_a_carrier_that_cannot_record_leaves_the_talk_and_says_so(town):
    post = town.network.record
    town.network.record = lambda *given: (_ for _ in ()).throw(OSError("gone"))
    town.agent()
    line = town.rings()
    town.wait(30)
    town.network.record = post
    assert the_call(line).state == "talking"
    town.wait(30)
    assert [row.state for row in recordings()] == ["failed"] and town.network.recordings == {}


def test_nothing_is_recorded_where_the_number_does_not_say_so(town):
    town.number.records = False
    town.agent()
    line = town.rings()
    town.wait(20)
    assert (the_call(line).consent, line.taped, recordings()) == (None, "", [])
    assert not any("ηχογραφείται" in words for words in line.heard)


def test_a_citizen_whom_we_call_is_asked_as_well(town):
    agent = town.agent()
    town.network.phones[CITIZEN] = Phone(answers=2)
    call_id = calls.call(agent, CITIZEN, at=town.now)
    asked(town, lambda: db.session.get_one(Call, call_id))
    press(town, town.line_to(CITIZEN), "9")
    town.wait(5)
    assert town.line_to(CITIZEN).room and recordings() == []


def test_a_kept_talk_is_heard_on_record_and_deleted_after_its_days(town):
    agent = town.agent()
    line = town.rings()
    town.wait(30)
    hang_up(town, line)
    town.wait(10)
    ticket = calls.wrap_up(agent, the_call(line).id, "settled", "α", at=town.now)
    [row] = recordings()
    answer = Browser(town.client.application, agent).open(f"/desk/recordings/{row.id}")
    assert answer.status_code == 200 and answer.data[:4] == b"RIFF"
    assert facts(ticket).count("recording_heard") == 1
    name = row.sha256
    calls.forget(town.now + (town.number.keep_days - 1) * DAY)
    assert storage.read(name)
    calls.forget(town.now + (town.number.keep_days + 1) * DAY)
    [row] = recordings()
    assert (row.state, row.sha256) == ("deleted", None)
    with pytest.raises(FileNotFoundError):
        storage.read(name)


def test_reports_of_the_carrier_are_forgotten_with_the_raw_post(town):
    line = town.rings()
    town.wait(10)
    hang_up(town, line)
    town.wait(5)
    assert db.session.scalars(select(CallEvent)).first() is not None
    calls.forget(town.now + 2 * DAY)
    assert db.session.scalars(select(CallEvent)).first() is not None
    calls.forget(town.now + 400 * DAY)
    assert db.session.scalars(select(CallEvent)).first() is None
    assert the_call(line).result == "abandoned"
