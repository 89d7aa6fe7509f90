"""Merging, suppliers, competence, documents, deadlines and calls on the ticket's page, with refusals and ways back."""

import re
from datetime import timedelta

import pytest

from helpdesk import clock, i18n
from helpdesk.db import db
from helpdesk.models.tickets import Message, Ticket
from helpdesk.services import catalogue, replies, tickets
from tests.builders import (
    NOON,
    a_citizen,
    a_customer,
    a_department,
    a_service,
    a_supplier,
    a_ticket,
    an_agent,
)
from tests.web.browsers import Browser

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def department():
    return a_department(names={"el": "Πράσινο", "en": "Parks"})


@pytest.fixture
def agent(department):
    return an_agent(department, name="Μαρία")


@pytest.fixture
def browser(app, agent):
    a_supplier(key="lamps", names={"el": "Φωτισμός ΑΕ", "en": "Lamps Ltd"})
    catalogue.changed(NOON)
    return Browser(app, agent)


def path(ticket: Ticket, act: str = "") -> str:
    return f"/desk/tickets/{ticket.id}{'/' + act if act else ''}"


def act(browser: Browser, ticket: Ticket, verb: str, **form: object):
    db.session.refresh(ticket)
    form.setdefault("version", str(ticket.version))
    return browser.send(path(ticket, verb), page=path(ticket), **form)


