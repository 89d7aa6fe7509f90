"""Every status, verb and position, generated from the published table, by the API and by forms: it is as it says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk import i18n
from helpdesk.db import db
from helpdesk.errors import Forbidden, HelpdeskError, NotFound, Stale
from helpdesk.models.catalogue import Department
from helpdesk.models.tickets import Ticket
from helpdesk.services import published, rulebook, tracking
from helpdesk.vocabulary import ActorKind, Status
from helpdesk.web.desk.acts import ACTS
from tests.builders import NOON, a_ticket, an_account
from tests.services.moves import ready
from tests.services.test_table_of_moves import House, by_condition, expected
from tests.web.browsers import Browser
from tests.web.machine import Machine

STAFF = tuple(name for name, actor in published.POSITIONS.items() if actor.kind is ActorKind.STAFF)
TOLD: dict[int, type[HelpdeskError] | None] = {200: None, 303: None, 403: Forbidden, 404: NotFound, 409: Stale}
SETTLING = ("confirm", "reject")
"""What the portal offers to who asked; the rest has no door there."""


@pytest.fixture(params=Status)
def status(request):
    return request.param


@pytest.fixture
def house(session, status) -> House:
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return House(status)


@contextmanager
def taken_back() -> Iterator[None]:
    """What is committed within is as if it had never been."""
    ground.commit()
    connection: Any = db.engines[None]
    within = connection.begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        within.rollback()
        db.session.expire_all()
        current_app.extensions.pop("catalogue", None)


_MARKS = text(
    """
    select ticket.*, (select count(*) from ticket_event where ticket_id = ticket.id and type <> 'move_refused'
                      and type not like 'clock%') as facts
    from ticket where id = :id
    """
)


class Answers:
    """What was told to each attempt, held against the table."""

    def __init__(self, house: House, status: Status) -> None:
        self.house, self.status, self.number = house, status, house.ticket.id
        self.wrong: list[tuple[Any, ...]] = []

    def attempt(self, line: published.Published, position: str, act: Any) -> None:
        """One attempt, taken back afterwards: as the table says, and where it was refused nothing has changed."""
        with taken_back():
            ready(db.session.get_one(Ticket, self.number), line.verb)
            ground.commit()
            before = marks(self.number)
            answer, after = act(), marks(self.number)
        told, meant = TOLD.get(answer.status_code, HelpdeskError), expected(self.house, line, position, self.status)
        if told is not meant and not by_condition(line, position, told):
            self.wrong.append((line.verb, position, answer.status_code, meant and meant.__name__))
        if (before == after) is (told is None):
            self.wrong.append((line.verb, position, answer.status_code, before, after))


def marks(number: int) -> Any:
    """Its row and how many facts there are of it, but refusals."""
    return db.session.execute(_MARKS, {"id": number}).one()


def lines() -> list[published.Published]:
    """The table, but for what is a change of fields (by PATCH) or a page of its own."""
    return [line for line in published.table() if line.verb in ACTS]


def by_machine(house: House, verb: str) -> dict[str, Any]:
    """What a move needs, as JSON has it."""
    fields = house.fields.get(verb, {})
    if verb == "transfer":
        return {"department": db.session.get_one(Department, fields["department_id"]).key, "reason": fields["reason"]}
    if verb == "classify":
        return fields | {"version": house.ticket.version}
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in fields.items()}


def by_form(house: House, verb: str) -> dict[str, str]:
    """What a move needs, as a form has it."""
    fields = dict(house.fields.get(verb, {}))
    if verb == "engage-supplier":
        fields["supplier"] = house.supplier
    return {name: _typed(value) for name, value in fields.items()}


def _typed(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(i18n.ZONE).strftime("%Y-%m-%dT%H:%M")
    return "yes" if value is True else str(value or "")


def test_by_machine_the_table_holds(client, house, status):
    answers = Answers(house, status)
    for position in STAFF:
        machine = Machine(client, house.people[position])
        for line in lines():
            fields = by_machine(house, line.verb)
            act = partial(machine.post, f"/tickets/{answers.number}/actions/{line.verb}", fields)
            if line.verb == "classify":
                act = partial(machine.patch, f"/tickets/{answers.number}", fields)
            answers.attempt(line, position, act)
    assert answers.wrong == []


def test_by_a_form_the_table_holds(app, house, status):
    answers = Answers(house, status)
    for position in STAFF:
        browser = Browser(app, house.people[position])
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.open("/desk/new").text)
        assert token is not None
        for line in lines():
            form = {"csrf_token": token.group(1)} | by_form(house, line.verb)
            send = partial(browser.client.post, f"/desk/tickets/{answers.number}/{line.verb}", data=form)
            answers.attempt(line, position, partial(browser._fresh, send))
    assert answers.wrong == []


@pytest.mark.parametrize("position", ["requester", "other_citizen"])
def test_on_the_portal_the_table_holds_for_who_asked_and_for_a_stranger(client, house, status, position):
    """A stranger's browser holds the key of another request. What is too late changes nothing."""
    here, wrong = house.ticket, []
    mine = here if position == "requester" else a_ticket(requester_id=house.people[position].id)
    ground.commit()
    key = {"number": mine.id, "code": tracking.code_of(mine.id, mine.tracking_version)}
    assert str(mine.id) in client.get("/el/track", query_string=key, follow_redirects=True).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/el/track").text)[0]
    form = {"csrf_token": token, "reason": "Ακόμη δεν ανάβει."}
    for line in (one for one in published.table() if one.verb in SETTLING):
        with taken_back():
            before = marks(here.id)
            client.post(f"/el/requests/{here.id}/{line.verb}", data=form)
            changed, meant = marks(here.id) != before, expected(house, line, position, status)
        if changed is not (meant is None):
            wrong.append((line.verb, changed, meant))
    assert wrong == []


def test_whoever_is_not_signed_in_gets_nowhere(client, house):
    number = house.ticket.id
    before = marks(number)
    for line in lines():
        asked = {"json": by_machine(house, line.verb)}
        assert client.post(f"/api/v1/tickets/{number}/actions/{line.verb}", **asked).status_code in {401, 404}
        assert client.post(f"/desk/tickets/{number}/{line.verb}").status_code in {302, 303, 400, 401}
    assert marks(number) == before
