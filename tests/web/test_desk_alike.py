"""What says the same is shown beside a ticket and while a new one is written, on pages and by the API."""

import pytest

from helpdesk import clock
from helpdesk.services import duplicates
from tests.builders import a_department, a_ticket, an_agent
from tests.services.test_duplicates import AGAIN, LAMP, OTHER
from tests.web.machine import Machine
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def stage():
    place = a_department()
    lamp, again = (a_ticket(department_id=place.id, received_at=clock.now(), **said) for said in (LAMP, AGAIN))
    duplicates.index(clock.now())
    return an_agent(place), lamp, again


def test_the_ticket_shows_what_says_the_same_and_marks_it_as_a_duplicate(app, stage):
    agent, lamp, again = stage
    browser = StaffBrowser(app, agent)
    page = browser.page(f"/desk/tickets/{lamp.id}")
    assert "Says much the same" in page and str(again.id) in visible(page)
    told = {"other": str(again.id), "kind": "duplicate", "version": str(lamp.version)}
    browser.send_fields(f"/desk/tickets/{lamp.id}/link", told, at=f"/desk/tickets/{lamp.id}")
    assert "Says much the same" not in browser.page(f"/desk/tickets/{lamp.id}")


def test_the_form_of_a_new_ticket_says_what_is_there_already_and_opens_nothing(app, stage):
    agent, lamp, _ = stage
    answer = StaffBrowser(app, agent).send_fields("/desk/new/alike", AGAIN, at="/desk/new", status=200)
    page = visible(answer.text)
    assert "There already" in page and str(lamp.id) in page and AGAIN["text"] in page
    nothing = StaffBrowser(app, agent).send_fields("/desk/new/alike", OTHER, at="/desk/new", status=200)
    assert "Nothing like it is open." in visible(nothing.text)


def test_a_program_asks_the_same(app, stage):
    agent, lamp, again = stage
    machine = Machine(app.test_client(), agent)
    told = machine.get(f"/tickets/{lamp.id}/similar")
    assert told.status_code == 200, told.json
    (found,) = told.json["items"]
    assert (found["number"], found["same_person"]) == (str(again.id), False)
    answer = machine.post("/similar-tickets", AGAIN)
    assert answer.status_code == 200, answer.json
    numbers = {one["number"] for one in answer.json["items"]}
    assert numbers == {str(lamp.id), str(again.id)}
    assert machine.post("/similar-tickets", {"colour": "red"}).status_code == 422
