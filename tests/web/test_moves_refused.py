"""Every move that the published table refuses, by the API and by the desk's forms: told as one, and nothing changed."""

import re
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from helpdesk.errors import Forbidden
from helpdesk.services import published, rulebook
from helpdesk.vocabulary import Status
from helpdesk.web.desk.acts import ACTS
from tests.builders import NOON, an_account
from tests.services.moves import marks
from tests.services.test_table_of_moves import House, expected
from tests.web.browsers import Browser
from tests.web.machine import Machine

BY_MACHINE = ("colleague", "other_agent", "supervisor", "administrator")
BY_FORM = ("colleague", "other_agent")
REFUSED = {403, 404, 409, 422}


@pytest.fixture(params=Status)
def status(request):
    return request.param


@pytest.fixture
def house(session, status) -> House:
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return House(status)


def refused(house: House, status: Status, position: str) -> list[tuple[str, type[Exception]]]:
    """The verbs that the table does not allow there, and how each is refused."""
    found = [(line.verb, expected(house, line, position, status)) for line in published.table()]
    return [(verb, why) for verb, why in found if why is not None]


def plain(fields: dict[str, Any]) -> Any:
    """As JSON has it."""
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in fields.items()}


def test_by_machine_it_is_a_problem_document(client, house, status):
    wrong, before = [], marks(house.ticket)
    for position in BY_MACHINE:
        machine = Machine(client, house.people[position])
        for verb, why in refused(house, status, position):
            if verb == "classify":
                continue  # by PATCH, which test_api_tickets.py asks
            answer = machine.post(f"/tickets/{house.ticket.id}/actions/{verb}", plain(house.fields.get(verb, {})))
            meant = REFUSED if why is not Forbidden else REFUSED - {409}
            if answer.status_code not in meant or answer.mimetype != "application/problem+json":
                wrong.append((verb, position, answer.status_code, answer.mimetype))
    assert wrong == []
    assert marks(house.ticket) == before


def test_by_a_form_the_page_says_so(app, house, status):
    wrong, before = [], marks(house.ticket)
    for position in BY_FORM:
        browser = Browser(app, house.people[position])
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.open("/desk/new").text)
        assert token is not None
        for verb, _ in refused(house, status, position):
            if verb not in ACTS:
                continue
            form = {"csrf_token": token.group(1)} | {k: str(v) for k, v in house.fields.get(verb, {}).items()}
            address = f"/desk/tickets/{house.ticket.id}/{verb}"
            answer = browser._fresh(partial(browser.client.post, address, data=form))
            if answer.status_code not in REFUSED:
                wrong.append((verb, position, answer.status_code))
    assert wrong == []
    assert marks(house.ticket) == before
