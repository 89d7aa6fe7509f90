"""Who lost the code of their request asks for one that works once; the page says the same to everybody."""

import re
from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.post import Outbound
from helpdesk.services import inquiry, rulebook
from helpdesk.web.safety import limiter
from tests.builders import NOON, a_citizen, a_department, a_ticket, an_account
from tests.web.citizen import another_browser, errors, fields
from tests.web.limits import count_from_nought
from tests.web.staff_browser import visible

SAID = "If this request and this address or number belong together"


@pytest.fixture
def ticket(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    citizen = a_citizen(email="anna@example.org", phone="+30 2310 123456")
    return a_ticket(department_id=a_department().id, requester=citizen, subject="Σβηστό φως")


def ask(client, number, proof):
    page = client.get("/en/track").text
    given = fields(page, "/track/code") | {"lost_number": str(number), "proof": proof}
    return client.post("/en/track/code", data=given)


def codes() -> list[Outbound]:
    inquiry.send_codes(clock.now())
    ground.flush_pending()
    return db.session.query(Outbound).filter_by(template="code").order_by(Outbound.id).all()


def once(letter: Outbound) -> str:
    return re.search(r"^([A-Z2-7]{4}-[A-Z2-7]{4})$", letter.payload["text"], re.MULTILINE)[1]


def open_with(client, number, code):
    given = fields(client.get("/en/track").text, "/track") | {"number": str(number), "code": code}
    return client.post("/en/track", data=given, follow_redirects=True)


@pytest.mark.parametrize("proof", ["Anna@example.org", "2310 123456"])
def test_the_code_comes_to_the_address_on_file_and_opens_the_request_once(client, ticket, proof):
    assert SAID in visible(ask(client, ticket.id, proof).text)
    [letter] = codes()
    assert letter.payload["to_address"] == "anna@example.org"
    code = once(letter)
    assert "Σβηστό φως" in open_with(client, ticket.id, code.lower()).text
    stranger = another_browser(client)
    again = open_with(stranger, ticket.id, code)
    assert again.status_code == 422 and "Σβηστό φως" not in again.text


def test_the_page_says_the_same_whatever_is_named(client, ticket):
    told = [ask(client, number, "eve@example.org") for number in (ticket.id, 987_654)]
    told.append(ask(client, ticket.id, "anna@example.org"))
    assert {answer.status_code for answer in told} == {200}
    shown = {re.sub(r"\d{6}", "N", visible(answer.text)) for answer in told}
    assert len(shown) == 1 and SAID in shown.pop()
    assert len(codes()) == 1


def test_what_is_missing_stands_beside_its_field_and_asks_for_nothing(client, ticket):
    answer = ask(client, "", "")
    assert answer.status_code == 422 and errors(answer.text) == ["lost_number", "proof"]
    answer = ask(client, "a lamp", "anna@example.org")
    assert errors(answer.text) == ["lost_number"] and "a lamp" in answer.text
    assert codes() == []


def test_it_is_in_greek_and_speaks_no_word_of_tickets(client, ticket):
    page = client.get("/el/track").text
    given = fields(page, "/track/code") | {"lost_number": str(ticket.id), "proof": "x"}
    shown = visible(client.post("/el/track/code", data=given).text)
    assert "κωδικό" in shown and "ticket" not in shown.lower()


def test_a_code_that_is_too_old_opens_nothing(client, ticket):
    inquiry.ask_code(ticket.id, "anna@example.org", long_ago := clock.now() - timedelta(minutes=16))
    inquiry.send_codes(long_ago)
    [letter] = codes()
    assert open_with(client, ticket.id, once(letter)).status_code == 422


def test_nobody_asks_without_end(client, ticket):
    limiter.enabled = True
    count_from_nought()  # whatever was tried in the minute before
    try:
        assert [ask(client, ticket.id, "x").status_code for _ in range(11)] == [200] * 10 + [429]
    finally:
        count_from_nought()
