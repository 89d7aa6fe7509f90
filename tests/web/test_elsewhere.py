"""Attachments on a host of their own: reached by a signed link for a while, and nothing else is found there."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from itsdangerous import URLSafeTimedSerializer

from helpdesk import config, storage
from helpdesk.config import BadSetting
from helpdesk.db import db
from helpdesk.models.tickets import Attachment
from helpdesk.web import elsewhere
from tests.builders import a_department, a_message, a_ticket, an_agent
from tests.web.browsers import Browser

FILES = "http://files.example"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def apart(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], attachments_url=FILES))
    return app


@pytest.fixture
def department(session):
    return a_department()


@pytest.fixture
def picture(session, department):
    ticket = a_ticket(department_id=department.id)
    said = a_message(ticket)
    row = Attachment(
        message_id=said.id, name="lamp.png", content_type="image/png", size=len(PNG), sha256=storage.keep(PNG)
    )
    db.session.add(row)
    db.session.flush()
    return row, ticket


def test_an_agent_is_led_to_a_signed_link_that_shows_the_picture_without_a_sign_in(apart, picture, department):
    row, _ = picture
    led = Browser(apart, an_agent(department)).open(f"/desk/attachments/{row.id}")
    assert led.status_code == 303 and led.location.startswith(f"{FILES}/files/")
    path = urlsplit(led.location).path
    shown = apart.test_client().get(path, base_url=FILES)
    assert (shown.status_code, shown.data, shown.mimetype) == (200, PNG, "image/png")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    shown.close()
    assert apart.test_client().get(path).status_code == 404, "not on the host where cookies are valid"


def test_a_citizen_is_led_there_too_and_a_stranger_is_not(apart, picture):
    row, ticket = picture
    citizen = apart.test_client()
    address = f"/el/requests/{ticket.id}/files/{row.id}"
    assert "/track" in citizen.get(address).location
    with citizen.session_transaction() as kept:
        kept["tracked"] = {str(ticket.id): ticket.tracking_version}
    assert citizen.get(address).location.startswith(f"{FILES}/files/")


def test_who_may_not_read_the_ticket_gets_no_link(apart, picture):
    row, ticket = picture
    ticket.restricted = True
    db.session.flush()
    assert Browser(apart, an_agent(a_department())).open(f"/desk/attachments/{row.id}").status_code == 404


def test_a_link_that_is_old_forged_or_made_for_something_else_opens_nothing(apart, picture, monkeypatch):
    row, _ = picture
    key = apart.config["SETTINGS"].secret_key
    other = URLSafeTimedSerializer(key, salt="session").dumps(row.id)
    with apart.app_context():
        good = elsewhere._signer().dumps(row.id)
    for token in (other, good[:-2], "x"):
        assert apart.test_client().get(f"/files/{token}", base_url=FILES).status_code == 404
    monkeypatch.setattr(elsewhere, "SECONDS", -1)
    assert apart.test_client().get(f"/files/{good}", base_url=FILES).status_code == 404


def test_nothing_but_files_is_found_on_that_host(apart):
    for path in ("/", "/el/", "/desk", "/auth/sign-in", "/api/v1/openapi.json"):
        assert apart.test_client().get(path, base_url=FILES).status_code == 404, path
    assert apart.test_client().get("/health/live", base_url=FILES).status_code == 200


def test_without_the_setting_files_come_from_here_as_downloads(app, session, picture, department):
    row, _ = picture
    here = Browser(app, an_agent(department)).open(f"/desk/attachments/{row.id}")
    assert here.status_code == 200 and here.headers["Content-Disposition"].startswith("attachment")
    here.close()


@pytest.mark.parametrize("address", ["files.example", "http://127.0.0.1:8000", "https://files.example/path"])
def test_an_address_that_is_no_other_host_is_refused(address):
    with pytest.raises(BadSetting, match="ATTACHMENTS_URL"):
        config.load({"ATTACHMENTS_URL": address})
