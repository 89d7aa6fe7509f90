"""How one is there, as the desk shows and changes it; offers; the next ticket; all of it by the API, too."""

import pytest

from helpdesk import clock
from helpdesk.services import assignment, catalogue, presence, rulebook
from helpdesk.vocabulary import PresenceState
from tests.builders import NOON, a_department, a_service, a_ticket, an_administrator
from tests.services.crew import a_member, hands_out, who_has
from tests.web.machine import Machine
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def place():
    """A department that never closes."""
    return a_department(calendar_key=rulebook.ALWAYS)


@pytest.fixture
def anna(place):
    return a_member(place, at=clock.now())


def state(actor):
    return presence.of(actor.id, clock.now()).state


def test_the_bar_shows_how_one_is_there_and_changes_it(app, anna):
    browser = StaffBrowser(app, anna)
    assert "Available" in visible(browser.page("/desk"))
    browser.send_fields("/desk/presence", {"choice": "away:30", "back": "/desk"}, at="/desk")
    assert state(anna) is PresenceState.AWAY
    page = visible(browser.page("/desk"))
    assert "Away until" in page and "You are away" in page


def test_the_bar_leads_back_to_pages_of_ours_only(app, anna):
    browser = StaffBrowser(app, anna)
    for wish in ("https://elsewhere.example/", "//elsewhere.example", "/auth/sign-out"):
        answer = browser.send_fields("/desk/presence", {"choice": "busy", "back": wish}, at="/desk")
        assert answer.location == "/desk/presence"


def test_the_page_says_which_work_one_takes_and_how_much_one_has(app, anna, place):
    a_ticket(department_id=place.id, assignee_id=anna.id, status="open")
    browser = StaffBrowser(app, anna)
    assert "1 of 20 in use" in visible(browser.page("/desk/presence"))
    told = {"state": "busy", "minutes": "60", "with_kinds": "yes", "kinds": "ticket"}
    browser.send_fields("/desk/presence", told)
    found = presence.of(anna.id, clock.now())
    assert (found.state, sorted(found.kinds)) == (PresenceState.BUSY, ["ticket"]) and found.until


def test_an_offer_is_told_in_the_bar_accepted_and_over(app, anna, place):
    hands_out(place, "offer")
    ticket = a_ticket(department_id=place.id)
    assignment.tick(clock.now())
    browser = StaffBrowser(app, anna)
    assert "1 offer" in visible(browser.page("/desk"))
    assert str(ticket.id) in visible(browser.page("/desk/presence"))
    (offer,) = assignment.open_for(anna.id, clock.now())
    answer = browser.send_fields(f"/desk/offers/{offer.id}/accept", {}, at="/desk/presence")
    assert answer.location.endswith(f"/desk/tickets/{ticket.id}")
    assert who_has(ticket) == anna.id
    page = browser.page(f"/desk/tickets/{ticket.id}")
    assert "the only one present who can take it (Greek)" in visible(page)
    again = browser.send_fields(f"/desk/offers/{offer.id}/decline", {}, at="/desk/presence", status=409)
    assert "This offer is over" in visible(again.text)


def test_the_next_one_is_one_key_away_until_there_is_none(app, anna, place):
    ticket = a_ticket(department_id=place.id)
    browser = StaffBrowser(app, anna)
    answer = browser.send_fields("/desk/next", {}, at="/desk")
    assert f"/desk/tickets/{ticket.id}" in answer.location and who_has(ticket) == anna.id
    assert browser.send_fields("/desk/next", {}, at="/desk").location == "/desk"
    assert "There is nothing for you to take" in visible(browser.page("/desk"))


def test_who_signs_out_is_offline(app, anna):
    browser = StaffBrowser(app, anna)
    browser.send_fields("/auth/sign-out", {}, at="/desk")
    assert state(anna) is PresenceState.OFFLINE


