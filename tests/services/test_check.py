"""The proof that the database is whole: silent where it is, one line for each thing that is not."""

import os
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk import storage
from helpdesk.db import db
from helpdesk.services import invariants, replies, rulebook, tickets, timers
from helpdesk.services.replies import NewFile
from tests.builders import NOON, a_department, a_ticket, an_account, an_agent

LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def lived(app, session, tmp_path, monkeypatch):
    """A ticket with a life: answered with a file, waiting, resumed, breached, resolved. Files stand apart."""
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    department = a_department()
    agent = an_agent(department)
    ticket = a_ticket(department_id=department.id)
    replies.reply(agent, ticket.id, "Δείτε.", attachments=[NewFile("α.txt", "text/plain", b"alpha")], at=NOON)
    tickets.wait(agent, ticket.id, "needs_information", at=NOON)
    tickets.resume(agent, ticket.id, at=LATER)
    timers.tick(LATER + timedelta(days=20))
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER + timedelta(days=21))
    a_ticket(department_id=department.id, owner_id=agent.id)
    ground.commit()
    return ticket


def faults() -> list[str]:
    return [str(fault) for fault in invariants.broken(LATER + timedelta(days=30))]


def test_what_work_leaves_is_whole():
    timers.tick(LATER + timedelta(days=30))
    assert faults() == []


@pytest.mark.parametrize(("statement", "says"), [
    ("update ticket_clock set late_seconds = 5 where ticket_id = :id and name = 'resolution'", "late_seconds is 5"),
    ("update ticket_clock set due_at = due_at + interval '1 second' where ticket_id = :id", "due_at"),
    ("delete from ticket_clock where ticket_id = :id", "first_response 1 is missing"),
    ("update ticket_clock set cycle = 9 where ticket_id = :id and name = 'resolution'", "resolution 9 is kept"),
    ("update ticket set next_due_at = '2026-11-24' where id = :id", "next_due_at"),
    ("update ticket set status = 'open' where id = :id", "is open, its journal says resolved"),
    ("update ticket set owner_id = null where id = :id", "has a department and nobody who answers for it"),
    ("update ticket_clock set error = 'KeyError' where ticket_id = :id", "was set aside: KeyError"),
    ("update outbound set state = 'sent' where ticket_id = :id and not automatic", "without a moment"),
    ("update message set delivery_state = 'sent' where ticket_id = :id and delivery_state = 'waiting'", "shows sent"),
    ("insert into inbound (kind, account_id, external_id, received_at, due_at, state) "
     "select 'email', id, 'x', '2026-11-24', '2026-11-24', 'processed' from channel_account limit 1",
     "processed without a ticket"),
])  # fmt: skip
def test_what_was_tampered_with_is_found_and_named(lived, statement, says):
    timers.tick(LATER + timedelta(days=30))
    db.session.execute(text(statement), {"id": lived.id} if ":id" in statement else {})
    assert any(says in fault for fault in faults()), faults()


def test_a_deadline_that_nobody_would_look_at_is_found():
    late = a_ticket(received_at=LATER)
    ground.flush_pending()
    db.session.execute(text("update ticket_clock set next_step_at = null where ticket_id = :id"), {"id": late.id})
    assert any(f"ticket {late.id}: resolution 1 next_step_at is None" in fault for fault in faults())


def test_a_ticket_that_was_never_opened_is_found():
    bare = a_ticket()
    columns = "type, status, channel, subject, language, impact, urgency, priority, received_at, created_at, updated_at"
    copied = f"insert into ticket ({columns}, next_due_at) select {columns}, '9999-01-01' from ticket where id = :id"
    made = db.session.execute(text(f"{copied} returning id"), {"id": bare.id}).scalar()
    assert f"ticket {made}: its journal does not begin with its opening" in faults()


def test_a_file_that_is_gone_and_one_that_is_nobody_s_are_found():
    timers.tick(LATER + timedelta(days=30))
    sha256 = db.session.execute(text("select sha256 from attachment")).scalar()
    kept = storage.path(sha256).read_bytes()
    orphan = storage.keep(b"nobody's")
    old = NOON.timestamp()
    os.utime(storage.path(orphan), (old, old))
    storage.path(sha256).unlink()
    try:
        found = faults()
    finally:
        storage.keep(kept)
        storage.path(orphan).unlink()
    assert any("is missing" in fault for fault in found)
    assert any(fault.endswith("belongs to no attachment") and orphan in fault for fault in found)


def test_verify_goes_on_where_a_ticket_cannot_be_computed(lived):
    db.session.execute(text("update rulebook set data = data - 'targets' where kind = 'policy'"))
    current_app.extensions.pop("rulebook_versions", None)
    found = list(timers.verify(LATER))
    current_app.extensions.pop("rulebook_versions", None)
    assert lived.id in {difference.ticket_id for difference in found if "cannot be computed" in str(difference.true)}
