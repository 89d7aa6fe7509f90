"""Mails too large to be read whole: a request all the same, the raw mail kept, the sender told how to send the rest."""

import pytest
from sqlalchemy import text

from helpdesk import clock, storage
from helpdesk.db import db
from helpdesk.services import accounts, inbox, invariants, postroom, rulebook
from helpdesk.services.inbox import keeping
from tests.builders import NOON, a_supervisor, an_account


@pytest.fixture(autouse=True)
def body(session, monkeypatch):
    monkeypatch.setattr(keeping, "WHOLE", 40_000)
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    return accounts.book().by_id[row.id]


def mail(number: int, size: int, **headers: str) -> bytes:
    head = {"From": "anna@example.org", "Subject": "Σχέδια", "Message-ID": f"<h{number}@x>"} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
    parts = "Content-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n\r\nΔείτε τα σχέδια.\r\n--e\r\n"
    return f"{lines}{parts}Content-Disposition: attachment; filename=a.bin\r\n\r\n".encode() + b"x" * size


def letters() -> list[tuple[str, str]]:
    query = text("select template, payload->>'text' as said from outbound order by id")
    return [tuple(row) for row in db.session.execute(query)]


def test_a_mail_too_large_is_a_request_whose_sender_is_told(body, tmp_path):
    whole = mail(1, 300_000)
    file = tmp_path / "mail-1"
    file.write_bytes(whole)
    inbox.keep([inbox.filed("email", body.id, file, clock.now(), {})])
    inbox.process()
    row = db.session.execute(text("select * from inbound")).one()
    assert (row.raw, row.envelope["cut"], row.state, row.outcome) == (None, len(whole), "processed", "opened")
    assert storage.read(row.stored) == whole
    said = db.session.execute(text("select text, warnings from message where direction = 'inbound'")).one()
    assert (said.text.strip(), "message-cut" in said.warnings) == ("Δείτε τα σχέδια.", True)
    [(template, words)] = letters()
    assert (template, "πολύ μεγάλο" in words) == ("received", True)
    assert not [fault for fault in invariants.broken() if "inbound" in fault.thing or row.stored in fault.thing]


def test_who_adds_too_much_to_a_request_hears_it_too(body):
    inbox.keep([inbox.piped(mail(1, 10), body)])
    inbox.process()
    inbox.keep([inbox.piped(mail(2, 300_000, In_Reply_To="<h1@x>"), body)])
    inbox.process()
    assert [template for template, _ in letters()] == ["received", "too_large"]


def test_what_lies_in_storage_can_be_looked_at(body):
    inbox.keep([inbox.piped(mail(1, 300_000, X_Spam_Flag="YES"), body)])
    inbox.process()
    id_ = db.session.execute(text("select id from inbound where state = 'held'")).scalar_one()
    assert len(postroom.raw(a_supervisor(), id_).body) > 300_000


def test_the_same_large_mail_by_another_way_is_the_same(body, tmp_path):
    whole = mail(1, 300_000)
    file = tmp_path / "mail-1"
    file.write_bytes(b"Received: by x\r\n" + whole)
    first = inbox.filed("email", body.id, file, clock.now(), {})
    assert first.external_id == inbox.piped(whole, body).external_id
