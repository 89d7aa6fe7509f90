"""The supervisor's pages: who may see them, what they say, where their numbers lead."""

import re
from datetime import timedelta

import pytest
from flask import current_app, g
from flask.testing import FlaskClient
from markupsafe import escape

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.clocks import TicketClock
from helpdesk.models.post import Inbound, Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import access, journal, replies, rulebook
from helpdesk.services.reports import FIGURES
from tests.builders import a_department, a_message, a_supervisor, a_ticket, an_account, an_administrator, an_agent

PAGES = ("/supervise", "/supervise/figures/received", "/supervise/board", "/supervise/board/rows", "/supervise/post")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(clock.now() - 400 * 24 * HOUR)
    an_account(is_default=True)


@pytest.fixture
def department():
    return a_department(key="lights", names={"el": "Φωτισμός", "en": "Lighting"})


@pytest.fixture
def chief(department):
    return a_supervisor(department)


@pytest.fixture
def desk(client, chief):
    """A supervisor's browser, in English."""
    return signed_in(client, chief)


def signed_in(client: FlaskClient, actor: Actor) -> FlaskClient:
    assert actor.id
    token = access.open_session(actor.id, "test", clock.now())
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
    client.set_cookie("language", "en")
    forget()
    return client


def forget() -> None:
    """What one request leaves to the next in the test's one context, and what builders made behind the catalogue."""
    current_app.extensions.pop("catalogue", None)
    for name in ("_login_user", "actor", "language", "catalogue", "csrf_token"):
        g.pop(name, None)


def page(client: FlaskClient, address: str) -> str:
    ground.flush_pending()
    forget()
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/supervise/post").text)
    assert found
    return found[1]


def press(client: FlaskClient, address: str, **fields: str):
    return client.post(address, data={"csrf_token": token(client), **fields})


# Who


@pytest.mark.parametrize("address", [*PAGES, "/supervise/post/1", "/supervise/post/1/raw"])
def test_only_supervisors_and_administrators_open_these_pages(client, department, address):
    assert client.get(address).status_code == 302
    assert signed_in(client, an_agent(department)).get(address).status_code == 403
    assert signed_in(client, an_administrator()).get(address).status_code in {200, 404}


def test_an_agent_cannot_press_what_a_supervisor_can(client, department):
    agent = signed_in(client, an_agent(department))
    with client.session_transaction() as kept:
        kept.pop("csrf_token", None)
    for address in ("1/replay", "replay-all", "outgoing/1/send-again", "outgoing/1/settle"):
        assert agent.post(f"/supervise/post/{address}").status_code in {400, 403}


def test_without_its_token_nothing_is_done(desk):
    assert desk.post("/supervise/post/replay-all").status_code == 400


# Figures


def test_every_figure_has_its_definition_its_picture_and_its_list(desk, department):
    a_ticket(department_id=department.id, received_at=clock.now() - HOUR)
    shown = page(desk, "/supervise")
    for figure in FIGURES.values():
        assert figure.label in shown
        assert str(escape(figure.definition)) in shown
        assert f"/supervise/figures/{figure.key}?" in shown
    assert shown.count('<svg class="spark"') == len(FIGURES)
    assert 'role="img" aria-label="Requests received: last 1' in shown
    assert "Lighting" in shown


def test_a_number_leads_to_exactly_its_tickets(desk, chief, department):
    others = a_department()
    ours = [a_ticket(department_id=department.id, received_at=clock.now() - HOUR).id for _ in range(3)]
    hidden = a_ticket(department_id=others.id, received_at=clock.now() - HOUR, restricted=True, subject="Κρυφό")
    shown = page(desk, "/supervise/figures/received")
    assert all(f"/desk/tickets/{number}" in shown for number in ours)
    assert f"/desk/tickets/{hidden.id}" not in shown
    assert "Κρυφό" not in shown
    assert '<span class="count num">3</span>' in shown


def test_a_long_list_is_read_page_by_page(desk, department):
    numbers = [a_ticket(department_id=department.id, received_at=clock.now() - HOUR).id for _ in range(53)]
    first = page(desk, "/supervise/figures/received")
    more = re.search(r'href="([^"]+cursor=[^"]+)"', first)
    assert more
    second = page(desk, more[1].replace("&amp;", "&"))
    found = [int(number) for number in re.findall(r'href="/desk/tickets/(\d+)"', first + second)]
    assert found == numbers
    assert 'rel="next"' not in second


