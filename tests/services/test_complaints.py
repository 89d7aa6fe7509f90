"""A complaint about a colleague is never handled by them, and does not exist for them."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select, text

from helpdesk import events
from helpdesk.db import commit, db
from helpdesk.errors import Invalid, NotFound, Stale
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Participant, Ticket
from helpdesk.permissions import ON_TICKETS, SYSTEM, Actor, may
from helpdesk.services import (
    alerts,
    catalogue,
    classification,
    conversation,
    escalations,
    intake,
    journal,
    live,
    postroom,
    records,
    replies,
    risks,
    scope,
    search,
    tickets,
    views,
)
from helpdesk.services.assignment import share
from helpdesk.services.filters import Filters
from helpdesk.services.reports.board import board
from helpdesk.services.views import View
from helpdesk.vocabulary import ActorKind, Role
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_supervisor,
    a_ticket,
    an_account,
    an_administrator,
    an_agent,
)

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def house():
    """A department with somebody complained about, a colleague, a supervisor, and an administrator."""
    department = a_department()
    people = [an_agent(department), an_agent(department), a_supervisor(department), an_administrator()]
    catalogue.changed(NOON)
    return department, *people


def a_complaint(department, *about, **given):
    return a_ticket(
        type="complaint", department_id=department.id, complained_of=[one.id for one in about] or None, **given
    )


def test_the_condition_and_the_permission_are_one_law_of_complaints_too(house):
    department, rude, colleague, lead, chief = house
    for about, restricted, hand in product(
        ((rude,), (rude, lead), (chief,), ()), (False, True), (None, rude.id, colleague.id)
    ):
        a_complaint(department, *about, restricted=restricted, assignee_id=hand, owner_id=hand)
    every = db.session.query(Ticket).all()
    for actor in (rude, colleague, lead, chief, SYSTEM):
        seen = set(db.session.execute(select(Ticket.id).where(scope.visible(actor))).scalars())
        assert seen == {ticket.id for ticket in every if may(actor, "read", ticket)}
        assert not any(actor.id in (ticket.complained_of or ()) for ticket in every if ticket.id in seen)


@pytest.mark.parametrize("verb", sorted(ON_TICKETS))
@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_allowed_to_whom_it_is_about_whatever_their_role(verb, role):
    department = a_department()
    actor = an_agent(department, role=role)
    ticket = a_complaint(department, actor, assignee_id=actor.id, owner_id=actor.id, requester=a_citizen())
    assert not may(actor, verb, ticket)


def test_they_see_it_in_no_list_no_search_no_count_and_not_live(house):
    department, rude, colleague, lead, chief = house
    ticket = a_complaint(
        department, rude, lead, chief, next_due_at=NOON, status="open", text="Ο υπάλληλος με έβρισε χθες"
    )
    db.session.execute(
        text(
            "insert into message_words (message_id, ticket_id, at, words) select id, ticket_id, at,"
            " to_tsvector('helpdesk', text) from message on conflict do nothing"
        )
    )
    commit()
    db.session.execute(text("update ticket set next_due_at = :at"), {"at": NOON})
    line = live.News("1-0", ticket.id, department.id, "ticket_opened")
    for actor, sees in ((rude, False), (lead, False), (chief, False), (colleague, True)):
        for view in (View.DEPARTMENTS, View.RISK, View.UNASSIGNED, View.ALL, View.ANY):
            rows = search.queue(actor, Filters(view=view), at=NOON).rows
            assert (ticket.id in [row.number for row in rows]) is sees, (actor.role, view)
        assert bool(search.queue(actor, Filters(q="έβρισε"), at=NOON).rows) is sees
        assert bool(search.queue(actor, Filters(q=str(ticket.id)), at=NOON).rows) is sees
        assert bool(search.only(actor, Filters(view=View.ANY), [ticket.id], at=NOON)) is sees
        assert bool(views.counts(actor, NOON)[View.DEPARTMENTS]) is sees
        assert bool(views.counts(actor, NOON)[View.RISK]) is sees
        assert bool(records.tickets(actor, records.Wanted(), None, 10)[0]) is sees
        assert live._concerns(actor, line, live._tickets([line])) is sees
        assert bool(live.polled(actor, 0)[0]) is sees
    for actor in (lead, chief):
        assert not board(actor, NOON)
        assert not risks.likeliest(actor, NOON)


def test_they_can_open_nothing_of_it(house):
    department, rude, *_ = house
    ticket = a_complaint(department, rude, assignee_id=rude.id)
    for door in (
        lambda: scope.find(rude, ticket.id),
        lambda: conversation.read(rude, ticket.id),
        lambda: records.ticket(rude, ticket.id),
        lambda: records.clocks(rude, ticket.id, None, 10),
        lambda: records.ledger(rude, ticket.id),
        lambda: tickets.take(rude, ticket.id, at=NOON),
        lambda: replies.note(rude, ticket.id, "Δεν έγινε έτσι", at=NOON),
    ):
        with pytest.raises(NotFound):
            door()


def test_its_letters_are_not_in_the_post_of_an_administrator_it_is_about(house):
    department, *_, chief = house
    ticket = a_complaint(department, chief)
    account = an_account()
    payload = {"to_address": "a@example.org", "subject": "Παράπονο"}
    db.session.add(
        Outbound(
            kind="email", account_id=account.id, external_id="x@y", state="refused", ticket_id=ticket.id,
            payload=payload, template="answered", automatic=False, created_at=NOON, due_at=NOON,
        )
    )  # fmt: skip
    db.session.flush()
    assert not postroom.failed(chief)
    assert len(postroom.failed(an_administrator())) == 1


def test_naming_somebody_takes_it_out_of_their_hands_and_gives_it_an_owner_who_leads(house):
    department, rude, colleague, lead, _ = house
    ticket = a_complaint(department, status="open", assignee_id=rude.id, owner_id=rude.id)
    db.session.add(Participant(ticket_id=ticket.id, person_id=rude.id, added_at=NOON))
    classification.change(colleague, ticket.id, complained_of=[rude.id], at=NOON)
    assert (ticket.assignee_id, ticket.owner_id) == (None, lead.id)
    assert db.session.query(Participant).count() == 0
    commit()
    told = [fact.event for fact in journal.of(ticket.id)]
    assert events.ComplaintNamed([rude.id], []) in told
    assert events.OwnerChanged(lead.id, rude.id) in told


def test_nobody_can_give_it_to_whom_it_is_about(house):
    department, rude, colleague, lead, _ = house
    ticket = a_complaint(department, rude, lead, status="open")
    commit()
    for door, field in (
        (lambda: tickets.assign(colleague, ticket.id, rude.id, at=NOON), "assignee_id"),
        (lambda: tickets.set_owner(colleague, ticket.id, rude.id, at=NOON), "owner_id"),
        (lambda: tickets.escalate(colleague, ticket.id, "γιατί", person=lead.id, at=NOON), "person"),
    ):
        with pytest.raises(Invalid) as refused:
            door()
        assert refused.value.status == 422
        assert field in refused.value.fields
    assert ticket.assignee_id is None


def test_an_escalation_by_itself_passes_over_them(house):
    department, _, colleague, lead, chief = house
    ticket = a_complaint(department, lead, status="open", assignee_id=colleague.id)
    assert escalations.next_above(ticket) == chief.id


def test_they_get_no_letter_about_it(house):
    department, rude, colleague, lead, _ = house
    ticket = a_complaint(department, rude, lead, owner_id=colleague.id)
    assert {row.person_id for row in alerts.readers(alerts.TEAM, ticket.id)} == {colleague.id}
    assert not alerts.readers(alerts.LEADS, ticket.id)


def test_only_a_complaint_names_colleagues_and_only_colleagues_are_named(house):
    department, rude, colleague, *_ = house
    request = a_ticket(type="request", department_id=department.id)
    commit()
    with pytest.raises(Invalid) as refused:
        classification.change(colleague, request.id, complained_of=[rude.id], at=NOON)
    assert refused.value.code == "no-complaint"
    classification.change(colleague, request.id, type="complaint", complained_of=[rude.id], at=NOON)
    commit()
    assert request.complained_of == [rude.id]
    with pytest.raises(Invalid):
        classification.change(colleague, request.id, complained_of=[a_citizen().id], at=NOON)


def test_another_type_does_not_show_it_to_them_again(house):
    department, rude, colleague, *_ = house
    ticket = a_complaint(department, rude)
    classification.change(colleague, ticket.id, type="request", at=NOON)
    assert not may(rude, "read", ticket)


def test_it_is_named_when_it_is_taken_down_and_then_is_a_complaint(house):
    department, rude, colleague, *_ = house
    new = intake.NewTicket("Παράπονο", "Με έβρισε", name="Άννα", department=department.key, complained_of=[rude.id])
    number = intake.take_down(colleague, new, at=NOON).ticket_id
    commit()
    ticket = db.session.get(Ticket, number)
    assert (ticket.type, ticket.complained_of) == ("complaint", [rude.id])
    assert any(isinstance(fact.event, events.ComplaintNamed) for fact in journal.of(number))
    with pytest.raises(NotFound):
        scope.find(rude, number)


def test_what_follows_a_closed_complaint_is_hidden_from_them_too(house):
    department, rude, *_ = house
    ticket = a_complaint(department, rude, status="closed", closed_at=NOON, restricted=True)
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    message = replies.citizen_writes(citizen, ticket.id, "Πάλι τα ίδια", at=NOON)
    commit()
    later = db.session.get(Ticket, message.ticket_id)
    assert later.id != ticket.id
    assert (later.complained_of, later.restricted) == ([rude.id], True)


def test_it_is_not_merged_into_one_that_they_see(house):
    department, rude, colleague, *_ = house
    ticket, other = a_complaint(department, rude), a_ticket(department_id=department.id)
    commit()
    with pytest.raises(Stale) as refused:
        tickets.merge(colleague, ticket.id, other.id, different_people=True, at=NOON)
    assert refused.value.code == "survivor-shown"
    assert ticket.status == "new"


def test_what_was_on_offer_to_them_is_offered_no_more(house):
    department, rude, colleague, *_ = house
    ticket = a_complaint(department)
    row = {"id": ticket.id, "who": rude.id, "place": department.id, "at": NOON, "ends": NOON + timedelta(hours=1)}
    db.session.execute(
        text(
            "insert into offer (kind, work_id, person_id, department_id, weight, why, offered_at, expires_at, state)"
            " values ('ticket', :id, :who, :place, 1, '{}', :at, :ends, 'offered')"
        ),
        row,
    )
    assert [subject for _, subject in share.offered(rude, NOON)] == [ticket.subject]
    classification.change(colleague, ticket.id, complained_of=[rude.id], at=NOON)
    assert not share.offered(rude, NOON)
