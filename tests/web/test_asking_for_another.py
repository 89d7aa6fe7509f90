"""The portal's form for somebody else: optional, in plain words, without scripts; kept as on whose behalf it is."""

import pytest
from sqlalchemy import select

from helpdesk.models.people import Person
from helpdesk.models.tickets import Ticket
from helpdesk.services import rulebook
from tests.builders import NOON, a_department, a_service, an_account
from tests.web.citizen import errors, fill_in
from tests.web.staff_browser import visible

TYPED = {"subject": "Ράμπα", "description": "Δεν περνά το αμαξίδιο.", "name": "Άννα", "email": "anna@example.org"}


@pytest.fixture
def form(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    an_account(kind="webform", address="form")
    a_service(key="ramp", department_id=a_department().id)
    return "/en/ask/ramp"


def the_ticket(session) -> Ticket:
    [ticket] = session.scalars(select(Ticket))
    return ticket


def test_for_whom_it_is_asked_is_kept_and_the_answer_goes_to_who_asked(client, session, form):
    answer = fill_in(client, form, **TYPED, behalf_name=" Ελένη  Παππά ", behalf_email="Eleni@Example.org")
    assert answer.status_code == 303
    ticket = the_ticket(session)
    asking, concerned = (session.get(Person, one) for one in (ticket.requester_id, ticket.on_behalf_of_id))
    assert (asking.email, concerned.email, concerned.name) == ("anna@example.org", "eleni@example.org", "Ελένη Παππά")
    assert "on_behalf_of" not in ticket.form


def test_a_name_is_enough_and_nothing_is_nobody(client, session, form):
    fill_in(client, form, **TYPED, behalf_name="Ελένη")
    ticket = the_ticket(session)
    assert session.get(Person, ticket.on_behalf_of_id).name == "Ελένη"
    fill_in(client, form, **TYPED | {"subject": "Άλλο"})
    other = session.scalars(select(Ticket).where(Ticket.subject == "Άλλο")).one()
    assert other.on_behalf_of_id is None


def test_what_is_wrong_stands_beside_its_field_in_an_open_part_of_the_form(client, session, form):
    answer = fill_in(client, form, **TYPED, behalf_email="nobody")
    assert answer.status_code == 422 and set(errors(answer.text)) == {"behalf_name", "behalf_email"}
    assert '<details class="govuk-details" open>' in answer.text
    assert session.scalars(select(Ticket)).all() == []


def test_both_languages_say_it_plainly(client, form):
    assert "I ask for somebody else" in visible(client.get(form).text)
    assert "για λογαριασμό άλλου" in visible(client.get("/el/ask/ramp").text)
