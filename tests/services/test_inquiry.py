"""Asking how a request stands: the same sentence everywhere, and nothing for a stranger, by answer or by work."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message
from helpdesk.services import inquiry, intake, publicly, tickets, tracking
from helpdesk.services.access import TooSoon
from helpdesk.services.arrival import Arrival
from helpdesk.services.inquiry import Caller, Code, mail
from helpdesk.services.people import Contact
from tests.builders import NOON, a_citizen, a_department, a_ticket, an_administrator

pytestmark = pytest.mark.usefixtures("body")

MINUTE = timedelta(minutes=1)
UNKNOWN = 987_654


@pytest.fixture
def ticket():
    ours = a_department(phone="2310 000000", names={"el": "Ύδρευση", "en": "Water"})
    citizen = a_citizen(email="anna@example.org", phone="+30 2310 123456")
    return a_ticket(department_id=ours.id, requester=citizen)


def code(ticket) -> str:
    return tracking.code_of(ticket.id, ticket.tracking_version)


def letters(template: str) -> list[Outbound]:
    ground.flush_pending()
    return db.session.query(Outbound).filter_by(template=template).order_by(Outbound.id).all()


@pytest.mark.parametrize("channel", ["webform", "phone", "chat", "email"])
def test_every_channel_says_the_same_sentence(ticket, channel):
    found = inquiry.status(ticket.id, Code(code(ticket)), channel, NOON)
    row = publicly.facts([ticket.id])[ticket.id]
    told = publicly.standing(row, NOON, timedelta(days=7), "el")
    assert (found.tag, found.sentence, found.then) == (told.tag, told.sentence, told.then)
    assert found.phone == "2310 000000" and "Ύδρευση" in found.spoken


def test_a_caller_needs_their_own_number_and_their_code(ticket):
    assert inquiry.status(ticket.id, Caller("2310123456", code(ticket)), "phone", NOON).number == ticket.id
    for proof in (Caller("2310999999", code(ticket)), Caller("2310123456", "AAAA-BBBB-CCCC"), Caller("", code(ticket))):
        with pytest.raises(Invalid):
            inquiry.status(ticket.id, proof, "phone", NOON)


def statements(act) -> list[str]:
    """What the database is asked while it acts."""
    seen: list[str] = []
    engine = db.session.connection()

    def note(connection, cursor, statement, *rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def refusal(number: int, proof) -> tuple[str, list[str]]:
    said: list[str] = []

    def ask() -> None:
        with pytest.raises(Invalid) as refused:
            inquiry.status(number, proof, "phone", NOON)
        said.append(refused.value.detail)

    return said[0] if said else "", statements(ask) if not said else []


@pytest.mark.parametrize("proof", [Code("AAAA-BBBB-CCCC"), Caller("2310123456", "AAAA-BBBB-CCCC")])
def test_a_number_that_exists_is_refused_with_the_words_and_the_work_of_one_that_does_not(ticket, proof):
    told = []
    for number in (ticket.id, UNKNOWN):
        with pytest.raises(Invalid) as refused:
            inquiry.status(number, proof, "phone", NOON, address="warm")
        told.append((refused.value.detail, refused.value.code))
    assert told[0] == told[1]
    known, unknown = (refusal(number, proof)[1] for number in (ticket.id, UNKNOWN))
    assert known == unknown and known


def test_failures_are_counted_and_delay(ticket):
    for _ in range(5):
        with pytest.raises(Invalid):
            inquiry.status(ticket.id, Code("X"), "phone", NOON, address="+302310")
    with pytest.raises(TooSoon):
        inquiry.status(ticket.id, Code(code(ticket)), "phone", NOON, address="+302310")
    assert inquiry.status(ticket.id, Code(code(ticket)), "phone", NOON, address="another")


@pytest.mark.parametrize("proof", ["Anna@Example.org", "2310 123456", "00302310123456"])
def test_who_lost_the_code_gets_one_that_opens_once_at_the_address_on_file(ticket, proof):
    inquiry.ask_code(ticket.id, proof, NOON)
    inquiry.send_codes(NOON)
    [letter] = letters("code")
    assert letter.payload["to_address"] == "anna@example.org"
    [once] = [line for line in letter.payload["text"].splitlines() if len(line) == 9 and line[4] == "-"]
    assert code(ticket) not in letter.payload["text"]
    assert inquiry.status(ticket.id, Code(once.lower()), "webform", NOON + MINUTE).number == ticket.id
    with pytest.raises(Invalid):
        inquiry.status(ticket.id, Code(once), "webform", NOON + MINUTE)


def test_a_code_is_too_old_after_a_quarter_of_an_hour(ticket):
    inquiry.ask_code(ticket.id, "anna@example.org", NOON)
    inquiry.send_codes(NOON)
    once = next(line for line in letters("code")[0].payload["text"].splitlines() if len(line) == 9 and line[4] == "-")
    with pytest.raises(Invalid):
        inquiry.status(ticket.id, Code(once), "webform", NOON + 15 * MINUTE)


def test_nobody_else_gets_a_code_and_nobody_gets_many(ticket):
    for number, proof in ((ticket.id, "eve@example.org"), (ticket.id, "2310"), (UNKNOWN, "anna@example.org")):
        inquiry.ask_code(number, proof, NOON)
    inquiry.send_codes(NOON)
    assert letters("code") == []
    for at in (NOON, NOON + MINUTE, NOON + 3 * MINUTE):
        inquiry.ask_code(ticket.id, "anna@example.org", at)
        inquiry.send_codes(at)
    assert len(letters("code")) == 2


def test_to_ask_for_a_code_is_the_same_work_whatever_is_named(ticket):
    ground.commit()
    works = [statements(lambda one=number: inquiry.ask_code(one, "x", NOON)) for number in (ticket.id, UNKNOWN)]
    assert works[0] == works[1] and len(works[0]) == 1


def a_mail(subject: str, **given) -> Arrival:
    contact = given.pop("contact", Contact("anna@example.org", "Άννα"))
    usual = {"channel": "email", "received_at": NOON, "contact": contact, "text": "", "external_id": "q@x"}
    return Arrival(**usual | {"subject": subject} | given)


@pytest.mark.parametrize(
    "subject",
    ["status {}", "Status: {}", "Κατάσταση {}", "ΠΟΡΕΙΑ αιτήματος {}", "Re: πρόοδος {}", "Πού βρίσκεται το {};"],
)
def test_a_mail_that_asks_only_that_is_recognised(subject):
    assert mail.asked_about(a_mail(subject.format(100_234))) == 100_234


@pytest.mark.parametrize(
    "arrival",
    [
        a_mail("status"), a_mail("100234"), a_mail("Στατιστικά 100234"), a_mail("status 100234 100235"),
        a_mail("status 100234", text="Κι ακόμη κάτι: το φως στη γωνία έσβησε πάλι χθες το βράδυ, ελάτε να το δείτε."),
        a_mail("status 100234", automatic="auto-reply"), a_mail("status 100234", may_answer=False),
    ],
)  # fmt: skip
def test_every_other_mail_is_left_alone(arrival):
    assert mail.asked_about(arrival) is None


def taken(arrival: Arrival) -> intake.Taken:
    [read] = mail.recognise([arrival])
    [found] = intake.take_in([read], NOON)
    if read.automatic == mail.ASKED:
        mail.answer([found.ticket_id], NOON)
    ground.commit()
    return found


def test_who_asked_is_answered_by_mail_on_the_ticket_and_nothing_changes(ticket):
    tickets.resolve(an_administrator(), ticket.id, "solved", "Έγινε.", at=NOON)
    found = taken(a_mail(f"Κατάσταση {ticket.id}"))
    assert found.ticket_id == ticket.id and not found.opened
    [letter] = letters("status")
    assert letter.payload["to_address"] == "anna@example.org"
    assert "Ολοκληρώσαμε" in letter.payload["text"] and code(ticket) in letter.payload["text"]
    db.session.refresh(ticket)
    assert ticket.status == "resolved"
    shown = db.session.query(Message).filter_by(ticket_id=ticket.id, automatic="status").one()
    assert code(ticket) not in shown.text
    taken(a_mail(f"status {ticket.id}", external_id="again@x"))
    assert len(letters("status")) == 1


def test_a_stranger_s_mail_is_a_new_request_whether_the_number_exists_or_not(ticket):
    stranger = Contact("eve@example.org", "Eve")
    known = taken(a_mail(f"status {ticket.id}", contact=stranger, external_id="a@x"))
    unknown = taken(a_mail(f"status {UNKNOWN}", contact=stranger, external_id="b@x"))
    assert known.opened and unknown.opened and letters("status") == []
    first, second = (row.payload["text"] for row in letters("received")[-2:])
    for number, other in ((known, first), (unknown, second)):
        assert "Ύδρευση" not in other and str(ticket.id) not in other.replace(str(number.ticket_id), "")