def test_a_promise_says_how_it_ended(desk, department):
    agent = an_agent(department)
    ticket = a_ticket(department_id=department.id, received_at=clock.now() - 2 * HOUR)
    replies.reply(agent, ticket.id, "Έρχεται.", at=clock.now())
    shown = page(desk, "/supervise/figures/first_response_met")
    assert "Kept" in shown
    assert "100%" in shown


def test_a_period_and_a_department_can_be_asked_for(desk, department):
    a_ticket(department_id=department.id, received_at=clock.now() - HOUR)
    a_ticket(department_id=None, received_at=clock.now() - HOUR)
    assert '<span class="count num">1</span>' in page(desk, "/supervise/figures/received?department=lights")
    assert '<span class="count num">1</span>' in page(desk, "/supervise/figures/received?department=triage")
    assert '<span class="count num">0</span>' in page(desk, "/supervise/figures/received?from=2024-01-01&to=2024-01-31")
    page(desk, "/supervise?from=2024-01-01&to=2025-12-31")


@pytest.mark.parametrize("asked", ["from=x", "from=2026-02-01&to=2026-01-01", "department=nowhere", "from=1900-01-01"])
def test_what_cannot_be_asked_is_told(desk, asked):
    assert desk.get(f"/supervise?{asked}").status_code == 422


def test_an_unknown_figure_is_not_found(desk):
    assert desk.get("/supervise/figures/speed").status_code == 404


def test_the_page_speaks_greek(client, chief, department):
    a_ticket(department_id=department.id, received_at=clock.now() - HOUR)
    greek = signed_in(client, chief)
    greek.set_cookie("language", "el")
    shown = page(greek, "/supervise")
    assert "Αιτήματα που λάβαμε" in shown
    assert not [figure.label for figure in FIGURES.values() if f"<h2>{figure.label}</h2>" in shown]


# Board


def test_the_board_counts_what_the_desk_lists(desk, chief, department):
    now = clock.now()
    late = a_ticket(department_id=department.id, received_at=now - 30 * 24 * HOUR)
    fresh = a_ticket(department_id=department.id, received_at=now)
    ground.flush_pending()
    db.session.expire_all()
    db.session.get(Ticket, late.id).next_due_at = now - HOUR
    db.session.get(Ticket, fresh.id).next_due_at = now + 20 * HOUR
    db.session.get(Ticket, fresh.id).assignee_id = an_agent(department).id
    db.session.flush()
    shown = page(desk, "/supervise/board")
    row = shown[shown.index('<th scope="row">Lighting') :].split("</tr>")[0]
    cells = re.findall(r'href="([^"]+)">(?:<svg.*?</svg>)?(\d+)</a>', row)
    assert [int(number) for _, number in cells] == [2, 1, 1, 1]
    for address, number in cells:
        listed = page(desk, address.replace("&amp;", "&").replace("/desk?", "/desk/rows?"))
        assert len(set(re.findall(r'id="t(\d+)"', listed))) == int(number), address


def test_an_empty_board_says_what_it_is_for(desk):
    assert "Nothing is open" in page(desk, "/supervise/board")


def test_the_board_leaves_out_what_one_may_not_see(desk):
    a_ticket(department_id=a_department(names={"el": "Άλλο", "en": "Elsewhere"}).id, restricted=True)
    assert "Elsewhere" not in page(desk, "/supervise/board")


# Post


def an_unreadable(**given) -> Inbound:
    row = Inbound(
        **{
            "kind": "email",
            "account_id": an_account().id,
            "external_id": f"x{clock.now().timestamp()}",
            "raw": b"Subject: <script>alert(1)</script>\r\n\r\n\x00\x1b[31m\xe2\x80\xaered \xff",
            "received_at": clock.now() - HOUR,
            "due_at": clock.now(),
            "state": "unreadable",
            "error": "no sender",
        }
        | given
    )
    db.session.add(row)
    db.session.flush()
    return row


def a_parcel(ticket: Ticket | None, **given) -> Outbound:
    message = a_message(ticket, direction="outbound", delivery_state="refused") if ticket else None
    row = Outbound(
        **{
            "kind": "email",
            "ticket_id": ticket.id if ticket else None,
            "message_id": message.id if message else None,
            "external_id": f"m{clock.now().timestamp()}@city.example",
            "payload": {"to_address": "maria@example.org", "subject": "Απάντηση"},
            "state": "refused",
            "detail": "550 no such user",
            "created_at": clock.now() - HOUR,
            "due_at": clock.now() - HOUR,
            "settled_at": clock.now() - HOUR,
        }
        | given
    )
    db.session.add(row)
    db.session.flush()
    return row


def test_nothing_to_do_is_said(desk):
    assert "All post has found its way" in page(desk, "/supervise/post")


