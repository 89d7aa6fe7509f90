"""What is said on a ticket: answers, notes, the citizen's own words, and what follows from each."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk import storage
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.clocks import TicketClock
from helpdesk.models.post import Outbound
from helpdesk.models.rulebook import Setting
from helpdesk.models.tickets import Attachment, Link, Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal, replies, tickets
from helpdesk.services.replies import NewFile
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_citizen, a_department, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)


def fresh(ticket: Ticket) -> Ticket:
    ground.flush_pending()
    db.session.expire_all()
    return db.session.get(Ticket, ticket.id)


def letters(ticket: Ticket) -> list[Outbound]:
    rows = db.session.query(Outbound).filter_by(ticket_id=ticket.id, automatic=False)
    return rows.order_by(Outbound.id).all()


def clock_of(ticket: Ticket, name: str) -> TicketClock:
    fresh(ticket)
    return db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name=name).one()


def test_a_reply_reaches_the_citizen_and_answers_for_the_first_time(agent, ticket):
    message = replies.reply(agent, ticket.id, "Στέλνουμε συνεργείο.", at=LATER)
    now = fresh(ticket)
    assert (now.first_response_at, now.acknowledged_at, now.status) == (LATER, LATER, "open")
    assert (now.assignee_id, now.owner_id) == (agent.id, agent.id)
    [letter] = letters(ticket)
    assert (letter.message_id, letter.state, letter.template) == (message.id, "waiting", "answered")
    assert "Στέλνουμε συνεργείο." in letter.payload["text"]


def test_only_the_first_answer_is_the_first(agent, ticket):
    replies.reply(agent, ticket.id, "Πρώτη", at=LATER)
    replies.reply(agent, ticket.id, "Δεύτερη", at=LATER + timedelta(hours=1))
    assert fresh(ticket).first_response_at == LATER


def test_an_automatic_reply_answers_nothing(agent, ticket):
    replies.reply(agent, ticket.id, "Σύντομα κοντά σας.", automatic="bot", at=LATER)
    now = fresh(ticket)
    assert (now.first_response_at, now.acknowledged_at, now.assignee_id) == (None, None, None)


def test_files_go_with_the_reply(agent, ticket):
    files = [NewFile("χάρτης.pdf", "application/pdf", b"%PDF-1")]
    message = replies.reply(agent, ticket.id, "Δείτε τον χάρτη.", attachments=files, at=LATER)
    kept = db.session.query(Attachment).filter_by(message_id=message.id).one()
    assert storage.read(kept.sha256) == b"%PDF-1"
    assert [item["name"] for item in letters(ticket)[0].payload["enclosures"]] == ["χάρτης.pdf"]


def test_a_reply_and_waiting_are_one_instant(agent, ticket):
    replies.reply(agent, ticket.id, "Ποια οδός;", then="wait", then_fields={"reason": "needs_information"}, at=LATER)
    assert fresh(ticket).status == "waiting_requester"
    assert clock_of(ticket, "first_response").stopped_at == LATER
    assert clock_of(ticket, "resolution").state == "paused"
    assert {fact.at for fact in journal.of(ticket.id) if fact.actor_id == agent.id} == {LATER}


def test_a_reply_that_resolves_is_one_message_with_the_way_to_confirm(agent, ticket):
    message = replies.reply(agent, ticket.id, "Άναψε.", then="resolve", then_fields={"code": "solved"}, at=LATER)
    now = fresh(ticket)
    assert (now.status, now.resolution_text, now.first_response_at) == ("resolved", "Άναψε.", LATER)
    [letter] = letters(ticket)
    assert (letter.template, letter.message_id) == ("resolved", message.id)
    assert "/track?" in letter.payload["text"]


@pytest.mark.parametrize(("then", "fields", "error"), [
    ("wait", {"reason": "bored"}, Invalid),
    ("resolve", {}, Invalid),
    ("close", {}, Stale),
    ("dance", {}, Invalid),
])  # fmt: skip
def test_a_refused_move_takes_its_reply_back_with_it(agent, ticket, then, fields, error):
    ground.commit()
    before = ticket.version
    with pytest.raises(error):
        replies.reply(agent, ticket.id, "Έγινε;", then=then, then_fields=fields, at=LATER)
    assert fresh(ticket).version == before
    assert letters(ticket) == []


@pytest.mark.parametrize("text", ["", "  \n", "λ" * 100_001])
def test_nothing_and_too_much_are_refused_by_name(agent, ticket, citizen, text):
    for say in (replies.reply, replies.note):
        with pytest.raises(Invalid) as refused:
            say(agent, ticket.id, text)
        assert "text" in refused.value.fields
    with pytest.raises(Invalid):
        replies.citizen_writes(citizen, ticket.id, text)


def test_what_is_closed_is_not_answered(agent, ticket):
    tickets.cancel(agent, ticket.id, "διπλό", at=LATER)
    with pytest.raises(Stale):
        replies.reply(agent, ticket.id, "Ακόμη κάτι", at=LATER)


def test_a_stranger_may_note_and_not_reply(agent, ticket):
    stranger = an_agent(a_department())
    replies.note(stranger, ticket.id, "Το ίδιο και σε εμάς.", at=LATER)
    ground.commit()
    with pytest.raises(Forbidden):
        replies.reply(stranger, ticket.id, "Γεια σας", at=LATER)
    tickets.restrict(agent, ticket.id, at=LATER)
    with pytest.raises(NotFound):
        replies.note(stranger, ticket.id, "Το ίδιο", at=LATER)


def test_a_note_is_never_shown_or_sent_and_stops_no_clock(agent, ticket):
    assert replies.note(agent, ticket.id, "Γνωστός πελάτης.", at=LATER).audience == "internal"
    assert letters(ticket) == []
    assert clock_of(ticket, "first_response").state == "running"


def test_a_reply_taken_back_never_was_an_answer(agent, ticket):
    message = replies.reply(agent, ticket.id, "Στέλνουμε συνεργείο.", at=LATER)
    assert replies.withdraw(agent, message.id, at=LATER).delivery_state == "withdrawn"
    assert fresh(ticket).first_response_at is None
    assert clock_of(ticket, "first_response").state == "running"


def test_when_the_first_of_two_answers_is_taken_back_the_second_is_the_first(agent, ticket):
    first = replies.reply(agent, ticket.id, "Πρώτη", at=LATER)
    replies.reply(agent, ticket.id, "Δεύτερη", at=LATER + timedelta(seconds=5))
    replies.withdraw(agent, first.id, at=LATER + timedelta(seconds=8))
    assert fresh(ticket).first_response_at == LATER + timedelta(seconds=5)
    assert clock_of(ticket, "first_response").stopped_at == LATER + timedelta(seconds=5)


def test_what_is_on_its_way_or_somebody_else_s_is_not_taken_back(agent, ticket):
    message = replies.reply(agent, ticket.id, "Πρώτη", at=LATER)
    ground.commit()
    with pytest.raises(NotFound):
        replies.withdraw(an_administrator(), message.id, at=LATER)
    db.session.query(Outbound).filter_by(message_id=message.id).update({"state": "sending", "attempts": 1})
    ground.commit()
    with pytest.raises(Stale):
        replies.withdraw(agent, message.id, at=LATER)


def test_what_a_citizen_adds_ends_waiting_for_them(agent, ticket, citizen):
    tickets.wait(agent, ticket.id, "needs_information", at=LATER)
    said = replies.citizen_writes(citizen, ticket.id, "Ερμού 5", at=LATER)
    assert fresh(ticket).status == "open"
    assert (said.ticket_id, said.direction) == (ticket.id, "inbound")


def test_what_a_citizen_adds_does_not_end_waiting_for_others(agent, ticket, citizen):
    tickets.wait(agent, ticket.id, "supplier_works", at=LATER)
    replies.citizen_writes(citizen, ticket.id, "Ερμού 5", at=LATER)
    assert fresh(ticket).status == "waiting_supplier"


def test_what_a_citizen_adds_within_the_days_reopens(agent, ticket, citizen):
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    replies.citizen_writes(citizen, ticket.id, "Έσβησε πάλι.", at=LATER + timedelta(days=7))
    assert (fresh(ticket).status, ticket.reopened) == ("open", 1)


@pytest.mark.parametrize("days", [None, 2])
def test_what_a_citizen_adds_later_opens_a_linked_ticket(agent, ticket, citizen, days):
    if days:
        db.session.add(Setting(key="reopen_within_days", data={"days": days}, changed_at=NOON))
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    late = LATER + timedelta(days=days or 7, seconds=1)
    said = replies.citizen_writes(citizen, ticket.id, "Έσβησε πάλι.", at=late)
    assert fresh(ticket).status == "resolved"
    assert said.ticket_id != ticket.id
    link = db.session.query(Link).filter_by(to_id=said.ticket_id).one_or_none()
    link = link or db.session.query(Link).filter_by(from_id=said.ticket_id).one()
    assert {link.from_id, link.to_id, link.kind} == {ticket.id, said.ticket_id, "follow_up"}
    new = db.session.get(Ticket, said.ticket_id)
    assert (new.requester_id, new.subject, new.status) == (ticket.requester_id, ticket.subject, "new")
    assert clock_of(new, "first_response").state == "running"


def test_a_citizen_writes_only_on_their_own(ticket):
    with pytest.raises(NotFound):
        replies.citizen_writes(Actor(ActorKind.CITIZEN, a_citizen().id), ticket.id, "Γεια")
    assert db.session.query(Message).filter_by(ticket_id=ticket.id, text="Γεια").count() == 0
