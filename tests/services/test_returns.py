"""Letters that come back: the very message shows it, waiting ends, and no notice opens a request or starts a clock."""

import pytest
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import NotFound, Stale
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Person
from helpdesk.services import accounts, inbox, journal, outbox, replies, rulebook, tickets, undelivered
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


def letters_to_colleagues() -> list[str]:
    query = text("select payload->>'to_address' from outbound where template = 'undelivered' order by id")
    return list(db.session.execute(query).scalars())


def test_whose_ticket_it_is_hears_once_that_an_answer_came_back(body):
    answer = asked_and_answered(body)
    number = db.session.execute(text("select id from ticket")).scalar_one()
    agent = db.session.execute(text("select author_id from message where id = :id"), {"id": answer}).scalar_one()
    db.session.execute(text("update ticket set assignee_id = :who, owner_id = :who"), {"who": agent})
    come(body, notice(answer))
    come(body, notice(answer, action="failed", status="5.0.0"))
    mine = db.session.execute(text("select email from person where id = :id"), {"id": agent}).scalar_one()
    assert letters_to_colleagues() == [mine]
    written = db.session.execute(text("select payload->>'text' from outbound where template = 'undelivered'")).scalar()
    assert "anna@example.org" in written and "550 no such user" in written and str(number) in written


def test_where_nobody_has_it_those_who_lead_hear_it(body):
    answer = asked_and_answered(body)
    lead = an_agent(db.session.get(Department, db.session.execute(text("select department_id from ticket")).scalar()))
    db.session.execute(text("update membership set lead = true where staff_id = :id"), {"id": lead.id})
    db.session.execute(text("update ticket set assignee_id = null, owner_id = null"))
    come(body, notice(answer))
    assert letters_to_colleagues() == [db.session.get(Person, lead.id).email]


def person() -> tuple[int, bool]:
    query = text("select mail_returned, unreachable_since is not null from person where email = 'anna@example.org'")
    return tuple(db.session.execute(query).one())


def test_an_address_that_sends_two_letters_back_is_marked_until_somebody_writes_from_it(body):
    first = asked_and_answered(body)
    come(body, notice(first))
    assert person() == (1, False)
    come(body, notice(first))
    assert person() == (1, False), "the same letter counts once"
    agent = staff_of(first)
    number = db.session.execute(text("select id from ticket")).scalar_one()
    second = replies.reply(agent, number, "Ακόμη μία απάντηση.", at=clock.now()).id
    db.session.execute(text("update outbound set due_at = :at where state = 'waiting'"), {"at": clock.now()})
    ground.commit()
    outbox.deliver()
    come(body, notice(second))
    assert person() == (2, True)
    come(body, "From: anna@example.org\r\nMessage-ID: <b@x>\r\nSubject: Νέο\r\n\r\nΓράφω πάλι.\r\n".encode())
    assert person() == (0, False)


def staff_of(message_id: int):
    department = db.session.execute(text("select department_id from ticket")).scalar_one()
    return an_agent(db.session.get(Department, department))


def test_a_person_says_that_the_citizen_was_reached_another_way_and_nothing_calls_for_anybody(body):
    answer = asked_and_answered(body)
    agent, number = staff_of(answer), db.session.execute(text("select id from ticket")).scalar_one()
    with pytest.raises(Stale):
        undelivered.reached(agent, number, answer)
    come(body, notice(answer))
    undelivered.reached(agent, number, answer, at=clock.now())
    assert shown(answer)[0] == "otherwise"
    fact = [fact for fact in journal.of(number) if fact.type == "delivery_settled"][-1]
    assert (fact.actor_id, fact.event.state) == (agent.id, "otherwise")
    come(body, notice(answer, status="5.0.0"))
    assert shown(answer)[0] == "otherwise", "a late notice does not call for anybody again"
    with pytest.raises(NotFound):
        undelivered.reached(agent, number, 999_999)


def a_complaint(message_id: int) -> bytes:
    original = db.session.execute(text("select external_id from message where id = :id"), {"id": message_id}).scalar()
    return (
        "From: complaints@provider.example\r\nTo: info@city.example\r\nSubject: FW: your mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="e"\r\n\r\n'
        "--e\r\n\r\nThis is an abuse report.\r\n--e\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n--e\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: info@city.example\r\nMessage-ID: <{original}>\r\nSubject: x\r\n\r\nWords\r\n--e--\r\n"
    ).encode()


def test_a_letter_that_was_marked_as_spam_shows_it_once_and_nothing_else_happens(body):
    answer = asked_and_answered(body)
    for _ in range(2):
        come(body, a_complaint(answer).replace(b"abuse report", f"abuse report {_}".encode()))
    warnings = text("select warnings from message where id = :id")
    assert db.session.execute(warnings, {"id": answer}).scalar_one() == ["marked-as-spam"]
    assert shown(answer)[0] == "sent"
    assert db.session.execute(text("select count(*) from ticket")).scalar_one() == 1
    assert db.session.execute(text("select outcome from inbound order by id desc limit 1")).scalar_one() == "settled"


def test_a_complaint_about_no_letter_of_ours_is_kept_as_what_a_machine_wrote(body):
    answer = asked_and_answered(body)
    raw = a_complaint(answer).replace(b"Message-ID: <", b"Message-ID: <other-")
    come(body, raw)
    row = db.session.execute(text("select automatic, form from ticket order by id desc limit 1")).one()
    assert tuple(row) == ("feedback-report", {})
    assert db.session.execute(text("select count(*) from outbound where automatic")).scalar_one() == 1


def test_a_letter_that_was_tried_for_days_and_given_up_has_come_back(body):
    answer = asked_and_answered(body)
    come(body, notice(answer, status="4.4.7"))
    assert shown(answer)[0] == "bounced"


def test_a_letter_that_was_passed_on_and_refused_there_is_known_by_whom_we_wrote_to(body):
    answer = asked_and_answered(body)
    elsewhere = b"Original-Recipient: rfc822; anna@example.org\r\nFinal-Recipient: rfc822; anna@elsewhere.example"
    come(body, notice(answer).replace(b"Final-Recipient: rfc822; anna@example.org", elsewhere))
    assert shown(answer)[0] == "bounced"
