"""A citizen settles by the links of a letter: reading them changes nothing, the button does."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.models.tickets import Ticket
from helpdesk.services import journal, tickets, tracking
from tests.builders import a_ticket
from tests.web.citizen import fields

pytestmark = pytest.mark.usefixtures("body")

MOMENT = timedelta(minutes=5)


@pytest.fixture
def ticket(agent):
    made = a_ticket(department_id=next(iter(agent.departments)))
    return tickets.resolve(agent, made.id, "solved", "Άναψε ξανά.", at=clock.now() - MOMENT)


def followed(client, ticket, then):
    code = tracking.code_of(ticket.id, ticket.tracking_version)
    asked = {"number": ticket.id, "code": code, "then": then}
    return client.get("/en/track", query_string=asked, follow_redirects=True)


def stands(session, ticket):
    session.expire_all()
    row = session.get(Ticket, ticket.id)
    return row.status, row.version, len(journal.of(ticket.id))


@pytest.mark.parametrize(("then", "asked"), [("confirm", "Is it solved?"), ("reject", "What is not solved yet?")])
def test_following_a_link_asks_and_changes_nothing(client, session, ticket, then, asked):
    before = stands(session, ticket)
    for _ in range(2):
        page = followed(client, ticket, then)
        assert page.status_code == 200 and asked in page.text and "Άναψε ξανά." in page.text
    client.head(f"/en/requests/{ticket.id}/{then}")
    assert stands(session, ticket) == before


def test_the_button_confirms_and_a_second_link_tells_how_it_stands(client, session, ticket):
    page = followed(client, ticket, "confirm").text
    client.post(f"/en/requests/{ticket.id}/confirm", data=fields(page, "/confirm"))
    assert stands(session, ticket)[0] == "closed"
    assert "was closed on" in followed(client, ticket, "confirm").text


def test_the_button_says_what_is_missing(client, session, ticket):
    page = followed(client, ticket, "reject").text
    client.post(f"/en/requests/{ticket.id}/reject", data=fields(page, "/reject") | {"reason": "Έσβησε πάλι."})
    assert stands(session, ticket)[0] == "open"
    assert "Έσβησε πάλι." in client.get(f"/en/requests/{ticket.id}").text


def test_nobody_without_the_code_sees_the_question(client, ticket):
    assert client.get(f"/en/requests/{ticket.id}/confirm").status_code in (302, 303, 404)


def test_what_only_people_close_promises_no_day(client, session, ticket):
    assert "If you say nothing" in followed(client, ticket, "confirm").text
    session.get(Ticket, ticket.id).major = True
    session.commit()
    assert "If you say nothing" not in followed(client, ticket, "confirm").text
    assert "If you say nothing" not in client.get(f"/en/requests/{ticket.id}").text
