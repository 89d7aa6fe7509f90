"""Asking to be called back without scripts: department, time, number; later another time, or none."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk import clock, events
from helpdesk.db import db
from helpdesk.models.callbacks import CallbackPromise, CallbackSlot
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.services import callbacks, journal, rulebook, slots, tracking
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, an_account, an_agent, calls_back
from tests.web.citizen import another_browser, errors, fields

HOURS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
DETAILS = {"phone": "691 234 5678", "name": "Άννα Ιωάννου", "about": "Ο λογαριασμός νερού", "email": "anna@example.org"}


@pytest.fixture
def department(session):
    rulebook.ensure_defaults(NOON)
    rulebook.enact(RulebookKind.CALENDAR, "default", {"tz": "Europe/Athens", "hours": HOURS}, at=NOON)
    an_account(is_default=True)
    place = calls_back(a_department())
    an_agent(place)
    db.session.commit()
    return place


def times(page: str) -> list[str]:
    return re.findall(r'name="slot"[^>]*value="([^"]+)"', page)


def chosen(client, department, which: int = 0):
    """The page that asks for the number, while a time is kept."""
    page = client.get(f"/en/callback?department={department.key}").text
    values = fields(page, "/callback/time") | {"slot": times(page)[which]}
    kept = client.post("/en/callback/time", data=values)
    assert kept.status_code == 303
    return client.get(kept.location)


def asked(client, department, **given: str):
    page = chosen(client, department)
    return client.post("/en/callback/details", data=fields(page.text, "/callback/details") | DETAILS | given)


def promise() -> CallbackPromise:
    db.session.expire_all()
    return db.session.scalars(select(CallbackPromise).order_by(CallbackPromise.id.desc())).first()


def test_a_citizen_chooses_a_time_and_is_promised_a_call(client, department):
    assert "Earliest" in client.get("/en/callback").text
    sent = asked(client, department)
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "We will ring you" in page and "678" in page and "6912345678" not in page
    made = promise()
    ticket = db.session.get_one(Ticket, made.ticket_id)
    assert (ticket.channel, ticket.department_id, ticket.subject) == (
        "phone",
        department.id,
        "Call me back: Ο λογαριασμός νερού",
    )
    assert (made.phone, made.origin, made.state) == ("+306912345678", "portal", "scheduled")
    assert [fact.type for fact in journal.of(ticket.id)][:1] == ["ticket_opened"]
    assert callbacks.promised(journal.of(ticket.id)) is not None


def test_one_letter_tells_the_time_and_leads_to_changing_it(client, department):
    asked(client, department)
    letters = db.session.scalars(select(Outbound)).all()
    assert [one.template for one in letters] == ["call_promised"]
    text = letters[0].payload["text"]
    assert "then=call" in text and "678" in text and "6912345678" not in text


def test_the_link_of_the_letter_changes_nothing_and_its_button_moves_the_call(client, department):
    asked(client, department)
    first, browser = promise(), another_browser(client)
    code = tracking.code_of(first.ticket_id, 1)
    opened = browser.get(f"/en/track?number={first.ticket_id}&code={code}&then=call")
    assert opened.location.endswith(f"/requests/{first.ticket_id}/call")
    page = browser.get(opened.location).text
    assert promise().id == first.id and promise().state == "scheduled"
    moved = browser.post(f"/en/requests/{first.ticket_id}/call", data=fields(page, "/call") | {"slot": times(page)[3]})
    assert moved.location.endswith("/called")
    second = promise()
    db.session.refresh(first)
    assert (first.state, first.ended) == ("cancelled", "moved_by_citizen")
    assert (second.previous_id, second.begins_at.isoformat()) == (first.id, times(page)[3])
    booked = {row.begins_at: row.booked for row in db.session.scalars(select(CallbackSlot))}
    assert booked == {first.begins_at: 0, second.begins_at: 1}


def test_the_citizen_may_want_no_call_any_more(client, department):
    asked(client, department)
    number = promise().ticket_id
    page = client.get(f"/en/requests/{number}/call").text
    for _ in range(2):
        gone = client.post(f"/en/requests/{number}/call/cancel", data=fields(page, "/call/cancel"))
        assert gone.location.endswith(f"/requests/{number}")
    assert (promise().state, promise().ended) == ("cancelled", "citizen")
    assert [fact.type for fact in journal.of(number)].count(events.CallBackCancelled.type) == 1


@pytest.mark.parametrize("number", ["9011234567", "8011234567", "1520", "+44 20 7946 0018", "abc"])
def test_numbers_that_would_cost_us_are_refused_beside_the_field(client, department, number):
    refused = asked(client, department, phone=number)
    assert (refused.status_code, errors(refused.text)) == (422, ["phone"])
    assert promise() is None and db.session.scalars(select(Ticket)).all() == []


def test_what_is_missing_is_named_and_the_time_stays_kept(client, department):
    refused = asked(client, department, phone="", name="", email="nowhere")
    assert (refused.status_code, errors(refused.text)) == (422, ["phone", "name", "email"])
    again = client.post("/en/callback/details", data=fields(refused.text, "/callback/details") | DETAILS)
    assert again.status_code == 303


def test_a_second_call_to_the_same_number_is_refused(client, department):
    asked(client, department)
    refused = asked(client, department, phone="+30 6912345678")
    assert refused.status_code == 409
    assert errors(refused.text) == ["phone"]


def test_a_machine_that_fills_in_every_field_is_refused(client, department):
    assert errors(asked(client, department, website="http://spam.example").text) == ["website"]


def test_a_time_that_is_kept_no_more_is_chosen_anew(client, department, monkeypatch):
    page = chosen(client, department)
    later = clock.now() + slots.HOLDS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    sent = client.post("/en/callback/details", data=fields(page.text, "/callback/details") | DETAILS)
    assert sent.location.endswith("/callback")
    assert "five minutes" in client.get(sent.location).text


def test_without_a_time_the_page_asks_for_one(client, department):
    page = client.get(f"/en/callback?department={department.key}").text
    refused = client.post("/en/callback/time", data=fields(page, "/callback/time"))
    assert (refused.status_code, errors(refused.text)) == (422, ["slot"])
    forged = client.post(
        "/en/callback/time", data=fields(page, "/callback/time") | {"slot": "2001-01-01T00:00:00+00:00"}
    )
    assert forged.status_code == 409


def test_a_department_that_does_not_call_back_has_no_times(client, department):
    assert client.get(f"/en/callback?department={a_department().key}").status_code == 404


def test_who_could_not_be_reached_chooses_another_time_and_work_goes_on(client, department):
    asked(client, department)
    first = promise()
    agent, at = an_agent(department), first.begins_at
    for attempt in range(4):
        callbacks.dial(agent, first.ticket_id, "no_answer", at=at + timedelta(minutes=attempt))
    db.session.refresh(first)
    ticket = db.session.get_one(Ticket, first.ticket_id)
    assert (first.state, ticket.status) == ("unreachable", "waiting_requester")
    page = client.get(f"/en/requests/{ticket.id}/call").text
    sent = client.post(f"/en/requests/{ticket.id}/call", data=fields(page, "/call") | {"slot": times(page)[0]})
    assert sent.location.endswith("/called")
    db.session.refresh(ticket)
    assert (promise().state, ticket.status) == ("scheduled", "open")