def test_asking_for_news_is_a_sign_of_life(app, place):
    someone = a_member(place, there=False)
    StaffBrowser(app, someone).page("/desk/updates?since=0")
    assert state(someone) is PresenceState.AVAILABLE


def test_administrators_say_how_a_department_hands_out_its_work(app, place):
    lamps = a_service(department_id=place.id)
    other = a_department()
    catalogue.changed(NOON)
    browser = StaffBrowser(app, an_administrator())
    path = f"/admin/assignment/{place.id}"
    told = {
        "mode": "push", "turn": "round_robin", "offer_minutes": "5", "overflow_minutes": "60",
        "overflow_department_id": str(other.id), "overflow_team_id": "", "take_back_minutes": "", "warn_minutes": "10",
        f"skills-{lamps.id}": "Lighting, sign language",
    }  # fmt: skip
    browser.send_fields(path, told)
    rule = assignment.rules()[place.id]
    assert (rule.mode, rule.turn, rule.sticky, rule.overflow_department_id) == ("push", "round_robin", False, other.id)
    assert rule.skills == {lamps.id: {"lighting", "sign-language"}}
    page = visible(browser.page("/admin/assignment"))
    assert "It is given" in page and "60 min" in page
    wrong = browser.send_fields(path, told | {"overflow_department_id": ""}, status=422)
    assert "Choose who is asked then." in wrong.text
    sent = dict.fromkeys(assignment.weights().of, "2") | {"waiting_percent": "50"}
    browser.send_fields("/admin/assignment", sent)
    assert assignment.weights().ticket("email", waits=True) == 100
    assert "Handing out work" in visible(browser.page("/admin/log"))


def test_only_administrators_see_these_pages(app, anna, place):
    browser = StaffBrowser(app, anna)
    for path in ("/admin/assignment", f"/admin/assignment/{place.id}"):
        browser.page(path, 403)


def test_a_program_chooses_presence_and_answers_offers(app, anna, place):
    hands_out(place, "offer")
    ticket = a_ticket(department_id=place.id)
    machine = Machine(app.test_client(), anna)
    told = machine.ask("PUT", "/presence", {"state": "available"}).json
    assert (told["state"], told["kinds"]) == ("available", ["call", "chat", "ticket"])
    assert machine.ask("PUT", "/presence", {"state": "offline"}).status_code == 422
    assignment.tick(clock.now())
    (offer,) = machine.get("/offers").json["items"]
    assert (offer["work"], offer["why"]["reason"]) == (ticket.id, "only_one")
    assert machine.post(f"/offers/{offer['id']}/accept", {}).json["state"] == "accepted"
    assert machine.post(f"/offers/{offer['id']}/decline", {}).status_code == 409
    assert who_has(ticket) == anna.id
    assert machine.get("/presence").json["state"] == "available"


def test_a_program_takes_the_next_one(app, anna, place):
    ticket = a_ticket(department_id=place.id)
    machine = Machine(app.test_client(), anna)
    assert machine.post("/next-ticket", {}).json["ticket"]["number"] == str(ticket.id)
    assert machine.post("/next-ticket", {}).json == {"ticket": None}


def test_a_program_sets_a_department_up(app, anna, place):
    lamps = a_service(department_id=place.id)
    catalogue.changed(NOON)
    path = f"/departments/{place.key}/assignment"
    assert Machine(app.test_client(), anna).get(path).status_code == 403
    machine = Machine(app.test_client(), an_administrator())
    assert machine.get(path).json["mode"] == "pull"
    change = {"mode": "push", "skills": {lamps.key: ["lighting"]}, "take_back_minutes": 30}
    told = machine.ask("PUT", path, change).json
    assert (told["mode"], told["skills"], told["take_back_minutes"]) == ("push", {lamps.key: ["lighting"]}, 30)
    assert machine.ask("PUT", path, {"take_back_minutes": None}).json["take_back_minutes"] is None
    assert machine.ask("PUT", path, {"overflow_minutes": 5}).status_code == 422
    assert machine.get("/departments/nowhere/assignment").status_code == 404
