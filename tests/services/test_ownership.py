"""Every ticket of a department has one case owner: by default, then whoever works on it first; kept when it moves."""

import pytest

from helpdesk.db import db, flush_pending
from helpdesk.errors import Stale
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Membership, Staff
from helpdesk.models.tickets import Ticket
from helpdesk.services import absences, catalogue, handovers, intake, invariants, journal, ownership, tickets
from helpdesk.services.absences import Leave
from helpdesk.services.intake import NewTicket
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_administrator, an_agent
from tests.services.test_absences import DAY

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def anna(place):
    return an_agent(place)


@pytest.fixture
def lead(place, anna):
    found = an_agent(place)
    db.session.get(Membership, (found.id, place.id)).lead = True
    catalogue.changed(NOON)
    return found


def opened(actor, department=None, at=NOON):
    new = NewTicket("Λάμπα", "Δεν ανάβει.", name="Μαρία", email="m@example.org", department=department)
    number = intake.take_down(actor, new, at=at).ticket_id
    flush_pending()
    return db.session.get(Ticket, number, populate_existing=True)


def owners(ticket):
    flush_pending()
    facts = [one.event.data() for one in journal.of(ticket.id) if one.type in ("ticket_routed", "owner_changed")]
    return [data["owner_id"] for data in facts if "owner_id" in data]


def test_a_ticket_that_finds_its_department_has_an_owner_at_once(place, anna, lead):
    ticket = opened(anna, place.key)
    assert (ticket.owner_id, ticket.owner_by_default, ticket.assignee_id) == (lead.id, True, None)
    assert owners(ticket) == [lead.id]


def test_a_ticket_in_triage_has_none_until_somebody_sends_it_on(place, anna, lead):
    ticket = opened(anna)
    assert (ticket.department_id, ticket.owner_id) == (None, None)
    tickets.transfer(anna, ticket.id, place.id, "δικό σας", at=NOON)
    assert (ticket.owner_id, ticket.owner_by_default) == (lead.id, True)


def test_who_takes_it_first_answers_for_it_and_the_next_does_not(place, anna, lead):
    nikos = an_agent(place)
    catalogue.changed(NOON)
    ticket = opened(anna, place.key)
    tickets.take(anna, ticket.id, at=NOON)
    assert (ticket.owner_id, ticket.owner_by_default) == (anna.id, False)
    tickets.assign(anna, ticket.id, nikos.id, at=NOON)
    assert (ticket.owner_id, ticket.assignee_id) == (anna.id, nikos.id)
    assert owners(ticket) == [lead.id, anna.id]


def test_the_owner_stays_when_it_moves_also_one_by_default(place, anna, lead):
    other = a_department()
    eleni = an_agent(other)
    catalogue.changed(NOON)
    ticket = opened(anna, place.key)
    tickets.transfer(anna, ticket.id, other.id, "αλλού", at=NOON)
    tickets.take(eleni, ticket.id, at=NOON)
    assert (ticket.owner_id, ticket.assignee_id, ticket.department_id) == (lead.id, eleni.id, other.id)


def test_a_case_goes_along_where_that_is_said(place, anna, lead):
    other = a_department()
    eleni = an_agent(other)
    catalogue.changed(NOON)
    ticket = opened(anna, place.key)
    tickets.transfer(anna, ticket.id, other.id, "αλλού", hand_over=True, at=NOON)
    assert (ticket.owner_id, ticket.owner_by_default) == (eleni.id, True)


def test_nobody_is_asked_twice_for_it_as_an_owner_who_was_chosen(place, anna, lead):
    ticket = opened(anna, place.key)
    tickets.set_owner(lead, ticket.id, lead.id, at=NOON)
    tickets.take(anna, ticket.id, at=NOON)
    assert ticket.owner_id == lead.id


def test_a_department_may_name_its_own(place, anna, lead):
    db.session.get(Department, place.id).default_owner_id = anna.id
    catalogue.changed(NOON)
    assert ownership.candidates(place.id, NOON) == (anna.id,)
    assert opened(lead, place.key).owner_id == anna.id


def test_several_who_lead_take_turns(place, anna, lead):
    db.session.get(Membership, (anna.id, place.id)).lead = True
    catalogue.changed(NOON)
    got = [opened(anna, place.key).owner_id for _ in range(4)]
    assert sorted(got) == sorted([anna.id, lead.id] * 2)


