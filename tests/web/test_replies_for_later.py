"""The desk: a reply for later is written, shown, and taken back into the composer."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import clock, i18n
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.services import accounts, rulebook
from tests.builders import NOON, a_department, a_ticket, an_account, an_agent
from tests.web.staff_browser import StaffBrowser, visible

WORDS = "Θα περάσουμε αύριο το πρωί."


@pytest.fixture
def desk(app, session):
    rulebook.ensure_defaults(NOON)
    current_app.extensions.pop("catalogue", None)
    an_account(address="info@city.example", is_default=True)
    accounts.changed()
    department = a_department()
    ticket = a_ticket(department_id=department.id)
    agent = an_agent(department)
    ground.commit()
    return StaffBrowser(app, agent), f"/desk/tickets/{ticket.id}"


def in_hours(hours: int) -> str:
    return f"{(clock.now() + timedelta(hours=hours)).astimezone(i18n.ZONE):%Y-%m-%dT%H:%M}"


def test_a_reply_for_later_stands_above_the_composer_and_can_be_taken_back(desk):
    browser, page = desk
    given = {"audience": "public", "text": WORDS, "send_at": in_hours(3), "seen": ""}
    browser.send_fields(f"{page}/messages", given, at=page)
    assert WORDS in visible(browser.page(page))
    told = text("select count(*) from message where direction = 'outbound' and automatic is null")
    assert db.session.execute(told).scalar_one() == 0
    id_ = db.session.execute(text("select id from scheduled_reply where state = 'waiting'")).scalar_one()
    back = browser.send_fields(f"{page}/for-later/{id_}/cancel", {}, at=page, status=200)
    assert f">{WORDS}</textarea>" in back.text
    assert db.session.execute(text("select state from scheduled_reply")).scalar_one() == "cancelled"


@pytest.mark.parametrize("wrong", [{"send_at": "soon"}, {"send_at": "2020-01-01T10:00"}, {"then": "resolve:solved"}])
def test_a_moment_that_cannot_be_is_refused_and_the_words_stay(desk, wrong):
    browser, page = desk
    given = {"audience": "public", "text": WORDS, "send_at": in_hours(3), "seen": ""} | wrong
    answer = browser.send_fields(f"{page}/messages", given, at=page, status=422)
    assert WORDS in answer.text
    assert db.session.execute(text("select count(*) from scheduled_reply")).scalar_one() == 0
