"""Staff talk to citizens from one page: offered, accepted, answered, passed on, watched; and by machine."""

import pytest

from helpdesk import clock
from helpdesk.services import assignment, rulebook, tickets
from tests.builders import NOON, a_department, a_supervisor
from tests.services.chatting import a_chat, accepted, row_of, said
from tests.services.crew import a_member
from tests.web.machine import Machine
from tests.web.staff_browser import StaffBrowser, visible

PAGE = "/desk/chats"


@pytest.fixture(autouse=True)
def rules(session):
    rulebook.ensure_defaults(NOON)


@pytest.fixture
def place():
    """A department that never closes."""
    return a_department(calendar_key=rulebook.ALWAYS)


@pytest.fixture
def anna(place):
    return a_member(place, at=clock.now())


@pytest.fixture
def key(place, anna):
    return a_chat(place, "The bin is full", at=clock.now(), name="Maria", language="en")


def test_an_offer_stands_on_the_page_and_accepted_it_is_a_pane_in_which_one_answers(app, anna, key):
    browser = StaffBrowser(app, anna)
    page = visible(browser.page(PAGE))
    assert "On offer to you" in page and "The bin is full" in page
    (offer,) = assignment.open_for(anna.id, clock.now())
    answer = browser.send_fields(f"/desk/offers/{offer.id}/accept", {}, at=PAGE)
    assert answer.location.endswith(f"{PAGE}#chat-{key.id}")
    assert "The bin is full" in visible(browser.page(f"{PAGE}/{key.id}/pane"))
    for _ in range(2):
        browser.send_fields(f"{PAGE}/{key.id}/say", {"text": "We come at noon.", "form_key": "f1"}, at=PAGE)
    assert [line for line in said(key) if line[0] == "agent"] == [("agent", "We come at noon.")]
    number = row_of(key).ticket_id
    assert "The citizen is in the chat now" in visible(browser.page(f"/desk/tickets/{number}"))


def test_a_note_is_for_colleagues_and_an_end_leaves_the_request(app, anna, key):
    accepted(anna, clock.now())
    browser = StaffBrowser(app, anna)
    browser.send_fields(f"{PAGE}/{key.id}/whisper", {"text": "A difficult case"}, at=PAGE)
    assert "A difficult case" in visible(browser.page(PAGE))
    assert all("difficult" not in text for _, text in said(key))
    browser.send_fields(f"{PAGE}/{key.id}/end", {}, at=PAGE)
    assert row_of(key).state == "closed"
    late = browser.send_fields(f"{PAGE}/{key.id}/say", {"text": "Too late"}, at=PAGE, status=409)
    assert "You do not have this conversation" in late.text


def test_passing_on_wants_a_department_and_blocking_a_reason(app, anna, key):
    accepted(anna, clock.now())
    other = a_department(calendar_key=rulebook.ALWAYS)
    a_member(other, at=clock.now())
    browser = StaffBrowser(app, anna)
    wrong = browser.send_fields(f"{PAGE}/{key.id}/pass-on", {"department": ""}, at=PAGE, status=422)
    assert "Choose the department that goes on." in wrong.text
    browser.send_fields(f"{PAGE}/{key.id}/block", {"reason": "dislike"}, at=PAGE, status=422)
    browser.send_fields(f"{PAGE}/{key.id}/pass-on", {"department": other.key}, at=PAGE)
    assert row_of(key).agent_id is None and ("house", "passed_on") in said(key)


def test_a_supervisor_watches_unseen_and_takes_over(app, anna, key, place):
    accepted(anna, clock.now())
    boss = a_supervisor(place)
    browser = StaffBrowser(app, boss)
    assert "With colleagues" in visible(browser.page(PAGE))
    watched = browser.page(f"{PAGE}?watch={key.id}")
    assert "The bin is full" in watched and "data-answer" not in watched and "Take over" in watched
    before = len(said(key))
    browser.page(f"{PAGE}/{key.id}/pane?read=99")
    assert len(said(key)) == before and row_of(key).agent_read == 0
    browser.send_fields(f"{PAGE}/{key.id}/take-over", {}, at=PAGE)
    assert row_of(key).agent_id == boss.id


def test_reading_the_pane_marks_the_lines_as_read(app, anna, key):
    accepted(anna, clock.now())
    StaffBrowser(app, anna).page(f"{PAGE}/{key.id}/pane?read=2")
    assert row_of(key).agent_read == 2


def test_what_one_may_not_read_is_no_conversation(app, key, anna):
    tickets.restrict(anna, row_of(key).ticket_id, True)
    stranger = StaffBrowser(app, a_member(a_department()))
    stranger.page(f"{PAGE}/{key.id}/pane", 404)
    assert "The bin is full" not in stranger.page(f"{PAGE}?watch={key.id}")
    assert Machine(app.test_client(), anna).get(f"/chats/{key.id}").status_code == 200


def test_by_machine_one_lists_reads_answers_and_acts(app, anna, key):
    machine = Machine(app.test_client(), anna)
    (offer,) = machine.get("/offers").json["items"]
    assert (offer["kind"], offer["work"]) == ("chat", key.id)
    assert machine.post(f"/offers/{offer['id']}/accept", {}).json["state"] == "accepted"
    told = next(one for one in machine.get("/chats").json["items"] if one["id"] == key.id)
    assert (told["state"], told["agent"]) == ("active", anna.id)
    first = machine.post(f"/chats/{key.id}/lines", {"text": "Hello", "client_id": "m1"})
    again = machine.post(f"/chats/{key.id}/lines", {"text": "Hello", "client_id": "m1"})
    assert first.status_code == 201 and first.json == again.json
    lines = machine.get(f"/chats/{key.id}/lines").json["items"]
    assert [line["text"] for line in lines if line["author"] == "agent"] == ["Hello"]
    assert machine.post(f"/chats/{key.id}/actions/dance", {}).status_code == 404
    ended = machine.post(f"/chats/{key.id}/actions/end", {})
    assert ended.status_code == 200, ended.text
    assert ended.json["state"] == "closed"
    assert machine.post(f"/chats/{key.id}/actions/end", {}).status_code == 409


def test_who_supervises_sees_who_is_there_and_with_how_many_chats_and_others_do_not(app, place, anna, key):
    accepted(anna, clock.now())
    elsewhere = a_member(a_department(calendar_key=rulebook.ALWAYS), at=clock.now())
    page = visible(StaffBrowser(app, a_supervisor(place)).page(PAGE))
    assert "At the desk" in page and anna.name in page and "1 chat" in page
    assert elsewhere.name not in page
    assert "At the desk" not in visible(StaffBrowser(app, anna).page(PAGE))
