"""The pages of what is held back: only supervisors decide, each decision is one click, and nothing is run."""

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.services import accounts, inbox, rulebook
from tests.builders import NOON, a_supervisor, an_account, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

HERE = "/supervise/post/held"
SPAM = "From: x@evil.example\r\nSubject: <script>Κερδίσατε</script>\r\nX-Spam-Flag: YES\r\n\r\nΚλικ εδώ.\r\n".encode()


@pytest.fixture(autouse=True)
def held_mail(session):
    rulebook.ensure_defaults(NOON)
    current_app.extensions.pop("catalogue", None)
    account = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    ground.commit()
    inbox.keep([inbox.piped(SPAM, account)])
    inbox.process()
    return db.session.execute(text("select id from inbound")).scalar_one()


def state():
    return db.session.execute(text("select state from inbound")).scalar_one()


def test_a_supervisor_sees_why_it_is_held_and_lets_it_in(app, held_mail):
    boss = StaffBrowser(app, a_supervisor())
    page = boss.page(HERE)
    assert "&lt;script&gt;" in page
    assert "Κλικ εδώ." in visible(page)
    boss.send_fields(f"{HERE}/let-in", {"id": str(held_mail)}, at=HERE)
    inbox.process()
    assert state() == "processed"


def test_it_is_discarded_for_a_reason_and_brought_back(app, held_mail):
    boss = StaffBrowser(app, a_supervisor())
    ground.commit()
    assert boss.send_fields(f"{HERE}/discard", {"id": str(held_mail), "reason": ""}, at=HERE, status=422)
    boss.send_fields(f"{HERE}/discard", {"id": str(held_mail), "reason": "spam"}, at=HERE)
    assert state() == "discarded"
    boss.send_fields(f"{HERE}/bring-back", {"id": str(held_mail)}, at=HERE)
    assert state() == "held"
    assert boss.page(f"/supervise/post/{held_mail}").count("X-Spam-Flag") == 1


def test_the_post_page_reckons_up_what_came(app):
    page = visible(StaffBrowser(app, a_supervisor()).page("/supervise/post"))
    assert "Το άθροισμα είναι σωστό" in page or "The sum is right" in page


def test_agents_are_not_let_in(app, held_mail):
    agent = StaffBrowser(app, an_agent())
    assert agent.get(HERE).status_code == 403
    agent.send_fields(f"{HERE}/let-in", {"id": str(held_mail)}, at="/auth/account", status=403)
    assert state() == "held"


def test_an_administrator_keeps_the_lists_of_senders(app):
    root = StaffBrowser(app, an_administrator())
    ground.commit()
    assert root.send_fields("/admin/senders", {"pattern": "nobody", "verdict": "block", "note": ""}, status=422)
    root.send_fields("/admin/senders", {"pattern": "@Evil.example", "verdict": "block", "note": "phishing"})
    page = root.page("/admin/senders")
    assert "@evil.example" in page
    assert "phishing" in page
    id_ = db.session.execute(text("select id from sender_rule")).scalar_one()
    root.send_fields(f"/admin/senders/{id_}/remove", {}, at="/admin/senders")
    assert "@evil.example" not in root.page("/admin/senders")
