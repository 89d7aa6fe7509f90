"""Mail from the first word to the last: routed, timed, acknowledged once, answered, answered back."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Attachment, Message, Ticket
from helpdesk.services import inbox, journal, outbox, replies
from helpdesk.storage import read
from tests.builders import an_agent
from tests.conftest import settings_for
from tests.journeys.post import a_mail, counted, department, office, post, processed, sent, states

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with office(f"mail_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        yield body


def delivered() -> None:
    """Everything waiting goes out, also what still could be taken back."""
    rows = table(Outbound)
    now = clock.now()
    db.session.execute(update(rows).where(rows.c.state == "waiting").values(due_at=now - timedelta(seconds=1)))
    ground.commit()
    while outbox.deliver():
        pass


def tickets() -> list[Ticket]:
    db.session.expire_all()
    return list(db.session.scalars(select(Ticket).order_by(Ticket.id)))


def a_greek_mail_with_a_file() -> EmailMessage:
    mail = a_mail(subject="Διαρροή")
    mail.set_content("Έχουμε διαρροή νερού στην οδό Ερμού 5.", charset="iso-8859-7")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="φωτογραφία.pdf")
    return mail


def an_answer(to: EmailMessage, text: str, **given: str) -> EmailMessage:
    """What a mail client writes back: to the Reply-To, with the thread's headers."""
    thread = f"{to['References'] or ''} {to['Message-ID']}".strip()
    return a_mail(to=str(to["Reply-To"]), in_reply_to=str(to["Message-ID"]), references=thread, text=text, **given)


def test_a_greek_mail_with_a_file_is_routed_timed_acknowledged_answered_and_answered_back(app):
    mail = a_greek_mail_with_a_file()
    post(mail)
    processed()
    [ticket] = tickets()
    assert (ticket.department_id, ticket.language, ticket.subject) == (department("water").id, "el", "Διαρροή")
    assert counted("select count(*) from ticket_clock where state = 'running'") == 2
    [file] = db.session.scalars(select(Attachment))
    assert (file.name, file.content_type, read(file.sha256)) == ("φωτογραφία.pdf", "application/pdf", PDF)

    delivered()
    [letter] = sent(app)
    assert str(ticket.id) in letter["Subject"]
    assert letter["In-Reply-To"] == mail["Message-ID"]
    assert letter["Auto-Submitted"] == "auto-replied"

    agent = an_agent(department("water"))
    ground.commit()
    replies.reply(
        agent, ticket.id, "Στέλνουμε συνεργείο. Ποιος όροφος;", then="wait", then_fields={"reason": "needs_information"}
    )
    delivered()
    answer = sent(app)[-1]
    assert "Ποιος όροφος" in answer.get_body(("plain",)).get_content()
    assert answer["Auto-Submitted"] is None
    assert mail["Message-ID"] in answer["References"]

    post(an_answer(answer, "Ο τρίτος."))
    processed()
    [ticket] = tickets()
    assert ticket.status == "open"
    said = [(one.direction, one.automatic) for one in db.session.scalars(select(Message).order_by(Message.id))]
    assert said == [("inbound", None), ("outbound", "acknowledgement"), ("outbound", None), ("inbound", None)]
    delivered()
    assert len(sent(app)) == 2, "acknowledged once"


def test_a_stranger_with_the_signed_address_opens_a_linked_ticket(app):
    post(a_mail())
    processed()
    delivered()
    post(an_answer(sent(app)[0], "Είμαι ο γείτονας.", sender="neighbour@example.org"))
    processed()
    first, second = tickets()
    assert [fact.event.other_id for fact in journal.of(second.id) if fact.type == "tickets_linked"] == [first.id]


def test_the_number_in_the_subject_alone_opens_a_linked_ticket(app):
    post(a_mail())
    processed()
    [first] = tickets()
    post(a_mail(subject=f"Για το {first.id}"))
    processed()
    assert counted("select count(*) from link where kind = 'related'") == 1
    assert len(tickets()) == 2


def test_the_same_mail_twice_is_one_and_the_same_message_id_with_other_words_is_two(app):
    mail = a_mail()
    relayed = b"Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0200\r\n" + mail.as_bytes()
    other = a_mail(message_id=mail["Message-ID"], text="Άλλα λόγια.")
    post(mail, relayed, mail, other)
    processed()
    assert len(states()) == 2
    assert counted("select count(*) from ticket") == 2
    assert counted("select count(*) from message where 'message-id-repeated' = any(warnings)") == 1


def test_out_of_office_notes_are_shown_and_not_answered(app):
    post(a_mail(auto_submitted="auto-replied", subject="Εκτός γραφείου"))
    processed()
    [ticket] = tickets()
    assert ticket.automatic == "auto-reply"
    assert counted("select count(*) from ticket_clock") == 0
    assert counted("select count(*) from outbound") == 0


def test_our_own_mail_that_comes_back_starts_no_loop(app):
    post(a_mail())
    processed()
    delivered()
    post(sent(app)[0].as_bytes())
    post(a_mail("info@city.example"))
    processed()
    assert counted("select count(*) from outbound") == 1


def test_a_bounce_marks_the_message_it_is_about_and_opens_no_ticket(app):
    post(a_mail())
    processed()
    delivered()
    post(_bounce_of(sent(app)[0]))
    processed()
    assert counted("select count(*) from ticket") == 1
    assert counted("select count(*) from message where delivery_state = 'bounced'") == 1
    assert states() == ["processed"] * 2


def _bounce_of(letter: EmailMessage) -> bytes:
    lines = f"""From: MAILER-DAEMON@mx.example.org
To: {letter["Reply-To"]}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <bounce-1@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

It could not be delivered.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--edge
Content-Type: text/rfc822-headers

Message-ID: {letter["Message-ID"]}
To: anna@example.org
Subject: x

--edge--
"""
    return lines.replace("\n", "\r\n").encode()


def test_what_cannot_be_read_is_kept_and_can_be_replayed(app):
    [inbound_id] = post(a_mail())
    db.session.execute(text("update inbound set kind = 'telegraph'"))
    ground.commit()
    processed()
    assert states() == ["unreadable"]
    db.session.execute(text("update inbound set kind = 'email'"))
    assert inbox.replay([inbound_id or 0]) == [inbound_id]
    processed()
    assert states() == ["processed"]
    assert inbox.replay([inbound_id or 0]) == [], "a second replay makes no second ticket"
