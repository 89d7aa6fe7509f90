"""What citizens read of a request that was joined with another, sent on, lacks documents, or waits for a call."""

from datetime import timedelta

import pytest

from helpdesk.db import commit
from helpdesk.services import callbacks, replies, rulebook, tickets, tracking
from tests.builders import NOON, a_citizen, a_department, a_ticket, an_account, an_agent

LATER = NOON + timedelta(hours=1)
AFTER = LATER + timedelta(hours=1)


@pytest.fixture
def department(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return a_department(names={"el": "Τμήμα Φωτισμού", "en": "Street Lighting"})


@pytest.fixture
def agent(department):
    return an_agent(department, name="Μαρία Παππά")


@pytest.fixture
def ticket(department):
    anna = a_citizen(name="Άννα Μυστική")
    return a_ticket(department_id=department.id, subject="Δεν ανάβει το φως", text="Στην οδό Ρόδων 7.", requester=anna)


@pytest.fixture
def joined(department, ticket, agent):
    """Somebody else's request about the same light."""
    other = a_ticket(department_id=department.id, subject="Σβηστή λάμπα", text="Βλέπω σκοτάδι.")
    tickets.merge(agent, other.id, ticket.id, different_people=True, at=LATER)
    return other


def enter(client, ticket):
    code = tracking.code_of(ticket.id, ticket.tracking_version)
    commit()
    return client.get("/en/track", query_string={"number": ticket.id, "code": code}, follow_redirects=True).text


def test_a_joined_request_tells_how_the_other_goes_on_and_nothing_of_its_citizen(client, agent, ticket, joined):
    tickets.take(agent, ticket.id, at=AFTER)
    replies.reply(agent, ticket.id, "Το συνεργείο έρχεται αύριο.", at=AFTER)
    page = enter(client, joined)
    assert "We joined your request with another one about the same thing." in page
    assert "Somebody at Street Lighting is working on your request." in page
    assert "Το συνεργείο έρχεται αύριο." in page and "Βλέπω σκοτάδι." in page
    for foreign in ("Άννα", "Ρόδων", str(ticket.id), ticket.subject):
        assert foreign not in page


def test_the_survivors_page_says_nothing_of_who_was_joined(client, agent, ticket, joined):
    page = enter(client, ticket)
    assert "σκοτάδι" not in page and str(joined.id) not in page


def test_what_the_other_citizen_has_to_do_is_not_asked_here(client, agent, ticket, joined):
    tickets.wait(agent, ticket.id, "needs_information", at=AFTER)
    page = enter(client, joined)
    assert "Answer now" not in page and "We need something from you" not in page
    assert "we wait for others to do their part" in page


def test_a_resolution_names_the_answer_and_asks_to_write_if_it_does_not_help(client, agent, ticket, joined):
    tickets.resolve(agent, ticket.id, "solved", "Άναψε.", at=AFTER)
    page = enter(client, joined)
    assert "We finished your request" in page and "If it does not solve it for you, write to us." in page
    assert "Άναψε." in page and "Yes, it is solved" not in page


def test_who_sent_both_is_led_to_the_page_that_has_both(client, agent, department, ticket):
    again = a_ticket(department_id=department.id, requester_id=ticket.requester_id, text="Ακόμα σβηστό.")
    tickets.merge(agent, again.id, ticket.id, at=LATER)
    assert f"See both together: request {ticket.id}" in enter(client, again)
    assert "Ακόμα σβηστό." in enter(client, ticket)


def test_what_went_to_another_body_says_where_and_how_it_is_reached(client, agent, ticket):
    tickets.forward(
        agent, ticket.id, "Περιφέρεια Αττικής", "Ο δρόμος είναι δικός τους.", phone="+302101234567", at=LATER
    )
    page = enter(client, ticket)
    assert "Your request is for Περιφέρεια Αττικής to decide" in page and "+302101234567" in page
    assert page.index("Who has it") < page.index("<dd>Περιφέρεια Αττικής</dd>")
    assert "We sent your request on to another body" in page and "Yes, it is solved" not in page


def test_missing_documents_more_time_and_calls_stand_in_plain_words(client, agent, ticket):
    tickets.mark_incomplete(agent, ticket.id, "Λείπει η ταυτότητα.", at=LATER)
    page = enter(client, ticket)
    assert "Something is missing" in page and "Λείπει η ταυτότητα." in page and "Answer now" in page
    tickets.mark_complete(agent, ticket.id, at=AFTER)
    tickets.extend(agent, ticket.id, 10, "Δύο υπηρεσίες.", at=AFTER)
    callbacks.promise(agent, ticket.id, AFTER, AFTER + timedelta(hours=2), at=AFTER)
    page = enter(client, ticket)
    assert "We have all documents that we need" in page and "We need more time" in page
    assert "We will ring you between" in page
