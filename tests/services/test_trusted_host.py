"""Whose Authentication-Results are believed, and by what our own mail is known: the operator's settings decide."""

from dataclasses import replace

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk.db import db
from helpdesk.services import accounts, inbox, outgoing, rulebook
from tests.builders import NOON, an_account


@pytest.fixture
def body(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    before = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(before, trusted_mail_host="mx.city.example")
    yield accounts.book().by_id[row.id]
    current_app.config["SETTINGS"] = before


def come(body, **headers: str) -> None:
    head = {"From": "anna@example.org", "Subject": "Διαρροή στην Ερμού", "Message-ID": "<t1@x>"}
    head |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    inbox.keep([inbox.piped(f"{lines}\r\nΚαλημέρα.\r\n".encode(), body)])
    inbox.process()


def acknowledged() -> str:
    query = text("select payload->>'subject' from outbound where template = 'received'")
    return db.session.execute(query).scalar_one()


@pytest.mark.parametrize(("host", "believed"), [("mx.city.example", True), ("mx.evil.example", False)])
def test_only_our_own_host_proves_a_sender_to_whom_their_subject_is_repeated(body, host, believed):
    come(body, Authentication_Results=f"{host}; dkim=pass header.d=example.org; dmarc=pass header.from=example.org")
    kept = db.session.execute(text("select authentication from message where direction = 'inbound'")).scalar_one()
    assert (kept["trusted"], kept["aligned"]) == (believed, True)
    assert ("Διαρροή" in acknowledged()) is believed


def test_our_own_mark_is_a_loop_and_another_bodys_is_a_person(body):
    come(body, X_Civic_Helpdesk=outgoing.instance())
    assert db.session.execute(text("select automatic from ticket")).scalar_one() == "loop"
    come(body, X_Civic_Helpdesk="0123456789abcdef", Message_ID="<t2@x>")
    assert db.session.execute(text("select automatic from ticket order by id desc limit 1")).scalar_one() is None