def test_who_is_away_answers_by_their_deputy(place, anna, lead):
    absences.enter(lead, Leave(lead.id, NOON, NOON + DAY, anna.id), at=NOON)
    assert ownership.candidates(place.id, NOON) == (anna.id,)
    assert opened(anna, place.key).owner_id == anna.id
    assert ownership.candidates(place.id, NOON + DAY) == (lead.id,)


def test_without_who_leads_those_who_decide_more_answer_then_anybody(place, anna):
    catalogue.changed(NOON)
    assert ownership.candidates(place.id, NOON) == (anna.id,)
    root = an_administrator()
    catalogue.changed(NOON)
    assert ownership.candidates(place.id, NOON) == (root.id,)
    boss = a_supervisor(place)
    catalogue.changed(NOON)
    assert ownership.candidates(place.id, NOON) == (boss.id,)
    absences.enter(root, Leave(boss.id, NOON, NOON + DAY), at=NOON)
    assert ownership.candidates(place.id, NOON) == (root.id,)
    assert ownership.candidates(place.id, NOON, but={boss.id}) == (root.id,)
    assert ownership.candidates(None, NOON) == ()


def test_where_all_are_away_the_first_who_would_be_answers(place, anna, lead):
    for actor in (anna, lead):
        absences.enter(actor, Leave(actor.id, NOON, NOON + DAY), at=NOON)
    assert ownership.candidates(place.id, NOON) == (lead.id,)


def test_who_left_answers_for_nothing(place, anna, lead):
    db.session.get(Staff, lead.id).active = False
    catalogue.changed(NOON)
    assert ownership.candidates(place.id, NOON) == (anna.id,)


def test_an_escalation_upwards_leaves_the_owner(place, anna, lead):
    boss = a_supervisor(place)
    catalogue.changed(NOON)
    ticket = opened(anna, place.key)
    tickets.escalate(anna, ticket.id, "ζήτησε", person=boss.id, at=NOON)
    assert (ticket.owner_id, ticket.assignee_id) == (lead.id, boss.id)


def test_the_check_of_the_whole_finds_a_case_that_nobody_answers_for(place, anna, lead):
    ticket = opened(anna, place.key)
    ticket.owner_id = None
    db.session.flush()
    found = [fault.what for fault in invariants.broken(NOON) if fault.thing == f"ticket {ticket.id}"]
    assert found == ["has a department and nobody who answers for it"]
    ticket.owner_id = lead.id
    db.session.get(Staff, lead.id).active = False
    db.session.flush()
    found = [fault.what for fault in invariants.broken(NOON) if fault.thing == f"ticket {ticket.id}"]
    assert found == ["its owner works here no more"]


def test_a_ticket_with_somebody_cannot_be_taken_from_them(place, anna, lead):
    ticket = opened(anna, place.key)
    tickets.take(lead, ticket.id, at=NOON)
    with pytest.raises(Stale):
        tickets.take(anna, ticket.id, at=NOON)
    assert ticket.owner_id == lead.id


def test_what_came_while_nobody_worked_here_gets_an_owner_once_somebody_does(place):
    db.session.query(Staff).update({"active": False})
    catalogue.changed(NOON)
    waiting = a_ticket(department_id=place.id)
    done = a_ticket(department_id=place.id, status="resolved", resolved_at=NOON)
    assert handovers.adopt(NOON) == 0
    first = an_agent(place)
    catalogue.changed(NOON)
    assert handovers.adopt(NOON) == 2
    assert [(ticket.owner_id, ticket.owner_by_default) for ticket in (waiting, done)] == [(first.id, True)] * 2
    assert owners(waiting) == [first.id]
    assert handovers.adopt(NOON) == 0


def test_a_complaint_about_everybody_who_could_answer_is_left_as_it_is(place):
    db.session.query(Staff).update({"active": False})
    rude = an_agent(place)
    catalogue.changed(NOON)
    ticket = a_ticket(department_id=place.id, type="complaint", complained_of=[rude.id])
    version = ticket.version
    assert handovers.adopt(NOON) == 0
    assert (ticket.owner_id, ticket.version) == (None, version)
