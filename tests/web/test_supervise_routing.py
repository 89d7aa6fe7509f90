"""The page of how requests found their way, with the classifier's figures and its versions."""

import pytest

from helpdesk.services import catalogue, learning
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_administrator
from tests.routing.examples import EXAMPLES
from tests.web.browsers import Browser

pytestmark = pytest.mark.usefixtures("body")

PAGE = "/supervise/routing"


@pytest.fixture
def trained():
    """Two versions of the classifier."""
    places = {key: a_department(key=key) for key in dict.fromkeys(label for label, _ in EXAMPLES)}
    for label, text in EXAMPLES:
        a_ticket(department_id=places[label].id, text=text, status="resolved", resolved_at=NOON)
    catalogue.changed(NOON)
    return [learning.train(at=NOON), learning.train(why="nightly", at=NOON)]


def test_before_anything_happened_it_says_so(app):
    page = Browser(app, a_supervisor()).open(PAGE).text
    assert "No request reached a department in this period" in page
    assert "It has not been trained yet" in page


def test_it_tells_what_the_classifier_may_do(app, trained):
    page = Browser(app, a_supervisor()).open(PAGE).text
    assert "people must settle 200 more proposals" in page
    assert "at night" in page
    assert "Use again" not in page


def test_an_administrator_lets_an_earlier_version_be_asked_again(app, trained):
    browser = Browser(app, an_administrator())
    assert "Use again" in browser.open(PAGE).text
    answer = browser.send(f"{PAGE}/put-back", page=PAGE, number=str(trained[0]))
    assert answer.status_code == 303
    assert learning.in_force().number == trained[0]
    assert "is asked from now on" in browser.open(answer.location).text


def test_a_supervisor_may_not(app, trained):
    answer = Browser(app, a_supervisor()).send(f"{PAGE}/put-back", page=PAGE, number=str(trained[0]))
    assert answer.status_code == 403
    assert learning.in_force().number == trained[1]


def test_an_administrator_says_what_the_classifier_must_prove(app, trained):
    browser = Browser(app, an_administrator())
    assert "80" in browser.open(PAGE).text
    answer = browser.send(f"{PAGE}/demands", precision="90", proven="300")
    assert answer.status_code == 303
    assert learning.demands() == learning.Demands(90, 300)
    assert "300 more proposals" in browser.open(PAGE).text


@pytest.mark.parametrize("asked", [{"precision": "79", "proven": "200"}, {"precision": "95", "proven": "many"}, {}])
def test_what_it_may_not_be_asked_is_refused_beside_the_field(app, trained, asked):
    browser = Browser(app, an_administrator())
    answer = browser.send(f"{PAGE}/demands", **asked)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert learning.demands() == learning.Demands()


def test_a_supervisor_asks_nothing_of_the_classifier(app, trained):
    browser = Browser(app, a_supervisor())
    assert "/demands" not in browser.open(PAGE).text
    assert browser.send(f"{PAGE}/demands", precision="90", proven="300").status_code == 403