def undo(browser: Browser, page: str):
    found = re.search(r'class="desk toast".*?<form method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert found, "there is no Undo"
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', found.group(2)))
    fields.pop("csrf_token")
    return browser.send(found.group(1), **fields)


def test_merging_shows_both_on_the_survivor_and_can_be_undone(browser, department, ticket):
    other = a_ticket(department_id=department.id, requester_id=ticket.requester_id, text="Το ίδιο ξανά.")
    assert act(browser, other, "merge", into=str(ticket.id)).status_code == 303
    page = browser.open(path(other)).text
    assert f'href="/desk/tickets/{ticket.id}"' in page and "Part them again" in page
    kept = browser.open(path(ticket)).text
    assert "Το ίδιο ξανά." in kept and f"from {other.id}" in kept and f"merged {other.id} into it" in kept
    undo(browser, page)
    db.session.refresh(other)
    assert other.status == "new"
    assert "Το ίδιο ξανά." not in browser.open(path(ticket)).text


def test_joining_other_people_is_asked_for_and_the_composer_says_who_reads_it(browser, department, ticket):
    boris = a_citizen(name="Boris Petrov")
    other = a_ticket(department_id=department.id, requester=boris)
    refused = act(browser, other, "merge", into=str(ticket.id), note="ίδιο φως")
    assert refused.status_code == 422
    assert "Other people asked in that ticket" in refused.text
    assert 'id="merge-different_people-error"' in refused.text and "ίδιο φως" in refused.text
    assert f'value="{ticket.id}"' in refused.text
    assert act(browser, other, "merge", into=str(ticket.id), different_people="yes").status_code == 303
    assert f"Also to: Boris Petrov ({other.id})" in browser.open(path(ticket)).text


@pytest.mark.parametrize(("into", "code"), [("", 422), ("abc", 422), ("999999", 422)])
def test_a_number_that_is_none_is_named_beside_its_field(browser, ticket, into, code):
    refused = act(browser, ticket, "merge", into=into)
    assert refused.status_code == code and 'id="merge-into-error"' in refused.text


def test_who_was_writing_while_it_was_merged_keeps_their_words(browser, department, ticket, agent):
    other = a_ticket(department_id=department.id)
    tickets.merge(agent, other.id, ticket.id, different_people=True)
    answer = browser.send(
        path(ticket, "messages"), page=path(ticket), text="Ερχόμαστε αύριο.", seen="999999", merged="0"
    )
    assert answer.status_code == 409
    assert "Read that first" in answer.text and "Ερχόμαστε αύριο." in answer.text
    gone = browser.send(path(other, "messages"), page=path(other), text="Και εδώ.")
    assert gone.status_code == 409 and "Και εδώ." in gone.text


def test_what_became_of_the_copies_stands_below_the_answer(browser, department, ticket, agent):
    other = a_ticket(department_id=department.id)
    tickets.merge(agent, other.id, ticket.id, different_people=True)
    replies.reply(agent, ticket.id, "Ερχόμαστε αύριο.")
    assert f"To who asked in {other.id}: leaves in a moment" in browser.open(path(ticket)).text


def test_a_supplier_is_engaged_shown_and_done(browser, ticket):
    [supplier] = catalogue.suppliers()
    assert act(browser, ticket, "engage-supplier", supplier=str(supplier.id), text="Λαμπτήρας").status_code == 303
    page = browser.open(path(ticket)).text
    assert "Lamps Ltd was engaged" in page and "engaged the supplier Lamps Ltd" in page
    assert act(browser, ticket, "supplier-answered", text="Έγινε").status_code == 303
    db.session.refresh(ticket)
    assert (ticket.status, ticket.supplier_id) == ("open", None)


def test_a_refused_step_opens_its_form_again_with_what_was_typed(browser, ticket):
    refused = act(browser, ticket, "forward", to="Περιφέρεια", text="", email="nowhere")
    assert refused.status_code == 422
    assert 'id="forward-text-error"' in refused.text and "Περιφέρεια" in refused.text
    assert re.search(r'<details class="step" open>\s*<summary id="act-forward">', refused.text)


def test_forwarding_shows_where_it_went(browser, ticket):
    fields = {"to": "Περιφέρεια Αττικής", "text": "Ανήκει εκεί.", "email": "protocol@region.example", "phone": ""}
    assert act(browser, ticket, "forward", **fields).status_code == 303
    page = browser.open(path(ticket)).text
    assert "Περιφέρεια Αττικής" in page and "mailto:protocol@region.example" in page
    assert "forwarded it to another body" in page


def test_a_transfer_may_put_it_on_record_that_the_department_is_not_competent(browser, ticket):
    there = a_department()
    catalogue.changed(NOON)
    fields = {"department_id": str(there.id), "reason": "αλλού", "not_competent": "yes"}
    assert act(browser, ticket, "transfer", **fields).status_code == 303
    assert "is not competent" in browser.open(path(ticket)).text


def test_documents_deadline_and_answers(browser, ticket):
    assert act(browser, ticket, "no-reply-needed", reason="thanks").status_code == 303
    assert act(browser, ticket, "mark-incomplete", text="Λείπει η ταυτότητα.").status_code == 303
    page = browser.open(path(ticket)).text
    assert "missing since" in page and "Mark complete" in page and "Documents are missing" not in page
    assert act(browser, ticket, "mark-complete", note="").status_code == 303
    assert act(browser, ticket, "extend", days="10", reason="Πολλές υπηρεσίες").status_code == 303
    assert "Extend the deadline of the law" not in browser.open(path(ticket)).text
    assert act(browser, ticket, "extend", days="x", reason="y").status_code == 422


def test_a_call_is_promised_shown_made_or_undone(browser, ticket):
    begins = (clock.now() + timedelta(hours=2)).astimezone(i18n.ZONE)
    window = {"begins_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}"}
    assert act(browser, ticket, "promise-call-back", **window).status_code == 303
    page = browser.open(path(ticket)).text
    assert 'id="call-back"' in page
    undo(browser, page)
    assert 'id="call-back"' not in browser.open(path(ticket)).text
    act(browser, ticket, "promise-call-back", **window)
    assert act(browser, ticket, "ring-call-back").status_code == 303
    assert "You are ringing them" in browser.open(path(ticket)).text
    assert act(browser, ticket, "dial-call-back", outcome="no_answer", note="").status_code == 303
    assert "rang the citizen: no answer" in browser.open(path(ticket)).text
    lacking = act(browser, ticket, "promise-call-back", begins_at=window["begins_at"], ends_at="")
    assert lacking.status_code == 422 and 'id="promise-call-back-ends_at-error"' in lacking.text


def test_the_customer_of_the_service_stands_in_the_side_panel(browser, department, ticket):
    customer = a_customer(names={"el": "Λιμενικό Ταμείο", "en": "Port Fund"})
    service = a_service(department_id=department.id, customer_id=customer.id)
    catalogue.changed(NOON)
    assert act(browser, ticket, "classify", service_id=str(service.id)).status_code == 303
    assert "Port Fund" in browser.open(path(ticket)).text
    assert db.session.query(Message).filter_by(ticket_id=ticket.id).count()


def test_an_agent_of_another_department_is_offered_none_of_it(app, ticket):
    page = Browser(app, an_agent(a_department())).open(path(ticket)).text
    assert "Procedure" not in page and "Merge into another" not in page
