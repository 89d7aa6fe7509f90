"""Several matters in one contact: each is a ticket of its own, of the same person and the same moment."""

from datetime import timedelta

import pytest

from helpdesk import events
from helpdesk.db import commit, db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Attachment, Link, Message, Ticket
from helpdesk.services import catalogue, intake, journal, replies, splitting, tickets
from helpdesk.services.people import Contact
from tests.builders import NOON, a_department, a_message, a_service, a_ticket, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def department():
    found = a_department()
    catalogue.changed(NOON)
    return found


def mailed(department, text="Δεν ανάβει το φως. Και ο κάδος είναι σπασμένος.", **given):
    """A ticket that came by letter, as intake makes it."""
    contact = Contact("anna@example.org", "Άννα")
    wish = intake.Wish(department_id=department.id)
    arrival = intake.Arrival("email", NOON, contact, "Φως και κάδος", text, wish=wish, external_id="a@b", **given)
    [taken] = intake.take_in([arrival], NOON)
    commit()
    return db.session.get(Ticket, taken.ticket_id)


def said_on(ticket):
    return db.session.query(Message).filter_by(ticket_id=ticket.id, direction="inbound").order_by(Message.at).all()


def test_the_new_one_has_the_person_and_the_moment_of_the_old_and_both_journals_tell(department, agent):
    ticket = mailed(department)
    [first] = said_on(ticket)
    made = splitting.split(agent, ticket.id, [first.id], subject="Σπασμένος κάδος", at=LATER)
    commit()
    assert made.id != ticket.id
    assert (made.requester_id, made.received_at) == (ticket.requester_id, ticket.received_at)
    assert (made.created_at, made.subject, made.status) == (LATER, "Σπασμένος κάδος", "new")
    [copy] = said_on(made)
    assert (copy.text, copy.author_id, copy.at, copy.external_id) == (first.text, first.author_id, first.at, None)
    assert len(said_on(ticket)) == 1, "nothing is moved"
    assert db.session.query(Link).filter_by(kind="split", from_id=ticket.id, to_id=made.id).one()
    assert events.TicketSplit(made.id, [first.id]) in [fact.event for fact in journal.of(ticket.id)]
    assert events.SplitFrom(ticket.id) in [fact.event for fact in journal.of(made.id)]


def test_the_citizen_is_told_once(department, agent):
    ticket = mailed(department)
    splitting.split(agent, ticket.id, words="Ο κάδος είναι σπασμένος", at=LATER)
    commit()
    told = [row.template for row in db.session.query(Outbound).filter_by(kind="email").order_by(Outbound.id)]
    assert told == ["received", "split"]
    letter = db.session.query(Outbound).filter_by(template="split").one().payload["text"]
    assert str(ticket.id) in letter


def test_only_a_part_of_the_words_can_be_taken_with_the_files_of_the_message(department, agent):
    ticket = mailed(department, files=(intake.StoredFile("bin.jpg", "image/jpeg", 3, "0" * 64),))
    [first] = said_on(ticket)
    made = splitting.split(agent, ticket.id, [first.id], "Ο κάδος είναι σπασμένος", at=LATER)
    [copy] = said_on(made)
    assert copy.text == "Ο κάδος είναι σπασμένος"
    assert made.subject == ticket.subject
    assert [file.name for file in db.session.query(Attachment).filter_by(message_id=copy.id)] == ["bin.jpg"]


def test_several_messages_go_along_in_their_order(department, agent):
    ticket = mailed(department)
    for hour in (1, 2):
        a_message(ticket, text=f"Μήνυμα {hour}", at=NOON + timedelta(hours=hour), author_id=ticket.requester_id)
    second, third = said_on(ticket)[1:]
    made = splitting.split(agent, ticket.id, [third.id, second.id], at=NOON + timedelta(hours=3))
    assert [one.text for one in said_on(made)] == ["Μήνυμα 1", "Μήνυμα 2"]
    assert made.received_at == second.at


def test_an_answer_to_the_old_letters_stays_on_the_old_ticket(department, agent):
    ticket = mailed(department)
    made = splitting.split(agent, ticket.id, [said_on(ticket)[0].id], at=LATER)
    commit()
    contact = Contact("anna@example.org", "Άννα")
    [taken] = intake.take_in([intake.Arrival("email", LATER, contact, "Re", "Ναι", references=("a@b",))], LATER)
    assert taken.ticket_id == ticket.id != made.id


def test_what_is_hidden_stays_hidden(department, agent):
    ticket = mailed(department)
    rude = an_agent(department)
    catalogue.changed(NOON)
    tickets.classify(agent, ticket.id, type="complaint", at=NOON)
    tickets.complain_of(agent, ticket.id, [rude.id], at=NOON)
    tickets.restrict(agent, ticket.id, True, at=NOON)
    made = splitting.split(agent, ticket.id, words="Και κάτι άλλο", at=LATER)
    assert (made.restricted, made.complained_of) == (True, [rude.id])


def test_it_may_go_to_another_service_at_once(department, agent):
    other = a_service()
    catalogue.changed(NOON)
    ticket = mailed(department)
    made = splitting.split(agent, ticket.id, words="Και κάτι άλλο", service_id=other.id, at=LATER)
    assert (made.service_id, made.department_id) == (other.id, other.department_id)


def test_what_cannot_be_split_is_left_as_it_was(department, agent):
    ticket = mailed(department)
    internal = replies.note(agent, ticket.id, "Σημείωση", at=NOON)
    other = a_message(a_ticket())
    commit()
    for given, wrong in (
        ({}, Invalid),
        ({"messages": [internal.id]}, Invalid),
        ({"messages": [other.id]}, Invalid),
        ({"words": "  "}, Invalid),
        ({"words": "Α", "version": 99}, Stale),
    ):
        with pytest.raises(wrong):
            splitting.split(agent, ticket.id, at=LATER, **given)
    with pytest.raises((NotFound, Forbidden)):
        splitting.split(an_agent(a_department()), ticket.id, words="Α", at=LATER)
    assert db.session.query(Ticket).filter(Ticket.subject == ticket.subject).count() == 1


def test_a_closed_ticket_is_not_split(department):
    root, ticket = an_administrator(), mailed(department)
    tickets.resolve(root, ticket.id, "solved", "Έγινε.", at=NOON)
    tickets.close(root, ticket.id, at=NOON)
    commit()
    with pytest.raises(Stale):
        splitting.split(root, ticket.id, words="Α", at=LATER)


def test_somebody_may_ask_for_somebody_else(department, agent):
    other = Contact("grandma@example.org", "Ελένη")
    new = intake.NewTicket(
        "Βεβαίωση", "Για τη γιαγιά μου", name="Άννα", email="anna@example.org", on_behalf_of=other,
        department=department.key,
    )  # fmt: skip
    first, second = (intake.take_down(agent, new, at=NOON).ticket_id for _ in range(2))
    commit()
    one, two = db.session.get(Ticket, first), db.session.get(Ticket, second)
    assert one.on_behalf_of_id == two.on_behalf_of_id != one.requester_id
