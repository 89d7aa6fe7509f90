"""The queue: what it lists, finds and counts, for whom, with how many statements; and taking a request down."""

import re
from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.db import db
from helpdesk.models.tickets import Message, Ticket
from helpdesk.services import catalogue, tickets, views
from tests.builders import NOON, a_citizen, a_department, a_service, a_ticket, an_administrator, an_agent
from tests.web.browsers import Browser, counted

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def department():
    return a_department(names={"el": "Πράσινο", "en": "Parks"})


@pytest.fixture
def agent(department):
    return an_agent(department, name="Μαρία")


@pytest.fixture
def browser(app, agent):
    catalogue.changed(NOON)
    return Browser(app, agent)


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'<tr id="t(\d+)"', page)]


def test_a_line_tells_number_subject_person_department_time_and_who_works_on_it(browser, department, agent):
    ticket = a_ticket(department_id=department.id, requester=a_citizen(name="Άννα Δήμου"), subject="Πεσμένο δέντρο")
    tickets.take(agent, ticket.id)
    page = browser.open("/desk").text
    line = re.search(rf'<tr id="t{ticket.id}".*?</tr>', page, re.DOTALL).group()
    for words in (str(ticket.id), "Πεσμένο δέντρο", "Άννα Δήμου", "Parks", "late", "Μαρία"):
        assert words in line
    assert page.count("<h1") == 1


def test_what_breaks_first_stands_on_top(browser, department):
    now = clock.now()
    late = a_ticket(department_id=department.id, received_at=now - timedelta(days=30), priority="high")
    new = a_ticket(department_id=department.id, received_at=now, priority="low")
    soon = a_ticket(department_id=department.id, received_at=now - timedelta(days=2), priority="high")
    assert numbers(browser.open("/desk?view=departments").text) == [late.id, soon.id, new.id]


def test_restricted_tickets_of_others_are_neither_listed_nor_found(app, browser):
    hidden = a_ticket(department_id=a_department().id, restricted=True, subject="Απόρρητο", text="απόρρητο")
    for address in ("/desk?view=all", "/desk?view=any", "/desk?q=απόρρητο", f"/desk?q={hidden.id}"):
        assert hidden.id not in numbers(browser.open(address).text)
    assert hidden.id in numbers(Browser(app, an_administrator()).open("/desk?view=all").text)


def test_the_rail_counts_what_its_views_hold(browser, department, agent):
    a_ticket(department_id=department.id, assignee_id=agent.id)
    a_ticket(department_id=department.id)
    a_ticket(department_id=None)
    page = browser.open("/desk").text
    rail = dict(re.findall(r'data-view="(\w+)".*?class="count">([\d+]+)<', page, re.DOTALL))
    assert (rail["mine"], rail["unassigned"], rail["departments"], rail["triage"]) == ("1", "1", "2", "1")


