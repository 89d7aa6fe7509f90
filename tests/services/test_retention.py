"""Raw post is deleted when its days are over: what was worked off, in and out; what waits for a person stays."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk import clock, storage
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.scheduled import ScheduledReply
from helpdesk.models.tickets import Attachment
from helpdesk.services import accounts, inbox, outbox, retention, rulebook
from helpdesk.services.inbox import Incoming
from tests.builders import NOON, a_message, a_ticket, an_account, an_agent

MAIL = "From: anna@example.org\r\nMessage-ID: <a@x>\r\nSubject: Νερά\r\n\r\nΔιαρροή.\r\n".encode()
JUNK = b"From: junk@example.org\r\nX-Spam-Flag: YES\r\nSubject: Win\r\n\r\nMoney\r\n"
LATER = timedelta(days=90, minutes=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    return accounts.book().by_id[row.id]


def come(body, raw, stored=None):
    name = inbox.fingerprint(raw)
    kept = inbox.keep([Incoming("email", body.id, name, b"" if stored else raw, clock.now(), {"sender": "x"}, stored)])
    inbox.process()
    return kept[0]


def row(id_):
    return db.session.execute(
        text("select state, raw, stored, envelope, ticket_id from inbound where id = :id"), {"id": id_}
    ).one()


def test_raw_mail_goes_when_its_days_are_over_and_its_message_stays(body):
    other = MAIL.replace(b"a@x", b"b@x")
    small, large = come(body, MAIL), come(body, other, storage.keep(other))
    stored = row(large).stored
    assert retention.forget_raw(clock.now() + timedelta(days=89)) == 0
    assert row(small).raw == MAIL and storage.exists(stored)
    assert retention.forget_raw(clock.now() + LATER) == 2
    for id_ in (small, large):
        left = row(id_)
        assert (left.raw, left.stored, left.envelope) == (None, None, {}) and left.ticket_id
    assert not storage.exists(stored)
    words = text("select text from message where inbound_id = :id")
    assert db.session.execute(words, {"id": small}).scalar_one().strip() == "Διαρροή."
    assert come(body, MAIL) is None, "the same mail is still known"
    assert retention.forget_raw(clock.now() + LATER) == 0


def test_the_body_decides_for_how_long(body):
    mail = come(body, MAIL)
    db.session.execute(text("insert into setting values ('raw_kept_days', '{\"days\": 5}', :at)"), {"at": NOON})
    assert retention.forget_raw(clock.now() + timedelta(days=6)) == 1
    assert row(mail).raw is None


def test_what_waits_for_a_person_is_kept(body):
    held = come(body, JUNK)
    assert row(held).state == "held"
    assert retention.forget_raw(clock.now() + LATER) == 0
    assert row(held).raw == JUNK


def test_a_file_that_a_message_has_stays(body):
    name = storage.keep(MAIL)
    come(body, MAIL, name)
    said = a_message(a_ticket())
    db.session.add(Attachment(message_id=said.id, name="a.eml", content_type="x/y", size=1, sha256=name))
    ground.commit()
    assert retention.forget_raw(clock.now() + LATER) == 1
    assert storage.exists(name)


def test_what_was_sent_loses_its_letter_and_what_failed_keeps_it(body):
    come(body, MAIL)
    come(body, MAIL.replace(b"a@x", b"b@x").replace(b"anna", b"bert"))
    outbox.deliver()
    first, second = db.session.execute(text("select id from outbound order by id")).scalars().all()
    db.session.execute(text("update outbound set state = 'refused' where id = :id"), {"id": second})
    ground.commit()
    retention.forget_raw(clock.now() + LATER)
    letters = {row.id: row.payload for row in db.session.execute(text("select id, payload from outbound"))}
    assert letters[first] == {} and letters[second]["to_address"] == "bert@example.org"


def test_replies_for_later_go_when_they_were_said_or_taken_back(body):
    ticket, agent = a_ticket(), an_agent()
    data = storage.keep(b"a draft")
    for state in ("sent", "cancelled", "waiting"):
        name = data if state == "cancelled" else storage.keep(state.encode())
        file = {"name": "a", "content_type": "x/y", "sha256": name}
        settled = None if state == "waiting" else clock.now()
        db.session.add(
            ScheduledReply(
                ticket_id=ticket.id, author_id=agent.id, text="Words", files=[file], due_at=NOON, created_at=NOON,
                state=state, settled_at=settled,
            )
        )  # fmt: skip
    ground.commit()
    retention.forget_raw(clock.now() + LATER)
    assert list(db.session.execute(text("select state from scheduled_reply")).scalars()) == ["waiting"]
    assert not storage.exists(data) and storage.exists(storage.keep(b"waiting"))
