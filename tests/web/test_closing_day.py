"""The day on which silence closes a request is promised where it does, and nowhere else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.services import care, catalogue, inquiry, patience, publicly, rulebook, tickets, tracking, upkeep
from helpdesk.services.inquiry import Code
from tests.builders import NOON, a_citizen, a_department, a_supervisor, a_ticket, an_account, an_administrator
from tests.web.browsers import Browser

CLOSING = "1 Δεκεμβρίου"
"""Seven days after it is resolved, as everybody would be told."""

CASES = ("plain", "requester", "on_behalf_of", "restricted", "major", "security_incident", "data_protection")


@pytest.fixture(params=CASES)
def case(session, request):
    """A ticket that was just resolved, and whether the clock will close it."""
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    department, handled, other = a_department(), a_citizen(), a_citizen()
    lead = a_supervisor(department)
    catalogue.changed(NOON)
    care.mark(lead, handled.id, "vulnerable", "Δεν βλέπει", at=NOON)
    given = {
        "requester": {"requester": handled},
        "on_behalf_of": {"on_behalf_of_id": handled.id},
        "restricted": {"restricted": True},
        "major": {"major": True},
        "security_incident": {"type": "security_incident"},
        "data_protection": {"type": "data_protection"},
    }.get(request.param, {})
    ticket = a_ticket(**{"department_id": department.id, "requester": other} | given)
    tickets.resolve(an_administrator(), ticket.id, "solved", "Έγινε.", at=NOON)
    ground.commit()
    return db.session.get_one(Ticket, ticket.id), request.param == "plain"


def test_the_clock_does_as_the_law_says(case):
    ticket, closes = case
    assert (patience.stays(ticket) == "") is closes
    assert upkeep.close_silent(NOON + timedelta(days=400)) == int(closes)


def test_the_letter_names_the_day_only_where_the_clock_closes(case):
    ticket, closes = case
    [letter] = db.session.scalars(select(Outbound).filter_by(ticket_id=ticket.id, template="resolved"))
    assert (CLOSING in letter.payload["text"]) is closes


def test_the_citizens_page_and_question_name_it_only_there(case, client):
    ticket, closes = case
    code = tracking.code_of(ticket.id, ticket.tracking_version)
    for then in ("", "confirm"):
        asked = {"number": ticket.id, "code": code, "then": then}
        page = client.get("/el/track", query_string=asked, follow_redirects=True)
        assert page.status_code == 200
        assert (CLOSING in page.text) is closes, then


def test_the_desk_says_when_or_why_not(case, app):
    ticket, closes = case
    page = Browser(app, an_administrator()).open(f"/desk/tickets/{ticket.id}").text
    panel = page.partition('id="closure"')[2].partition("</section>")[0]
    assert ("closes by itself on" in panel) is closes
    assert any(why in panel for why in ("only people close", "never close")) is not closes


def test_whoever_asks_by_number_is_told_the_same(case):
    ticket, closes = case
    found = inquiry.status(ticket.id, Code(tracking.code_of(ticket.id, ticket.tracking_version)), "phone", NOON)
    row = publicly.facts([ticket.id])[ticket.id]
    assert found.then == publicly.standing(row, NOON, patience.current().silence(row), "el").then
    assert (CLOSING in found.then) is closes
