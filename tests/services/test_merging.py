"""Merging and parting: two records of one thing become one, nobody's words move, and each who asked is told."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Link, Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import (
    conversation,
    following,
    intake,
    invariants,
    journal,
    outbox,
    records,
    replies,
    tickets,
)
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_citizen, a_department, a_message, a_ticket, an_administrator, an_agent
from tests.services.moves import kinds

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)
AFTER = LATER + timedelta(hours=1)


@pytest.fixture
def anna():
    return a_citizen(name="Άννα", email="anna@example.org")


@pytest.fixture
def boris():
    return a_citizen(name="Boris", email="boris@example.org", language="en")


@pytest.fixture
def first(department, agent, anna):
    return kept(a_ticket(department_id=department.id, owner_id=agent.id, requester=anna, text="Έσβησε το φως."))


@pytest.fixture
def second(department, agent, boris):
    text = "The lamp is out, my address is Rose Street 7."
    owned = {"department_id": department.id, "owner_id": agent.id}
    return kept(a_ticket(**owned, requester=boris, language="en", text=text))


@pytest.fixture
def again(department, agent, anna):
    """Anna wrote twice."""
    return kept(a_ticket(department_id=department.id, owner_id=agent.id, requester=anna, text="Ακόμα σβηστό."))


def kept(ticket: Ticket) -> Ticket:
    """Committed, so that a refusal rolls back to here."""
    ground.commit()
    return ticket


def letters(number: int) -> list[tuple[str, str]]:
    ground.commit()
    rows = db.session.query(Outbound).filter_by(ticket_id=number).filter(Outbound.template != "received")
    return [(row.template, row.payload["to_address"]) for row in rows.order_by(Outbound.id)]


def texts(actor: Actor, number: int) -> list[str]:
    timeline = conversation.read(actor, number).timeline
    return [
        entry.message.text
        for entry in timeline
        if isinstance(entry, conversation.Said) and entry.message.automatic is None
    ]


def shown_to_citizen(number: int, at=AFTER + timedelta(days=1)) -> list[str]:
    ground.commit()
    return [row.text for row in following.messages(number, at)]


def reread(ticket: Ticket) -> Ticket:
    ground.commit()
    db.session.refresh(ticket)
    return ticket


def test_a_merged_ticket_goes_on_in_the_other_and_both_journals_know(agent, first, again):
    tickets.merge(agent, again.id, first.id, at=LATER)
    assert (again.status, again.merged_into_id, again.survivor_id) == ("merged", first.id, first.id)
    assert kinds(again)[-1] == "ticket_merged"
    assert kinds(first)[-1] == "merge_received"
    assert records.ticket(agent, again.id)["links"] == [{"kind": "merged", "number": str(first.id)}]
    assert records.ticket(agent, again.id)["merged_into"] == str(first.id)
    assert [fault for fault in invariants.broken(LATER) if "ticket" in fault.thing] == []


def test_what_was_said_on_both_stands_on_the_survivor_in_the_order_of_time(agent, first, again):
    a_message(again, text="Και χθες έτσι ήταν.", at=NOON + timedelta(minutes=5))
    tickets.merge(agent, again.id, first.id, at=LATER)
    replies.note(agent, first.id, "Δύο κλήσεις.", at=AFTER)
    assert texts(agent, first.id) == ["Έσβησε το φως.", "Ακόμα σβηστό.", "Και χθες έτσι ήταν.", "Δύο κλήσεις."]
    said = [one for one in conversation.read(agent, first.id).timeline if isinstance(one, conversation.Said)]
    marked = [entry.elsewhere for entry in said if entry.message.automatic is None]
    assert marked == [None, again.id, again.id, None]
    assert conversation.read(agent, first.id).older == 0
    assert {item["ticket"] for item in records.messages(agent, first.id, None, 50)[0]} == {
        str(first.id), str(again.id)
    }  # fmt: skip


@pytest.mark.parametrize("waits", ["needs_information", "supplier_works", None])
def test_parting_brings_back_how_it_stood(agent, first, again, waits):
    tickets.take(agent, again.id, at=NOON)
    until = LATER + timedelta(days=2)
    if waits:
        tickets.wait(agent, again.id, waits, until, at=NOON)
    before = (again.status, again.waiting_reason, again.waiting_until, again.assignee_id, again.closed_at)
    tickets.merge(agent, again.id, first.id, at=LATER)
    assert (again.waiting_reason, again.waiting_until) == (None, None)
    tickets.unmerge(agent, again.id, at=AFTER)
    reread(again)
    assert (again.status, again.waiting_reason, again.waiting_until, again.assignee_id, again.closed_at) == before
    assert (again.survivor_id, again.merged_into_id) == (None, None)
    assert (kinds(again)[-1], kinds(first)[-1]) == ("ticket_unmerged", "merge_undone")
    assert db.session.query(Link).count() == 0
    assert texts(agent, first.id) == ["Έσβησε το φως."]
    assert [fault for fault in invariants.broken(AFTER) if "ticket" in fault.thing] == []


def test_what_goes_into_a_merged_ticket_goes_into_the_one_that_survives(agent, department, first, again, anna):
    third = a_ticket(department_id=department.id, requester=anna)
    tickets.merge(agent, again.id, first.id, at=LATER)
    tickets.merge(agent, third.id, again.id, at=LATER)
    assert third.survivor_id == third.merged_into_id == first.id


def test_a_survivor_may_be_merged_and_takes_along_what_it_received(agent, department, first, again, anna):
    third = a_ticket(department_id=department.id, requester=anna, text="Τρίτη φορά.")
    tickets.merge(agent, again.id, first.id, at=LATER)
    tickets.merge(agent, first.id, third.id, at=LATER)
    assert reread(again).survivor_id == third.id
    assert again.merged_into_id == first.id
    assert sorted(texts(agent, third.id)) == sorted(["Έσβησε το φως.", "Ακόμα σβηστό.", "Τρίτη φορά."])
    tickets.unmerge(agent, first.id, at=AFTER)
    assert reread(again).survivor_id == first.id
    assert sorted(texts(agent, first.id)) == sorted(["Έσβησε το φως.", "Ακόμα σβηστό."])
    assert texts(agent, third.id) == ["Τρίτη φορά."]


def test_one_of_several_that_went_along_can_be_parted_alone(agent, department, first, again, anna):
    third = a_ticket(department_id=department.id, requester=anna)
    tickets.merge(agent, again.id, first.id, at=LATER)
    tickets.merge(agent, first.id, third.id, at=LATER)
    tickets.unmerge(agent, again.id, at=AFTER)
    assert reread(again).survivor_id is None
    assert reread(first).survivor_id == third.id


def test_no_ticket_is_merged_into_itself_or_in_a_circle(agent, first, again):
    with pytest.raises(Invalid):
        tickets.merge(agent, first.id, first.id)
    tickets.merge(agent, again.id, first.id, at=LATER)
    with pytest.raises(Stale) as refused:
        tickets.merge(agent, first.id, again.id)
    assert refused.value.code == "circle"
    assert reread(first).status == "new"


@pytest.mark.parametrize("end", ["resolve", "cancel"])
def test_nothing_is_merged_into_what_nobody_works_on(agent, first, again, end):
    if end == "resolve":
        tickets.resolve(agent, first.id, "solved", "Έγινε.", at=NOON)
    else:
        tickets.cancel(agent, first.id, "λάθος", at=NOON)
    with pytest.raises(Stale) as refused:
        tickets.merge(agent, again.id, first.id, at=LATER)
    assert (refused.value.code, list(refused.value.fields)) == ("survivor-finished", ["into"])
    assert reread(again).status == "new"


def test_the_actor_must_see_and_work_both(agent, first, department):
    elsewhere = a_department()
    foreign = a_ticket(department_id=elsewhere.id, requester=a_citizen())
    hidden = a_ticket(department_id=elsewhere.id, restricted=True)
    ground.commit()
    for one, into in ((first, foreign), (foreign, first)):
        with pytest.raises(Forbidden):
            tickets.merge(agent, one.id, into.id, different_people=True)
    with pytest.raises(Invalid) as refused:
        tickets.merge(agent, first.id, hidden.id, different_people=True)
    assert "into" in refused.value.fields
    with pytest.raises(NotFound):
        tickets.merge(agent, hidden.id, first.id, different_people=True)


def test_what_is_hidden_is_not_shown_by_merging_it_into_what_is_not(agent, first, again):
    tickets.restrict(agent, again.id, at=NOON)
    with pytest.raises(Stale) as refused:
        tickets.merge(agent, again.id, first.id)
    assert refused.value.code == "survivor-shown"
    tickets.restrict(agent, first.id, at=NOON)
    assert tickets.merge(agent, again.id, first.id).status == "merged"


def test_other_people_are_joined_only_on_purpose(agent, first, second):
    with pytest.raises(Invalid) as refused:
        tickets.merge(agent, second.id, first.id)
    assert list(refused.value.fields) == ["different_people"]
    assert tickets.merge(agent, second.id, first.id, different_people=True).status == "merged"


def test_who_asked_in_the_merged_one_is_told_once_in_their_language(agent, department, first, second):
    third = a_ticket(department_id=department.id)
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    tickets.merge(agent, first.id, third.id, different_people=True, at=LATER)
    assert letters(second.id) == [("merged", "boris@example.org")]
    [row] = db.session.query(Outbound).filter_by(ticket_id=second.id, template="merged")
    assert "about the same thing as another one" in row.payload["text"]
    assert str(first.id) not in row.payload["text"] and "Άννα" not in row.payload["text"]


def test_who_asked_twice_reads_under_which_number_it_goes_on(agent, first, again):
    tickets.merge(agent, again.id, first.id, at=LATER)
    ground.commit()
    [row] = db.session.query(Outbound).filter_by(ticket_id=again.id, template="merged")
    assert f"{again.id} και {first.id}" in row.payload["text"]


def test_what_was_merged_by_mistake_and_parted_at_once_is_never_told(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    tickets.unmerge(agent, second.id, at=LATER + timedelta(seconds=20))
    ground.commit()
    rows = db.session.query(Outbound).filter_by(ticket_id=second.id).filter(Outbound.template != "received")
    assert [(row.template, row.state) for row in rows] == [("merged", "withdrawn")]


def test_what_is_parted_later_is_told(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    ground.commit()
    db.session.query(Outbound).update({"state": "sent", "settled_at": AFTER, "attempts": 1})
    tickets.unmerge(agent, second.id, at=AFTER)
    assert letters(second.id)[-1] == ("unmerged", "boris@example.org")


def test_an_answer_goes_to_all_who_asked_each_in_a_letter_of_their_own(agent, department, first, second, boris):
    more = a_ticket(department_id=department.id, requester=boris, text="Still out.")
    for one in (second, more):
        tickets.merge(agent, one.id, first.id, different_people=True, at=LATER)
    replies.reply(agent, first.id, "Το συνεργείο έρχεται αύριο.", at=AFTER)
    assert letters(first.id) == [("answered", "anna@example.org")]
    assert letters(second.id) == [("merged", "boris@example.org"), ("answered", "boris@example.org")]
    assert letters(more.id) == [("merged", "boris@example.org")]
    [sent] = db.session.query(Outbound).filter_by(ticket_id=second.id, template="answered")
    assert str(first.id) not in sent.payload["text"] and "Έσβησε το φως" not in sent.payload["text"]
    assert texts(agent, first.id).count("Το συνεργείο έρχεται αύριο.") == 1
    [entry] = [one for one in conversation.read(agent, first.id).timeline if getattr(one, "copies", ())]
    assert {copy.ticket_id for copy in entry.copies} == {second.id, more.id}


def test_each_citizen_reads_their_own_words_and_our_answers_and_nobody_elses(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    replies.reply(agent, first.id, "Το συνεργείο έρχεται αύριο.", at=AFTER)
    hers, his = shown_to_citizen(first.id), shown_to_citizen(second.id)
    assert hers == ["Το συνεργείο έρχεται αύριο.", "Έσβησε το φως."]
    assert his == ["Το συνεργείο έρχεται αύριο.", "The lamp is out, my address is Rose Street 7."]


def test_who_asked_twice_reads_both_in_one_place(agent, first, again):
    tickets.merge(agent, again.id, first.id, at=LATER)
    assert set(shown_to_citizen(first.id)) == {"Ακόμα σβηστό.", "Έσβησε το φως."}


def test_a_resolution_goes_to_all_who_asked(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    tickets.resolve(agent, first.id, "solved", "Άναψε.", at=AFTER)
    assert letters(second.id)[-1] == ("resolved", "boris@example.org")
    assert "Άναψε." in shown_to_citizen(second.id)
    tickets.close(agent, first.id, at=AFTER)
    assert letters(second.id)[-1] == ("closed", "boris@example.org")


def test_an_internal_note_goes_to_nobody(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    replies.note(agent, first.id, "Μόνο για μας.", at=AFTER)
    assert "Μόνο για μας." not in shown_to_citizen(second.id) + shown_to_citizen(first.id)


def test_a_reply_taken_back_is_taken_back_everywhere(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    message = replies.reply(agent, first.id, "Λάθος κείμενο", at=AFTER)
    replies.withdraw(agent, message.id, at=AFTER + timedelta(seconds=3))
    ground.commit()
    answers = db.session.query(Outbound).filter_by(template="answered")
    assert {row.state for row in answers} == {"withdrawn"}
    assert kinds(second)[-1] == "reply_withdrawn"
    assert "Λάθος κείμενο" not in shown_to_citizen(second.id)


def test_a_reply_of_which_a_copy_has_left_stays_whole(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    message = replies.reply(agent, first.id, "Ερχόμαστε.", at=AFTER)
    ground.commit()
    db.session.query(Outbound).filter_by(ticket_id=second.id, template="answered").update({"attempts": 1})
    ground.commit()
    with pytest.raises(Stale):
        replies.withdraw(agent, message.id, at=AFTER)
    assert {row.state for row in db.session.query(Outbound).filter_by(template="answered")} == {"waiting"}


def a_letter_about(number: int, words: str, person, **given) -> intake.Arrival:
    contact = Contact(person.email, person.name)
    return intake.Arrival("email", AFTER, contact, "Re:", words, signed=(number,), **given)


def test_mail_that_answers_a_merged_ticket_joins_the_survivor_and_stays_its_senders(agent, first, second, boris):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    tickets.wait(agent, first.id, "needs_information", at=LATER)
    [taken] = intake.take_in([a_letter_about(second.id, "It blinks now.", boris)], AFTER)
    ground.commit()
    assert (taken.ticket_id, taken.opened) == (second.id, False)
    assert reread(first).status == "open"
    assert kinds(first)[-2:] == ["message_received", "status_changed"]
    assert texts(agent, first.id)[-1] == "It blinks now."
    assert "It blinks now." not in shown_to_citizen(first.id)
    assert "It blinks now." in shown_to_citizen(second.id)
    assert reread(second).status == "merged"


def test_what_the_citizen_adds_on_their_page_reopens_what_survives(agent, first, second, boris):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    tickets.resolve(agent, first.id, "solved", "Άναψε.", at=AFTER)
    citizen = Actor(ActorKind.CITIZEN, boris.id)
    message = replies.citizen_writes(citizen, second.id, "Not here.", at=AFTER + timedelta(hours=1))
    assert message.ticket_id == second.id
    assert (reread(first).status, first.reopened) == ("open", 1)


def test_after_the_survivor_is_closed_a_new_request_follows_the_citizens_own(agent, first, second, boris):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    tickets.resolve(agent, first.id, "solved", "Άναψε.", at=AFTER)
    tickets.close(agent, first.id, at=AFTER)
    [taken] = intake.take_in([a_letter_about(second.id, "Out again.", boris)], AFTER)
    ground.commit()
    assert taken.opened
    [link] = db.session.query(Link).filter_by(to_id=taken.ticket_id)
    assert (link.kind, link.from_id) == ("follow_up", second.id)


def test_a_stranger_to_the_merged_ticket_joins_nothing(agent, first, second, anna):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    [taken] = intake.take_in([a_letter_about(second.id, "Ποιος είναι ο Boris;", anna)], AFTER)
    assert taken.opened


def test_a_merged_ticket_is_not_answered(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    with pytest.raises(Stale) as refused:
        replies.reply(agent, second.id, "Ερχόμαστε.", at=AFTER)
    assert refused.value.code == "merged" and str(first.id) in refused.value.detail


def test_who_was_writing_while_a_ticket_was_merged_reads_first(agent, first, second):
    seen = max(message.id for message in db.session.query(Message))
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    ground.commit()
    with pytest.raises(Stale) as refused:
        replies.reply(agent, first.id, "Ερχόμαστε.", seen=seen, merged=0, at=AFTER)
    assert refused.value.code == "unread"
    assert replies.reply(agent, first.id, "Ερχόμαστε.", seen=seen, merged=1, at=AFTER).text == "Ερχόμαστε."


def test_what_stands_on_a_merged_ticket_is_read_by_who_reads_the_survivor(department, first, again):
    for one in (first, again):
        tickets.restrict(an_administrator(), one.id, at=NOON)
    tickets.merge(an_administrator(), again.id, first.id, at=LATER)
    tickets.transfer(an_administrator(), first.id, a_department().id, "εκεί", at=AFTER)
    colleague = an_agent(first_department(first))
    assert "Ακόμα σβηστό." in texts(colleague, first.id)
    with pytest.raises(NotFound):
        conversation.read(colleague, again.id)


def first_department(ticket: Ticket):
    from_id = reread(ticket).department_id
    return type("Place", (), {"id": from_id})()


def test_the_letters_of_a_merged_ticket_settle_and_bounce_like_others(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, at=LATER)
    replies.reply(agent, first.id, "Ερχόμαστε.", at=AFTER)
    ground.commit()
    [row] = db.session.query(Outbound).filter_by(ticket_id=second.id, template="answered")
    back = outbox.bounced(row.external_id, (second.id,), ("boris@example.org",), "mailbox full", AFTER)
    assert back is not None and back.ticket_id == second.id
    [copy] = db.session.query(Message).filter(Message.copy_of_id.is_not(None))
    db.session.refresh(copy)
    assert copy.delivery_state == "bounced"


def test_the_facts_hold_no_words(agent, first, second):
    tickets.merge(agent, second.id, first.id, different_people=True, note="Ο Boris γράφει πολλά.", at=LATER)
    ground.flush_pending()
    assert "Boris" not in str([fact.event.data() for fact in journal.of(second.id)])
