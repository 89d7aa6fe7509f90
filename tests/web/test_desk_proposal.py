"""The classifier's question on the ticket page: choices with a key each, one click, and why it came here."""

import pytest

from helpdesk.db import db
from helpdesk.models.learning import Proposal
from helpdesk.services import catalogue
from tests.builders import NOON, a_department, a_ticket, an_agent
from tests.web.browsers import Browser

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def water():
    return a_department(key="water", names={"el": "Ύδρευση", "en": "Water"})


@pytest.fixture
def roads():
    return a_department(key="roads", names={"el": "Δρόμοι", "en": "Roads"})


@pytest.fixture
def browser(app, water, roads):
    catalogue.changed(NOON)
    return Browser(app, an_agent(water))


def proposed(by: str = "default", known: bool = True, **given):
    """A ticket with a proposal: water, else roads."""
    choices = [{"department": "water", "confidence": 0.873}, {"department": "roads", "confidence": 0.1}]
    reasons = [{"word": "<b>βρύση</b>", "weight": 2.0}]
    kept = {"model": 4, "known": known, "routed": by == "classifier", "choices": choices, "reasons": reasons}
    routing = {"by": by, "ruleset": "", "reasons": [], "confidence": 0.873, "proposal": kept}
    ticket = a_ticket(routing=routing, **given)
    about = {
        "confidence": 0.873,
        "known": known,
        "routed": by == "classifier",
        "department_id": given.get("department_id"),
    }
    db.session.add(Proposal(ticket_id=ticket.id, model=4, at=NOON, **about))
    db.session.flush()
    return ticket


def test_a_ticket_in_triage_asks_where_it_belongs_with_a_key_for_each_choice(browser):
    page = browser.open(f"/desk/tickets/{proposed().id}").text
    assert "Where does it belong?" in page
    for key, name, share in ((1, "Water", "87%"), (2, "Roads", "10%")):
        assert f'id="choose-{key}"' in page
        assert f"<span>{name}</span>" in page
        assert share in page
    assert "&lt;b&gt;βρύση&lt;/b&gt;" in page
    assert "not met such a request" not in page


def test_one_click_sends_it_there(browser, roads):
    ticket = proposed()
    browser.send(f"/desk/tickets/{ticket.id}/choose", department="roads")
    db.session.refresh(ticket)
    assert ticket.department_id == roads.id


def test_what_the_classifier_sent_asks_whether_it_belongs_until_somebody_begins(browser, water):
    ticket = proposed("classifier", department_id=water.id)
    page = browser.open(f"/desk/tickets/{ticket.id}").text
    assert "Does it belong here?" in page
    assert "the classifier was sure enough to send it here (87%)" in page
    assert "Classifier: version 4" in page
    browser.send(f"/desk/tickets/{ticket.id}/take")
    assert "Does it belong here?" not in browser.open(f"/desk/tickets/{ticket.id}").text


def test_what_is_new_to_it_says_so(browser):
    assert "not met such a request" in browser.open(f"/desk/tickets/{proposed(known=False).id}").text


def test_a_ticket_without_a_proposal_asks_nothing(browser):
    page = browser.open(f"/desk/tickets/{a_ticket().id}").text
    assert "Where does it belong?" not in page


def test_who_may_not_move_a_ticket_is_not_asked(app, browser, water):
    ticket = proposed("classifier", department_id=water.id)
    stranger = Browser(app, an_agent(a_department()))
    assert "Does it belong here?" not in stranger.open(f"/desk/tickets/{ticket.id}").text