def test_unreadable_post_is_shown_with_its_reason_and_looked_at_without_harm(desk):
    row = an_unreadable()
    assert "no sender" in page(desk, "/supervise/post")
    shown = page(desk, f"/supervise/post/{row.id}")
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert not set("\x00\x1b\u202e") & set(shown)


def test_a_raw_message_is_downloaded_byte_by_byte_and_never_run(desk):
    row = an_unreadable()
    answer = desk.get(f"/supervise/post/{row.id}/raw")
    assert answer.data == row.raw
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "application/octet-stream"


def test_what_was_processed_or_deleted_cannot_be_read_here(desk):
    assert desk.get(f"/supervise/post/{an_unreadable(state='processed').id}/raw").status_code == 404
    assert desk.get(f"/supervise/post/{an_unreadable(raw=None).id}/raw").status_code == 404


def test_replay_lets_it_be_read_again(desk):
    row = an_unreadable()
    assert press(desk, f"/supervise/post/{row.id}/replay").status_code == 303
    db.session.expire_all()
    assert (db.session.get(Inbound, row.id).state, db.session.get(Inbound, row.id).error) == ("kept", None)
    assert press(desk, "/supervise/post/987654321/replay").status_code == 409


def test_all_can_be_read_again_at_once(desk):
    rows = [an_unreadable(external_id=str(number)) for number in range(3)]
    assert press(desk, "/supervise/post/replay-all").status_code == 303
    db.session.expire_all()
    assert {db.session.get(Inbound, row.id).state for row in rows} == {"kept"}


def test_post_that_waits_too_long_is_shown(desk, department):
    an_unreadable(state="kept", error="OperationalError: gone", attempts=2)
    a_parcel(a_ticket(department_id=department.id), state="waiting", attempts=3, detail="451 try later")
    shown = page(desk, "/supervise/post")
    assert "Waits too long" in shown
    assert "OperationalError: gone" in shown
    assert "451 try later" in shown


def test_a_failed_message_is_sent_again_under_the_same_name(desk, department):
    row = a_parcel(a_ticket(department_id=department.id))
    name = row.external_id
    assert "550 no such user" in page(desk, "/supervise/post")
    assert press(desk, f"/supervise/post/outgoing/{row.id}/send-again").status_code == 303
    db.session.expire_all()
    again = db.session.get(Outbound, row.id)
    assert (again.state, again.external_id, again.attempts) == ("waiting", name, 0)
    assert press(desk, f"/supervise/post/outgoing/{row.id}/send-again").status_code == 409


@pytest.mark.parametrize("state", ["sent", "withdrawn"])
def test_a_failed_message_is_settled_and_the_journal_says_by_whom(desk, chief, department, state):
    row = a_parcel(a_ticket(department_id=department.id), state="unknown")
    assert press(desk, f"/supervise/post/outgoing/{row.id}/settle", state=state).status_code == 303
    ground.flush_pending()
    db.session.expire_all()
    assert db.session.get(Outbound, row.id).state == state
    fact = journal.of(row.ticket_id)[-1]
    assert (fact.type, fact.actor_id, fact.event.state) == ("delivery_settled", chief.id, state)


def test_settling_needs_a_known_word(desk, department):
    row = a_parcel(a_ticket(department_id=department.id))
    assert press(desk, f"/supervise/post/outgoing/{row.id}/settle", state="lost").status_code == 422


def test_post_of_hidden_tickets_and_of_none_is_not_for_every_supervisor(desk, client, chief):
    hidden = a_parcel(a_ticket(department_id=a_department().id, restricted=True))
    letter = a_parcel(None, payload={"to_address": "secret@example.org", "subject": "Password"}, external_id="l@x")
    shown = page(desk, "/supervise/post")
    assert "maria@example.org" not in shown
    assert "secret@example.org" not in shown
    assert "secret@example.org" in page(signed_in(client, an_administrator()), "/supervise/post")
    signed_in(client, chief)
    db.session.commit()
    for row in (hidden.id, letter.id):
        assert press(desk, f"/supervise/post/outgoing/{row}/send-again").status_code == 404


def test_tickets_without_computable_deadlines_are_named(desk, department):
    ticket = a_ticket(department_id=department.id)
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    ground.flush_pending()
    for one in (ticket, hidden):
        db.session.query(TicketClock).filter_by(ticket_id=one.id).update({"error": "NeverOpens: closed"})
    shown = page(desk, "/supervise/post")
    assert f"/desk/tickets/{ticket.id}" in shown
    assert f"/desk/tickets/{hidden.id}" not in shown
    assert "NeverOpens" in shown
