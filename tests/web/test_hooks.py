"""The one door for providers: only a proven call is taken, durably, once."""

import pytest
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.services import accounts, inbox, rulebook
from tests.builders import NOON, an_account
from tests.channels.provider import PUBLIC, field, form, raw_mode, signed, taken_apart

TOKEN = "a-secret-word-of-the-address"


@pytest.fixture(autouse=True)
def account(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", settings={"hook_key": PUBLIC}, is_default=True)
    accounts.changed()
    ground.commit()
    return row


def posted(client, where, body, kind, **headers):
    return client.post(where, data=body, content_type=kind, headers=headers)


def kept():
    return db.session.execute(text("select count(*) from inbound")).scalar_one()


def test_a_signed_mail_becomes_a_ticket_and_posted_again_it_is_the_same(client):
    body, kind = raw_mode()
    answers = [posted(client, "/hooks/email/info@city.example/", body, kind, **signed(body)) for _ in range(2)]
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "kept 1\n"), (200, "kept 0\n")]
    inbox.process()
    row = db.session.execute(text("select subject, channel from ticket")).one()
    assert tuple(row) == ("Νερά", "email")


def test_a_mail_in_pieces_becomes_a_ticket_with_its_files(client, account):
    body, kind = taken_apart()
    assert posted(client, f"/hooks/email/{account.id}/", body, kind, **signed(body)).status_code == 200
    inbox.process()
    assert db.session.execute(text("select array_agg(name order by id) from attachment")).scalar_one() == [
        "pic.png", "αίτηση.pdf",
    ]  # fmt: skip


def test_a_call_that_is_not_proven_leaves_nothing_and_is_not_told_why(client):
    body, kind = raw_mode()
    answer = posted(client, "/hooks/email/info@city.example/", body, kind, **signed(body + b" "))
    assert (answer.status_code, answer.text) == (403, "The call is not signed as it should be.\n")
    assert kept() == 0


def test_an_address_without_a_key_is_opened_by_its_secret_word_alone(client, account):
    account.settings, account.secrets = {}, accounts.seal({"hook_token": TOKEN})
    ground.commit()
    body, kind = raw_mode()
    assert posted(client, f"/hooks/email/info@city.example/{TOKEN}x", body, kind).status_code == 403
    assert posted(client, f"/hooks/email/info@city.example/{TOKEN}", body, kind).status_code == 200


@pytest.mark.parametrize(
    "where", ["email/other@city.example/", "email/999999/", "nothing/info@city.example/", "webform/webform/"]
)
def test_there_is_no_other_door(client, where):
    body, kind = raw_mode()
    assert posted(client, f"/hooks/{where}", body, kind, **signed(body)).status_code == 404


def test_what_is_no_mail_is_refused(client):
    body, kind = form(field("other", "x"))
    assert posted(client, "/hooks/email/info@city.example/", body, kind, **signed(body)).status_code == 422
    assert kept() == 0


def test_what_cannot_be_kept_is_not_answered_as_kept(client, monkeypatch):
    db.session.execute(text("alter table inbound add constraint full_up check (kind <> 'email') not valid"))
    body, kind = raw_mode()
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = posted(client, "/hooks/email/info@city.example/", body, kind, **signed(body))
    finally:
        client.application.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code >= 500