def test_the_rail_stops_counting_at_its_most_and_says_so(browser, department, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    for _ in range(3):
        a_ticket(department_id=department.id)
    assert '<span class="count">1+</span>' in browser.open("/desk?view=departments").text


def test_filters_stand_as_chips_that_take_them_off(browser, department):
    high = a_ticket(department_id=department.id, priority="high")
    a_ticket(department_id=department.id)
    page = browser.open("/desk?view=departments&priority=high").text
    assert numbers(page) == [high.id]
    assert re.search(r'class="chip" href="/desk\?view=departments">High', page)


def test_a_filter_with_an_unknown_value_is_refused_in_words(browser):
    answer = browser.open("/desk?status=strange")
    assert answer.status_code == 422
    assert "one of its filters has a value we do not know" in answer.text


@pytest.mark.parametrize("view", ["mine", "risk", "unassigned", "waiting", "triage", "undelivered", "resolved", "all"])
def test_an_empty_view_says_what_it_is_for(browser, view):
    page = browser.open(f"/desk?view={view}").text
    assert 'class="empty"' in page
    assert re.search(r'class="empty">.*?<p>\w+.*?</p>', page, re.DOTALL)


def test_pages_follow_each_other_without_gap_or_repetition(browser, department):
    made = [a_ticket(department_id=department.id, received_at=NOON + timedelta(minutes=at)).id for at in range(30)]
    first = browser.open("/desk?view=departments").text
    following = re.search(r'href="([^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
    assert numbers(first) + numbers(browser.open(following).text) == made
    assert browser.open("/desk?cursor=broken!").status_code == 422


@pytest.mark.parametrize("address", ["/desk?view=departments", "/desk?view=all", "/desk/rows?view=mine", "/desk?q=φως"])
def test_the_queue_takes_at_most_twelve_statements(browser, department, address):
    for _ in range(5):
        a_ticket(department_id=department.id)
    browser.open(address)
    with counted() as statements:
        assert browser.open(address).status_code == 200
    assert len(statements) <= 12, "\n".join(statements)


def test_search_finds_words_numbers_and_people(browser):
    browser.send("/desk/new", **ASKED | {"text": "Υπερχείλισε ο κάδος", "name": "Ζωή Ράπτη"})
    ticket = db.session.query(Ticket).one()
    for asked in ("υπερχειλισε", str(ticket.id), "Ράπτη"):
        assert numbers(browser.open(f"/desk?q={asked}").text) == [ticket.id], asked


def test_who_has_no_stream_asks_what_happened(browser, department, agent):
    since = int(re.search(r'data-since="(\d+)"', browser.open("/desk").text).group(1))
    ticket = a_ticket(department_id=department.id)
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    told = browser.open(f"/desk/updates?since={since}").get_json()
    assert ticket.id in {news["ticket"] for news in told["news"]}
    assert hidden.id not in {news["ticket"] for news in told["news"]}
    assert told["next"] > since
    assert browser.open("/desk/updates?since=nonsense").status_code == 200


def test_the_queue_speaks_greek(app, agent, browser):
    page = Browser(app, agent, "el").open("/desk").text
    for words in ("Δικά μου", "Σε κίνδυνο", "Νέο αίτημα", "Τίποτε εδώ"):
        assert words in page


def test_citizens_do_not_enter(client):
    for address in ("/desk", "/desk/rows", "/desk/updates", "/desk/new"):
        assert client.get(address).status_code == 302
    assert client.get("/live", headers={"Accept": "text/event-stream"}).status_code == 401


# Taking a request down

ASKED = {
    "channel": "phone",
    "name": "Άννα",
    "phone": "+302101234567",
    "language": "el",
    "subject": "Κάδος",
    "text": "…",
}


def test_a_call_becomes_a_routed_ticket_that_owes_no_first_response(browser, department, agent):
    service = a_service(department_id=department.id)
    catalogue.changed(NOON)
    answer = browser.send("/desk/new", **ASKED, service=service.key, tags="#Κάδος", restricted="yes")
    ticket = db.session.query(Ticket).order_by(Ticket.id.desc()).first()
    assert (answer.status_code, answer.location) == (303, f"/desk/tickets/{ticket.id}")
    assert (ticket.channel, ticket.department_id, ticket.service_id) == ("phone", department.id, service.id)
    assert (ticket.tags, ticket.restricted) == (["κάδος"], True)
    page = browser.open(answer.location).text
    assert f"Ticket {ticket.id} is open: Parks." in page
    assert "First response" not in page


def test_what_is_missing_comes_back_beside_its_field_with_all_that_was_typed(browser):
    answer = browser.send("/desk/new", **ASKED | {"subject": " ", "email": "no-address", "text": "μακρύ"})
    assert answer.status_code == 422
    for name in ("subject", "email"):
        assert f'id="new-{name}-error"' in answer.text
    assert "μακρύ</textarea>" in answer.text
    assert 'value="+302101234567"' in answer.text
    assert not db.session.query(Message).filter_by(text="μακρύ").count()


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"name": "", "phone": ""},
        {"type": "joke"},
        {"language": "tlh"},
        {"received": "2099-01-01T10:00"},
        {"received": "soon"},
        {"service": "none-of-ours"},
        {"subject": "x" * 251},
        {"phone": "12"},
    ],
)
def test_a_form_that_makes_no_sense_opens_nothing(browser, wrong):
    assert browser.send("/desk/new", **ASKED | wrong).status_code == 422
    assert not db.session.query(Ticket).count()


def test_the_same_person_asks_again(browser, department):
    person = a_citizen(name="Ζωή", email=None, phone=None)
    first = a_ticket(department_id=department.id, requester=person)
    assert 'value="Ζωή"' in browser.open(f"/desk/new?like={first.id}").text
    asked = ASKED | {"name": "Ζωή", "phone": ""}
    browser.send("/desk/new", **asked, like=str(first.id))
    assert db.session.query(Ticket).filter_by(requester_id=person.id).count() == 2
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    assert browser.open(f"/desk/new?like={hidden.id}").status_code == 404
