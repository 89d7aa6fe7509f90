"""From an empty start to a working desk, in the browser alone."""

import re

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import clock
from helpdesk.db import db
from helpdesk.services import access, body, outbox, readiness
from tests.web import citizen
from tests.web.staff_browser import StaffBrowser, visible

PASSWORD = {"password": "a long enough password"}


@pytest.fixture(autouse=True)
def empty_house(session):
    for name in ("catalogue", "rulebook_versions"):
        current_app.extensions.pop(name, None)
    body.forget_name()
    yield
    for name in ("catalogue", "rulebook_versions"):
        current_app.extensions.pop(name, None)
    body.forget_name()


def test_an_empty_start_leads_to_a_working_desk(app):
    root = StaffBrowser(app, None)
    token = access.first_token(clock.now())
    first = {"token": token, "name": "Ελένη", "email": "eleni@polis.example"} | PASSWORD
    assert root.send_fields("/auth/first", first).location == "/admin"
    assert "1 of 6 steps" in visible(root.page("/admin"))

    root.send_fields("/admin/settings", {
        "names-el": "Δήμος Νέας Πόλης", "close_after_days": "7", "reopen_within_days": "7", "raw_kept_days": "90",
    })  # fmt: skip
    place = root.send_fields("/admin/departments/new", {"names-el": "Τεχνικά Έργα", "active": "yes"}).location
    department = place.rpartition("/")[2]
    root.send_fields("/admin/services/new", {
        "names-el": "Σβηστό φως", "names-en": "Street light out", "department_id": department, "phase": "live",
        "type": "incident", "impact": "medium", "urgency": "high", "fields-0-kind": "text",
        "fields-0-labels-el": "Πού ακριβώς;", "fields-0-labels-en": "Where exactly?", "fields-0-required": "yes",
    })  # fmt: skip
    root.send_fields("/admin/mail-accounts/new", {
        "address": "info@polis.example", "department_id": department, "is_default": "yes", "active": "yes",
    })  # fmt: skip
    root.send_fields("/admin/people/new", {
        "name": "Γιώργος", "email": "giorgos@polis.example", "role": "agent", "language": "el", "capacity": "10",
        "department_ids": [department], "languages": ["el"],
    })  # fmt: skip
    assert "5 of 6 steps" in visible(root.page("/admin"))

    letter = db.session.execute(text("select payload->>'text' from outbound where template = 'invitation'"))
    [link] = re.findall(r"(/auth/new-password/\S+)", letter.scalar_one())
    agent = StaffBrowser(app, None)
    agent.send_fields(link, PASSWORD)

    anna = StaffBrowser(app, None)
    form = "/el/ask/street-light-out"
    asked = citizen.fields(anna.page(form), form) | {
        "subject": "Σκοτάδι στη γωνία", "description": "Το φως δεν ανάβει.", "name": "Άννα",
        "email": "anna@example.org", "extra-where-exactly": "Ερμού 5", "where-exactly": "Ερμού 5",
    }  # fmt: skip
    sent = anna.client.post(form, data=asked)
    assert sent.status_code in {302, 303}, citizen.errors(sent.text)

    queue = visible(agent.page("/desk?view=departments"))
    assert "Σκοτάδι στη γωνία" in queue
    assert readiness.now() == readiness.Readiness(True, True, True, True, True, True)
    assert "Everything that a working desk needs" in visible(root.page("/admin"))
    outbox.deliver()
    assert "Λάβαμε το αίτημά σας" in root.page("/admin/mail-sink")


def test_the_first_step_is_over_once_it_was_taken(app):
    root = StaffBrowser(app, None)
    token = access.first_token(clock.now())
    root.send_fields("/auth/first", {"token": token, "name": "Ελένη", "email": "eleni@polis.example"} | PASSWORD)
    assert access.first_token(clock.now()) is None
    StaffBrowser(app, None).page(f"/auth/first?token={token}", 404)
