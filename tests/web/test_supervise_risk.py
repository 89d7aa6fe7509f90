"""The pages of breach risk: on the board, on the ticket, and how well it foretells."""

from datetime import timedelta

import pytest
from flask import current_app

from helpdesk import clock
from helpdesk.services import rulebook
from tests.builders import a_department, a_supervisor, a_ticket, an_account, an_agent
from tests.services.test_risks import past
from tests.web.test_desk_ledger import page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(clock.now() - 500 * DAY)
    an_account(is_default=True)
    current_app.extensions.pop("risks", None)
    yield
    current_app.extensions.pop("risks", None)


@pytest.fixture
def department():
    return a_department(key="lights", names={"el": "Φωτισμός", "en": "Lighting"})


@pytest.fixture
def chief(department):
    return a_supervisor(department)


@pytest.fixture
def ticket(department):
    return a_ticket(department_id=department.id, received_at=clock.now() - timedelta(minutes=1))


def test_the_board_lists_what_is_likely_to_be_missed_in_the_order_that_is_asked(client, chief, ticket):
    past(ticket, 40, 22, ended=clock.now() - 10 * DAY)
    shown = page(client, chief, "/supervise/board")
    assert "Likeliest to be missed next" in shown
    assert "55%" in shown
    assert "22 of 40" in shown
    assert "of the same department, type and priority" in shown
    assert f"/desk/tickets/{ticket.id}/ledger" in shown
    assert '<th scope="col" class="num" aria-sort="descending">' in shown
    for sort in ("due", "department"):
        assert 'aria-sort="ascending"' in page(client, chief, f"/supervise/board?sort={sort}")
    assert 'aria-sort="descending"' in page(client, chief, "/supervise/board?sort=nonsense")


def test_the_ticket_and_its_ledger_say_how_likely_it_is_to_be_missed_and_of_how_many(client, chief, ticket):
    past(ticket, 40, 22, ended=clock.now() - 10 * DAY)
    assert "Risk of missing it: 55%" in page(client, chief, f"/desk/tickets/{ticket.id}")
    shown = page(client, chief, f"/desk/tickets/{ticket.id}/ledger")
    assert "Of 40 past ones of the same department, type and priority that were once this old, 22 were missed" in shown
    assert "Too few comparable past ones to say." in shown


def test_the_trial_shows_its_plot_its_tables_and_when_not_to_trust_it(client, chief, ticket):
    past(ticket, 60, 12, ended=clock.now() - 100 * DAY)
    past(ticket, 60, 14, ended=clock.now() - DAY)
    shown = page(client, chief, "/supervise/risk")
    assert shown.count("<circle") >= 1
    assert "foretold 20%, came 23%, of 60" in shown
    assert "Learned from 60 clocks" in shown
    assert "judged on 60 decided after that" in shown
    assert "When not to trust it" in shown
    greek = page(client, chief, "/supervise/risk", "el")
    assert "Πότε να μην το εμπιστεύεστε" in greek


def test_without_a_past_it_says_that_there_is_none(client, chief):
    assert "No past to try it on" in page(client, chief, "/supervise/risk")
    assert "Nothing to foretell" in page(client, chief, "/supervise/board")


def test_agents_do_not_open_it(client, department):
    page(client, an_agent(department), "/supervise/risk", status=403)
