"""How a ticket ends: what the checklist asks, who closes it, when silence does, until when it reopens."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.catalogue import Category
from helpdesk.models.post import Outbound
from helpdesk.models.rulebook import Setting
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import checklist, journal, replies, tickets, upkeep
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_citizen, a_department, a_supervisor, a_ticket, an_agent

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def category(session):
    row = Category(key="lights", names={"el": "Φωτισμός", "en": "Lighting"})
    db.session.add(row)
    db.session.flush()
    return row


def last(ticket, kind):
    ground.flush_pending()
    return [fact.event for fact in journal.of(ticket.id) if fact.type == kind][-1]


def resolved(agent, ticket, at=LATER, **facts):
    return tickets.resolve(agent, ticket.id, "solved", "Άναψε ξανά.", at=at, **facts)


def test_code_and_text_are_enough_to_resolve_an_incident_and_the_checklist_says_what_is_missing(agent, ticket):
    assert checklist.missing(resolved(agent, ticket)) == ("category", "root_cause", "verified_by")


def test_what_is_given_with_the_resolution_is_on_the_ticket_and_in_its_journal(agent, ticket, category):
    facts = {"root_cause": "wear", "workaround": False, "verified_by": agent.id, "category_id": category.id}
    row = resolved(agent, ticket, **facts)
    assert (row.root_cause, row.workaround_used, row.verified_by_id) == ("wear", False, agent.id)
    assert row.category_id == category.id and checklist.missing(row) == ()
    assert last(ticket, "ticket_resolved").root_cause == "wear"


def test_solved_by_a_workaround_means_that_one_was_used(agent, ticket):
    assert tickets.resolve(agent, ticket.id, "workaround", "Προσωρινά.", at=LATER).workaround_used is True


@pytest.mark.parametrize(
    ("given", "field"), [({"root_cause": "ghosts"}, "root_cause"), ({"verified_by": 0}, "verified_by")]
)
def test_what_cannot_be_is_named_and_nothing_is_resolved(agent, ticket, given, field):
    ground.commit()
    with pytest.raises(Invalid) as refused:
        resolved(agent, ticket, **given)
    assert field in refused.value.fields
    assert db.session.get(Ticket, ticket.id).status == "new"


def test_a_stranger_cannot_have_tested_it_and_who_asked_can(agent, ticket):
    ground.commit()
    with pytest.raises(Invalid):
        resolved(agent, ticket, verified_by=a_citizen().id)
    assert resolved(agent, ticket, verified_by=ticket.requester_id).verified_by_id == ticket.requester_id


@pytest.mark.parametrize(("code", "kind", "points"), [
    ("not_competent", "incident", ()),
    ("rejected", "incident", ("category",)),
    ("fulfilled", "request", ("category",)),
    ("solved", "incident", ("category", "root_cause", "verified_by")),
])  # fmt: skip
def test_the_checklist_asks_only_what_makes_sense(agent, department, code, kind, points):
    ticket = a_ticket(department_id=department.id, type=kind)
    assert checklist.points(tickets.resolve(agent, ticket.id, code, "Τέλος.", at=LATER)) == points


def test_the_checklist_is_filled_in_afterwards_and_only_changes_are_facts(agent, ticket):
    resolved(agent, ticket)
    tickets.record_closure(agent, ticket.id, root_cause="weather", at=LATER)
    tickets.record_closure(agent, ticket.id, root_cause="weather", at=LATER)
    ground.flush_pending()
    assert [fact.type for fact in journal.of(ticket.id)].count("closure_recorded") == 1


def test_closing_completely_names_what_is_open_and_closing_with_gaps_puts_them_on_record(agent, ticket, category):
    resolved(agent, ticket, category_id=category.id)
    ground.commit()
    with pytest.raises(Invalid) as refused:
        tickets.close(agent, ticket.id, complete=True, at=LATER)
    assert set(refused.value.fields) == {"root_cause", "verified_by"}
    tickets.close(agent, ticket.id, root_cause="wear", at=LATER)
    assert last(ticket, "ticket_closed").missing == ["verified_by"]


def test_a_complete_list_closes(agent, ticket, category):
    resolved(agent, ticket, category_id=category.id, root_cause="wear")
    tickets.close(agent, ticket.id, complete=True, verified_by=agent.id, at=LATER)
    assert last(ticket, "ticket_closed").missing is None


def test_what_is_reopened_forgets_its_end(agent, ticket):
    resolved(agent, ticket, root_cause="wear", verified_by=agent.id)
    again = tickets.reopen(agent, ticket.id, "Ξανά", at=LATER)
    assert (again.root_cause, again.workaround_used, again.verified_by_id) == (None, None, None)
    resolved(agent, ticket, root_cause="wear")
    replies.citizen_writes(Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, "Έσβησε πάλι.", at=LATER)
    assert db.session.get(Ticket, ticket.id).root_cause is None


def test_an_agent_records_what_a_citizen_said_how_and_who(agent, ticket):
    resolved(agent, ticket)
    again = tickets.reject(agent, ticket.id, "Τηλεφώνησε η κόρη του.", told_by="phone", at=LATER)
    assert again.status == "open"
    note = db.session.get(Message, last(ticket, "resolution_rejected").message_id)
    assert (note.audience, note.text) == ("internal", "Τηλεφώνησε η κόρη του.")
    resolved(agent, ticket)
    tickets.confirm(agent, ticket.id, told_by="counter", note="Ο ίδιος", at=LATER)
    assert last(ticket, "resolution_confirmed").told_by == "counter"


def test_a_way_of_telling_that_is_none_is_refused(agent, ticket):
    resolved(agent, ticket)
    ground.commit()
    with pytest.raises(Invalid) as refused:
        tickets.confirm(agent, ticket.id, told_by="pigeon")
    assert "told_by" in refused.value.fields


def test_who_got_it_later_resolves_and_the_owners_desk_closes(agent, ticket):
    tickets.take(agent, ticket.id, at=LATER)
    there = a_department()
    tickets.transfer(agent, ticket.id, there.id, "Ειδικοί", at=LATER)
    specialist = an_agent(there)
    resolved(specialist, ticket)
    for verb in (tickets.close, tickets.confirm):
        ground.commit()
        with pytest.raises(Forbidden) as refused:
            verb(specialist, ticket.id, at=LATER)
        assert refused.value.code == "desk-closes"
    assert tickets.close(agent, ticket.id, at=LATER).status == "closed"


@pytest.mark.parametrize("closer", ["colleague", "supervisor"])
def test_the_owners_colleagues_and_supervisors_close(agent, department, ticket, closer):
    tickets.take(agent, ticket.id, at=LATER)
    resolved(agent, ticket)
    actor = an_agent(department) if closer == "colleague" else a_supervisor(department)
    assert tickets.close(actor, ticket.id, at=LATER).status == "closed"


@pytest.mark.parametrize("kept", [{"major": True}, {"restricted": True}, {"type": "security_incident"}])
def test_silence_never_closes_what_is_major_or_sensitive(agent, department, kept):
    ticket = a_ticket(department_id=department.id, **kept)
    resolved(agent, ticket)
    assert upkeep.close_silent(LATER + 400 * DAY) == 0


def test_silence_never_closes_what_somebody_vulnerable_asked(agent, department):
    ticket = a_ticket(department_id=department.id, requester=a_citizen(care="vulnerable"))
    resolved(agent, ticket)
    assert upkeep.close_silent(LATER + 400 * DAY) == 0


def patience_of(key, days, **types):
    db.session.merge(Setting(key=key, data={"days": days, "types": types}, changed_at=NOON))
    db.session.flush()


def test_each_type_has_its_own_patience(agent, department):
    patience_of("close_after_days", 10, incident=3)
    incident, request = (a_ticket(department_id=department.id, type=kind) for kind in ("incident", "request"))
    for ticket in (incident, request):
        resolved(agent, ticket)
    assert upkeep.close_silent(LATER + 3 * DAY) == 1
    assert [db.session.get(Ticket, one.id).status for one in (incident, request)] == ["closed", "resolved"]


def test_within_its_days_it_reopens_and_later_a_linked_ticket_is_opened(agent, ticket):
    patience_of("close_after_days", 90)
    patience_of("reopen_within_days", 30, incident=5)
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    resolved(agent, ticket)
    replies.citizen_writes(citizen, ticket.id, "Έσβησε πάλι.", at=LATER + 4 * DAY)
    assert db.session.get(Ticket, ticket.id).status == "open"
    resolved(agent, ticket, at=LATER + 5 * DAY)
    message = replies.citizen_writes(citizen, ticket.id, "Και πάλι.", at=LATER + 11 * DAY)
    assert message.ticket_id != ticket.id
    ground.commit()
    with pytest.raises(Stale) as refused:
        tickets.reopen(agent, ticket.id, "Ξανά", at=LATER + 11 * DAY)
    assert refused.value.code == "too-late"


def test_the_letter_asks_by_links_and_says_when_silence_closes_it(agent, department):
    ticket = a_ticket(department_id=department.id)
    resolved(agent, ticket)
    [letter] = db.session.scalars(select(Outbound).filter_by(ticket_id=ticket.id, template="resolved"))
    words = letter.payload["text"]
    assert "&then=confirm" in words and "&then=reject" in words
    assert "1 Δεκεμβρίου" in words
