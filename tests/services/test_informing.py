"""Keeping people informed: one letter a public change, none twice, none at night, and a note of why none."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.models.informing import Informed, Silence
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Participant
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import callbacks, informing, replies, rulebook, tickets, timers
from helpdesk.services.automatic import MAY_NOT_ANSWER
from helpdesk.vocabulary import ActorKind, RulebookKind
from tests.builders import (
    NOON,
    a_citizen,
    a_customer,
    a_department,
    a_message,
    a_ticket,
    an_agent,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("body")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_OUT = table(Outbound)


@pytest.fixture
def ours():
    return a_department(phone="2310 000000", names={"el": "Ηλεκτροφωτισμός", "en": "Street lighting"})


@pytest.fixture
def agent(ours):
    return an_agent(ours)


@pytest.fixture
def ticket(ours):
    return a_ticket(department_id=ours.id)


def left(ticket) -> list[Outbound]:
    """The letters that leave, in their order, without the receipt."""
    ground.flush_pending()
    db.session.expire_all()
    rows = db.session.query(Outbound).filter_by(ticket_id=ticket.id).filter(Outbound.state != "withdrawn")
    return [row for row in rows.order_by(Outbound.id) if row.template != "received"]


def subjects(ticket) -> list[str]:
    return [row.payload["subject"].split("] ")[1].split(":")[0] for row in left(ticket)]


def notes(ticket) -> list[tuple[str, str]]:
    ground.flush_pending()
    db.session.expire_all()
    rows = db.session.query(Informed).filter_by(ticket_id=ticket.id).order_by(Informed.id)
    return [(row.change, row.telling) for row in rows]


def citizen(ticket) -> Actor:
    return Actor(ActorKind.CITIZEN, ticket.requester_id)


def sent(ticket) -> None:
    """What waits for this ticket has left."""
    ground.flush_pending()
    rows = update(_OUT).where(_OUT.c.ticket_id == ticket.id, _OUT.c.state == "waiting")
    db.session.execute(rows.values(state="sent", settled_at=_OUT.c.due_at, attempts=1))


def test_who_asked_learns_once_that_somebody_works_on_it(ticket, agent):
    tickets.take(agent, ticket.id, at=NOON + HOUR)
    [letter] = left(ticket)
    assert letter.payload["subject"] == f"[{ticket.id}] Κάποιος ασχολείται με το αίτημά σας: Δεν ανάβει το φως"
    assert "Ηλεκτροφωτισμός" in letter.payload["text"] and "2310 000000" in letter.payload["text"]
    assert letter.due_at == NOON + HOUR + informing.GRACE
    assert notes(ticket) == [("taken_up", "letter")]
    sent(ticket)
    tickets.assign(agent, ticket.id, None, at=NOON + 2 * HOUR)
    tickets.take(agent, ticket.id, at=NOON + 2 * HOUR)
    assert len(left(ticket)) == 1


def test_an_answer_says_that_somebody_works_on_it(ticket, agent):
    replies.reply(agent, ticket.id, "Το βλέπουμε.", at=NOON + HOUR)
    assert [row.template for row in left(ticket)] == ["answered"]
    assert notes(ticket) == [("taken_up", "covered")]


def test_an_answer_soon_after_takes_the_place_of_the_letter(ticket, agent):
    tickets.take(agent, ticket.id, at=NOON + HOUR)
    replies.reply(agent, ticket.id, "Το βλέπουμε.", at=NOON + HOUR + informing.GRACE / 2)
    assert [row.template for row in left(ticket)] == ["answered"]
    assert notes(ticket) == [("taken_up", "replaced")]


def test_an_answer_with_a_move_is_one_letter(ticket, agent):
    fields = {"reason": "needs_information"}
    replies.reply(agent, ticket.id, "Ποια κολόνα;", then="wait", then_fields=fields, at=NOON + HOUR)
    assert [row.template for row in left(ticket)] == ["answered"]
    assert ("needs_citizen", "covered") in notes(ticket)


@pytest.mark.parametrize(
    ("reason", "headline"),
    [
        ("needs_document", "Το αίτημά σας περιμένει κάτι από εσάς"),
        ("supplier_works", "Το αίτημά σας περιμένει ενέργεια άλλων"),
        ("other_department", "Το αίτημά σας περιμένει ενέργεια άλλων"),
        ("agreed_date", "Ορίστηκε ημερομηνία για το αίτημά σας"),
    ],
)
def test_waiting_and_going_on_are_told(ticket, agent, reason, headline):
    tickets.take(agent, ticket.id, at=NOON)
    sent(ticket)
    tickets.wait(agent, ticket.id, reason, at=NOON + HOUR)
    sent(ticket)
    tickets.resume(agent, ticket.id, at=NOON + 2 * HOUR)
    assert subjects(ticket)[1:] == [headline, "Συνεχίζουμε με το αίτημά σας"]


def test_what_waited_for_a_moment_only_was_never_told(ticket, agent):
    tickets.take(agent, ticket.id, at=NOON)
    sent(ticket)
    tickets.wait(agent, ticket.id, "needs_document", at=NOON + HOUR)
    tickets.resume(agent, ticket.id, at=NOON + HOUR + informing.GRACE / 3)
    assert subjects(ticket) == ["Κάποιος ασχολείται με το αίτημά σας"]
    assert notes(ticket) == [("taken_up", "letter"), ("needs_citizen", "replaced"), ("resumed", "replaced")]


def test_what_happened_all_at_once_is_told_as_it_stands_in_the_end(ticket, agent):
    for at, move in enumerate((tickets.take, tickets.resume)):
        if at:
            tickets.wait(agent, ticket.id, "supplier_works", at=NOON + at * MINUTE / 10)
        move(agent, ticket.id, at=NOON + at * MINUTE / 8)
    assert subjects(ticket) == ["Συνεχίζουμε με το αίτημά σας"]


def test_who_answers_us_is_not_told_that_we_go_on(ticket, agent):
    tickets.wait(agent, ticket.id, "needs_document", at=NOON)
    sent(ticket)
    replies.citizen_writes(citizen(ticket), ticket.id, "Ορίστε.", at=NOON + HOUR)
    assert notes(ticket)[-1] == ("resumed", "own_act")
    assert len(left(ticket)) == 1


def test_another_department_is_a_change(ticket, agent):
    other = a_department(names={"el": "Ύδρευση"})
    tickets.transfer(agent, ticket.id, other.id, "ΛΕΞΗ-ΕΣΩΤΕΡΙΚΗ", "κι άλλη", at=NOON + HOUR)
    [letter] = left(ticket)
    assert "Στο αίτημά σας θα απαντήσει άλλη υπηρεσία μας" in letter.payload["subject"]
    assert "Ύδρευση" in letter.payload["text"] and "ΛΕΞΗ" not in str(letter.payload)


def test_an_end_without_a_solution_is_told_without_its_reason(ticket, agent):
    tickets.cancel(agent, ticket.id, "ΛΕΞΗ-ΕΣΩΤΕΡΙΚΗ", at=NOON + HOUR)
    [letter] = left(ticket)
    assert "Το αίτημά σας τερματίστηκε" in letter.payload["subject"] and "ΛΕΞΗ" not in str(letter.payload)


def test_an_escalation_is_told_once_without_its_reason(ours, ticket):
    boss, agent = an_agent(ours), an_agent(ours)
    tickets.escalate(agent, ticket.id, "ΛΕΞΗ-ΕΣΩΤΕΡΙΚΗ", person=None, at=NOON + HOUR)
    assert boss.id and all("ΛΕΞΗ" not in str(row.payload) for row in left(ticket) if row.template == "progress")


def test_a_promised_call_is_told_with_its_hours(ticket, agent):
    begins = NOON + timedelta(days=1)
    callbacks.promise(agent, ticket.id, begins, begins + HOUR, at=NOON)
    [letter] = left(ticket)
    assert "25 Νοε 2026, 12:00" in letter.payload["text"] and "13:00" in letter.payload["text"]


def test_a_letter_speaks_the_language_of_the_request(ours, agent):
    ticket = a_ticket(department_id=ours.id, language="en")
    tickets.take(agent, ticket.id, at=NOON)
    text = left(ticket)[0].payload["text"]
    assert "Somebody at Street lighting is working on your request." in text
    assert not any("α" <= letter <= "ω" for letter in text.replace("Δήμος Δοκιμής", ""))


def test_a_rule_may_name_another_language(ours, agent, ticket):
    enact(taken_up={"requester": {"language": "en"}})
    tickets.take(agent, ticket.id, at=NOON)
    assert "Somebody works on your request" in left(ticket)[0].payload["subject"]


def test_what_no_rule_names_is_not_told(ours, agent, ticket):
    enact(taken_up={})
    tickets.take(agent, ticket.id, at=NOON)
    assert (left(ticket), notes(ticket)) == ([], [])


def test_who_declined_gets_what_may_be_declined_no_more(agent, ticket):
    db.session.add(Silence(ticket_id=ticket.id, person_id=ticket.requester_id, at=NOON))
    tickets.take(agent, ticket.id, at=NOON)
    tickets.wait(agent, ticket.id, "needs_document", at=NOON + HOUR)
    assert notes(ticket) == [("taken_up", "silenced"), ("needs_citizen", "letter")]


def test_why_nobody_was_told_is_noted(ours, agent):
    deaf = a_ticket(department_id=ours.id, requester=a_citizen(email=None))
    quiet, machine = a_ticket(department_id=ours.id), a_ticket(department_id=ours.id, automatic="auto-reply")
    a_message(quiet, warnings=[MAY_NOT_ANSWER])
    for one in (deaf, quiet, machine):
        tickets.take(agent, one.id, at=NOON)
        tickets.resolve(agent, one.id, "solved", "Έγινε.", at=NOON + HOUR)
    assert notes(deaf) == [("taken_up", "no_address"), ("resolved", "no_address")]
    assert notes(quiet)[0] == ("taken_up", "unwelcome")
    assert notes(machine)[0] == ("taken_up", "machine")


def test_others_concerned_are_told_where_a_rule_says_so_and_get_no_key_to_the_request(ours, agent):
    enact(taken_up={"requester": {}, "participant": {}, "on_behalf": {}, "owner": {}})
    mother, neighbour = a_citizen(language="en"), a_citizen()
    ticket = a_ticket(department_id=ours.id, on_behalf_of_id=mother.id)
    db.session.add(Participant(ticket_id=ticket.id, person_id=neighbour.id, added_at=NOON))
    tickets.take(agent, ticket.id, at=NOON)
    found = {row.payload["to_address"]: row for row in left(ticket)}
    assert len(found) == 4
    for person in (mother, neighbour):
        told = found[person.email]
        assert "code=" not in told.payload["text"] and ticket.subject not in str(told.payload)
    assert "This is about request" in found[mother.email].payload["text"]


def test_a_letter_that_may_wait_leaves_in_the_morning(agent, ticket):
    late = datetime.fromisoformat("2026-11-24T21:00:00+02:00")
    tickets.take(agent, ticket.id, at=late - timedelta(minutes=10))
    assert left(ticket)[0].due_at == late - timedelta(minutes=10) + informing.GRACE
    sent(ticket)
    tickets.wait(agent, ticket.id, "needs_document", at=late)
    assert left(ticket)[1].due_at == datetime.fromisoformat("2026-11-25T08:00:00+02:00")


def test_an_answer_by_a_person_leaves_at_once_also_at_night(agent, ticket):
    late = datetime.fromisoformat("2026-11-25T02:00:00+02:00")
    tickets.take(agent, ticket.id, at=late)
    replies.reply(agent, ticket.id, "Ήρθαμε.", at=late + HOUR)
    [letter] = left(ticket)
    assert (letter.template, letter.due_at) == ("answered", late + HOUR + timedelta(seconds=30))


def test_a_merge_that_is_undone_at_once_is_never_told(ours, agent, ticket):
    other = a_ticket(department_id=ours.id)
    tickets.merge(agent, ticket.id, other.id, different_people=True, at=NOON)
    tickets.unmerge(agent, ticket.id, at=NOON + informing.GRACE / 2)
    assert left(ticket) == []


def test_the_customer_body_learns_of_a_missed_promise_once_in_its_language(ours):
    customer = a_customer(contact_email="board@example.org", language="en")
    ticket = a_ticket(department_id=ours.id, customer_id=customer.id, priority="critical")
    for day in (1, 2):
        timers.tick(NOON + timedelta(days=day))
    told = [row.payload for row in left(ticket) if row.template == "agreement"]
    assert [payload["to_address"] for payload in told] == ["board@example.org"] * 2
    assert all("An agreed time was missed" in payload["subject"] for payload in told)
    about = [row.about for row in db.session.query(Informed).filter_by(ticket_id=ticket.id, change="missed")]
    assert sorted(about) == ["first_response 1", "resolution 1"]


def test_the_usual_promise_warns_who_asked_before_it_is_missed(ours, agent, ticket):
    tickets.take(agent, ticket.id, at=NOON)
    due = timers.read_all({ticket.id: NOON})[ticket.id]
    ends = next(reading.due_at for promise, reading in due if promise.clock == "resolution")
    timers.tick(ends - timedelta(minutes=5))
    [letter] = [row for row in left(ticket) if row.template == "delayed"]
    assert (
        letter.due_at < ends and "2310 000000" in letter.payload["text"] and "Ηλεκτροφωτισμός" in letter.payload["text"]
    )
    timers.tick(ends + timedelta(days=9))
    assert len([row for row in left(ticket) if row.template == "delayed"]) == 1
    assert ("delayed", "letter") in notes(ticket)


def enact(**cells) -> None:
    """Puts the usual rules in force with these changes told otherwise."""
    data = rulebook.in_force(RulebookKind.INFORMING).value.to_dict()
    data["rules"] |= cells
    rulebook.enact(RulebookKind.INFORMING, "default", data, at=NOON, actor=SYSTEM)
