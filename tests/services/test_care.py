"""People to be handled with care: said by those who lead, with a reason, with an effect that is the body's rule."""

from datetime import timedelta

import pytest

from helpdesk.db import commit, db
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.events import TicketClassified
from helpdesk.models.clocks import TicketClock
from helpdesk.models.tickets import Ticket
from helpdesk.services import care, catalogue, house, intake, journal, tickets, upkeep
from helpdesk.services.people import Contact
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_supervisor,
    a_ticket,
    an_administrator,
    an_agent,
)
from tests.services.test_search import statements

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def lead():
    found = a_supervisor(a_department())
    catalogue.changed(NOON)
    return found


def asked(person, **given):
    arrival = intake.Arrival("email", NOON, Contact(person.email, person.name), "Α", "Β", **given)
    [taken] = intake.take_in([arrival], NOON)
    commit()
    return db.session.get(Ticket, taken.ticket_id)


def test_who_leads_says_so_with_a_reason_and_the_log_keeps_it_without_its_words(lead):
    person = a_citizen()
    care.mark(lead, person.id, "vulnerable", "Δεν βλέπει", at=NOON)
    assert (person.care, person.care_reason) == ("vulnerable", "Δεν βλέπει")
    [deed] = house.deeds("person").rows
    assert deed.data == {"care": [None, "vulnerable"], "care_reason": None}
    care.mark(lead, person.id, None, at=NOON)
    assert (person.care, person.care_reason) == (None, "")


@pytest.mark.parametrize(("kind", "reason", "field"), [("rich", "α", "care"), ("vip", " ", "reason")])
def test_a_reason_is_needed_and_only_ours_count(lead, kind, reason, field):
    person = a_citizen()
    with pytest.raises(Invalid) as refused:
        care.mark(lead, person.id, kind, reason, at=NOON)
    assert field in refused.value.fields


def test_agents_may_not_and_strangers_are_not_found(lead):
    person = a_citizen()
    commit()
    with pytest.raises(Forbidden):
        care.mark(an_agent(a_department()), person.id, "vip", "α", at=NOON)
    with pytest.raises(NotFound):
        care.mark(lead, 99_999, "vip", "α", at=NOON)


def test_their_requests_have_at_least_the_urgency_that_the_body_decided(lead):
    person, other = a_citizen(), a_citizen()
    care.mark(lead, person.id, "vulnerable", "Δεν βλέπει", at=NOON)
    theirs, usual = asked(person), asked(other)
    assert (theirs.urgency, theirs.priority, theirs.priority_reason) == ("high", "high", "care")
    assert (usual.urgency, usual.priority, usual.priority_reason) == ("medium", "normal", "matrix")
    for_them = asked(other, on_behalf_of=Contact(person.email))
    assert for_them.urgency == "high"
    pressing = asked(person, wish=intake.Wish(urgency="high"))
    assert pressing.priority_reason == "matrix"


def test_the_rule_is_the_body_s(lead):
    root, person = an_administrator(), a_citizen()
    care.mark(lead, person.id, "vulnerable", "Δεν βλέπει", at=NOON)
    care.decide(root, {"vulnerable": None}, at=NOON)
    assert asked(person).urgency == "medium"
    assert care.rule() == {"vulnerable": None, "vip": None}
    assert house.deeds("care").rows[0].data == {"vulnerable": ["high", None]}
    with pytest.raises(Forbidden):
        care.decide(lead, {"vip": "high"}, at=NOON)
    with pytest.raises(Invalid):
        care.decide(root, {"vip": "now"}, at=NOON)


def test_it_costs_no_statement_of_its_own(lead):
    person, other = a_citizen(), a_citizen()
    asked(other)
    with statements() as without:
        asked(other)
    care.mark(lead, person.id, "vulnerable", "Δεν βλέπει", at=NOON)
    asked(person)
    with statements() as having:
        asked(person)
    assert len(having) == len(without)


def test_silence_never_closes_theirs(lead):
    root, person = an_administrator(), a_citizen()
    care.mark(lead, person.id, "vip", "Δήμαρχος", at=NOON)
    plain, theirs = a_ticket(), a_ticket(requester=person)
    for_them, incident = a_ticket(on_behalf_of_id=person.id), a_ticket(type="security_incident")
    for ticket in (plain, theirs, for_them, incident):
        tickets.resolve(root, ticket.id, "solved", "Έγινε.", at=NOON)
    commit()
    upkeep.close_silent(NOON + timedelta(days=30))
    assert [one.status for one in (plain, theirs, for_them, incident)] == ["closed", *["resolved"] * 3]


def test_marking_somebody_raises_their_open_requests_too_with_a_fact_and_new_targets(lead):
    person = a_citizen()
    theirs, other = asked(person), asked(a_citizen())
    for_them = asked(a_citizen(), on_behalf_of=Contact(person.email))
    done, pressing = asked(person), asked(person, wish=intake.Wish(urgency="high"))
    done.status = "closed"
    before = targets(theirs)
    commit()
    care.mark(lead, person.id, "vulnerable", "Δεν βλέπει", at=NOON + timedelta(hours=1))
    commit()
    db.session.expire_all()
    assert [one.urgency for one in (theirs, for_them, other, done)] == ["high", "high", "medium", "medium"]
    assert (theirs.priority, theirs.priority_reason) == ("high", "care")
    [fact] = [one.event for one in journal.of(theirs.id) if isinstance(one.event, TicketClassified)]
    assert fact.previous == {"urgency": "medium", "priority": "normal"} and "Δεν" not in str(fact)
    assert targets(theirs) < before
    assert not any(isinstance(one.event, TicketClassified) for one in journal.of(pressing.id))


def test_a_priority_that_somebody_chose_is_not_lowered_by_it(lead):
    person = a_citizen()
    theirs = asked(person)
    tickets.classify(an_administrator(), theirs.id, priority="critical", reason="Κίνδυνος", at=NOON)
    care.mark(lead, person.id, "vulnerable", "Δεν βλέπει", at=NOON)
    commit()
    db.session.refresh(theirs)
    assert (theirs.urgency, theirs.priority, theirs.priority_reason) == ("high", "critical", "overridden")


def test_where_the_body_wants_nothing_or_the_mark_goes_nothing_is_raised(lead):
    person = a_citizen()
    theirs = asked(person)
    care.mark(lead, person.id, "vip", "Δήμαρχος", at=NOON)
    care.mark(lead, person.id, None, at=NOON)
    assert theirs.urgency == "medium"


def targets(ticket):
    """When each of its running clocks is due."""
    rows = db.session.query(TicketClock).filter_by(ticket_id=ticket.id).order_by(TicketClock.name)
    return [row.due_at for row in rows if row.due_at]
