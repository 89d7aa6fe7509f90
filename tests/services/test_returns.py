"""Letters that come back: the very message shows it, waiting ends, and no notice opens a request or starts a clock."""

import pytest
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.services import accounts, inbox, outbox, replies, rulebook, tickets
from helpdesk.services.inbox import Incoming
from tests.builders import NOON, a_department, an_account, an_agent


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    return accounts.book().by_id[row.id]


def come(body, raw: bytes, **envelope) -> None:
    inbox.keep([Incoming("email", body.id, inbox.fingerprint(raw), raw, clock.now(), envelope)])
    inbox.process()


def asked_and_answered(body, *, wait: bool = False) -> int:
    """A request that an agent answered; the answer's message id."""
    come(body, "From: anna@example.org\r\nMessage-ID: <a@x>\r\nSubject: Νερά\r\n\r\nΔιαρροή.\r\n".encode())
    department = a_department()
    number = db.session.execute(
        text("update ticket set department_id = :d returning id"), {"d": department.id}
    ).scalar()
    agent = an_agent(department)
    ground.commit()
    replies.reply(agent, number, "Πού ακριβώς;", at=clock.now())
    if wait:
        tickets.wait(agent, number, reason="needs_information", at=clock.now())
    db.session.execute(text("update outbound set due_at = :at"), {"at": clock.now()})
    ground.commit()
    outbox.deliver()
    return db.session.execute(text("select max(id) from message where direction = 'outbound'")).scalar_one()


def notice(message_id: int, *, status: str = "5.1.1", action: str = "failed", to: str = "", ids: bool = True) -> bytes:
    original = db.session.execute(text("select external_id from message where id = :id"), {"id": message_id}).scalar()
    about = f"Message-ID: <{original}>\r\n" if ids else ""
    return (
        f"From: MAILER-DAEMON@mx.example.org\r\nTo: {to or 'info@city.example'}\r\nSubject: Undelivered Mail\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="e"\r\n\r\n'
        "--e\r\n\r\nIt could not be delivered.\r\n--e\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; anna@example.org\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--e\r\nContent-Type: text/rfc822-headers\r\n\r\n{about}Subject: x\r\n\r\n--e--\r\n"
    ).encode()


def shown(message_id: int) -> tuple[str, str]:
    query = text("select delivery_state, coalesce(delivery_detail, '') from message where id = :id")
    return tuple(db.session.execute(query, {"id": message_id}).one())


def test_the_very_message_that_came_back_shows_it_and_no_other(body):
    answer = asked_and_answered(body)
    come(body, notice(answer))
    assert shown(answer) == ("bounced", "5.1.1 550 no such user")
    others = text("select count(*) from message where delivery_state = 'bounced' and id <> :id")
    assert db.session.execute(others, {"id": answer}).scalar_one() == 0
    assert db.session.execute(text("select count(*) from ticket")).scalar_one() == 1
    assert db.session.execute(text("select outcome from inbound order by id desc limit 1")).scalar_one() == "settled"


def test_the_signed_return_path_tells_which_request_it_was_where_the_notice_names_no_letter(body):
    answer = asked_and_answered(body)
    number = db.session.execute(text("select id from ticket")).scalar_one()
    come(body, notice(answer, ids=False, to=accounts.reply_address(body, number)))
    assert shown(answer)[0] == "bounced"


def test_waiting_for_a_citizen_who_never_got_the_question_ends(body):
    answer = asked_and_answered(body, wait=True)
    come(body, notice(answer))
    assert db.session.execute(text("select status from ticket")).scalar_one() == "open"
    told = text("select data->>'reason' from ticket_event where type = 'status_changed' order by id desc limit 1")
    assert db.session.execute(told).scalar_one() == "came_back"


def test_a_letter_that_is_only_late_is_noted_and_opens_nothing(body):
    answer = asked_and_answered(body, wait=True)
    come(body, notice(answer, status="4.4.1", action="delayed"))
    assert shown(answer) == ("sent", "4.4.1 550 no such user")
    assert db.session.execute(text("select status from ticket")).scalar_one() == "waiting_requester"
    assert db.session.execute(text("select count(*) from ticket")).scalar_one() == 1


def test_the_same_notice_twice_says_it_once(body):
    answer = asked_and_answered(body)
    come(body, notice(answer))
    come(body, notice(answer).replace(b"It could not", b"Sorry, it could not"))
    settled = text("select count(*) from ticket_event where type = 'delivery_settled' and data->>'state' = 'bounced'")
    assert db.session.execute(settled).scalar_one() == 1


def test_a_forged_notice_about_somebody_else_changes_nothing(body):
    answer = asked_and_answered(body)
    come(body, notice(answer).replace(b"anna@example.org", b"other@example.org"))
    assert shown(answer)[0] == "sent"
