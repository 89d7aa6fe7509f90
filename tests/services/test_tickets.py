"""Verbs on tickets: what they do, from which states, for whom, and what they refuse without a trace."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Invalid, NotFound, Stale
from helpdesk.models.rulebook import Setting
from helpdesk.models.tickets import Link, Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal, tickets, upkeep, waiting
from helpdesk.vocabulary import WAITING_STATUS, ActorKind, Status, WaitingReason
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_ticket,
    an_agent,
)
from tests.services.moves import kinds

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize("reason", WaitingReason)
def test_each_reason_to_wait_has_its_status(agent, ticket, reason):
    assert tickets.wait(agent, ticket.id, reason, at=LATER).status == WAITING_STATUS[reason]


def test_taking_gives_an_owner_an_assignee_and_the_first_human_act(agent, ticket):
    before = len(kinds(ticket))
    taken = tickets.take(agent, ticket.id, at=LATER)
    assert (taken.assignee_id, taken.owner_id, taken.status) == (agent.id, agent.id, Status.OPEN)
    assert taken.acknowledged_at == LATER
    assert kinds(ticket)[before:] == ["ticket_acknowledged", "ticket_assigned", "owner_changed", "status_changed"]


def test_what_somebody_else_has_taken_cannot_be_taken(department, agent, ticket):
    tickets.take(agent, ticket.id, at=LATER)
    with pytest.raises(Stale, match="Somebody else"):
        tickets.take(an_agent(department), ticket.id, at=LATER)


def test_the_owner_stays_when_the_ticket_moves_and_the_assignee_does_not(agent, ticket):
    tickets.take(agent, ticket.id, at=LATER)
    moved = tickets.transfer(agent, ticket.id, a_department().id, "Δεν είναι δικό μας", at=LATER)
    assert moved.owner_id == agent.id
    assert moved.assignee_id is None


def test_work_goes_only_to_a_colleague_of_the_department(agent, ticket):
    with pytest.raises(Invalid) as refused:
        tickets.assign(agent, ticket.id, an_agent(a_department()).id)
    assert "assignee_id" in refused.value.fields


def test_the_reason_of_a_transfer_is_a_note_and_not_in_the_journal(agent, ticket):
    tickets.transfer(agent, ticket.id, a_department().id, "Ο κ. Παππάς το ζήτησε", at=LATER)
    ground.flush_pending()
    assert "Παππάς" not in str([fact.event.data() for fact in journal.of(ticket.id)])
    assert db.session.query(Message).filter_by(ticket_id=ticket.id, audience="internal").count() == 1


def test_resolving_tells_the_citizen_who_may_confirm(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Άναψε ξανά.", at=LATER)
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    closed = tickets.confirm(citizen, ticket.id, at=LATER + timedelta(hours=1))
    assert (closed.status, closed.confirmed_at) == ("closed", LATER + timedelta(hours=1))
    told = db.session.query(Message).filter_by(ticket_id=ticket.id, direction="outbound", audience="public").all()
    assert "Άναψε ξανά." in [message.text for message in told]


def test_a_rejected_resolution_reopens_and_keeps_what_the_citizen_said(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Άναψε ξανά.", at=LATER)
    again = tickets.reject(Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, "Έσβησε πάλι.", at=LATER)
    assert (again.status, again.reopened, again.resolution_code) == ("open", 1, None)
    assert db.session.query(Message).filter_by(ticket_id=ticket.id, text="Έσβησε πάλι.", direction="inbound").one()


def test_another_citizen_cannot_confirm(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Άναψε ξανά.", at=LATER)
    with pytest.raises(NotFound):
        tickets.confirm(Actor(ActorKind.CITIZEN, a_citizen().id), ticket.id)


def test_silence_after_resolution_closes(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    assert upkeep.close_silent(LATER + timedelta(days=6)) == 0
    assert upkeep.close_silent(LATER + timedelta(days=8)) == 1
    assert db.session.get(Ticket, ticket.id).status == "closed"


def test_the_body_decides_after_how_many_days_silence_closes(agent, ticket):
    db.session.add(Setting(key="close_after_days", data={"days": 2}, changed_at=NOON))
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    assert upkeep.close_silent(LATER + timedelta(days=2)) == 1


def test_waiting_past_its_moment_resumes(agent, ticket):
    tickets.wait(agent, ticket.id, "appointment", LATER + timedelta(hours=20), at=LATER)
    assert waiting.tick(LATER + timedelta(hours=19)) == 0
    assert waiting.tick(LATER + timedelta(hours=20)) == 1
    assert db.session.get(Ticket, ticket.id).status == "open"


def test_priority_follows_from_impact_and_urgency_and_overriding_needs_a_reason(agent, ticket):
    assert tickets.classify(agent, ticket.id, impact="high", urgency="high").priority == "critical"
    ground.commit()
    with pytest.raises(Invalid) as refused:
        tickets.classify(agent, ticket.id, priority="low")
    assert "reason" in refused.value.fields
    assert tickets.classify(agent, ticket.id, priority="low", reason="Έχει ήδη λυθεί").priority == "low"


def test_marks_change_the_ticket_and_each_is_a_fact(agent, ticket):
    other, before = a_ticket(department_id=ticket.department_id), len(kinds(ticket))
    tickets.rename(agent, ticket.id, "  Σβηστό   φως ", at=LATER)
    tickets.tag(agent, ticket.id, ["φως", "δρόμος"], at=LATER)
    tickets.tag(agent, ticket.id, (), ["φως"], at=LATER)
    tickets.link(agent, ticket.id, other.id, "duplicate", at=LATER)
    tickets.restrict(agent, ticket.id, at=LATER)
    tickets.set_owner(agent, ticket.id, agent.id, at=LATER)
    row = tickets.revoke_tracking(agent, ticket.id, at=LATER)
    assert (row.subject, row.tags, row.restricted, row.owner_id) == ("Σβηστό φως", ["δρόμος"], True, agent.id)
    assert row.tracking_version == 2
    assert kinds(ticket)[before:] == [
        "subject_changed", "tags_changed", "tags_changed", "tickets_linked", "restriction_changed", "owner_changed",
        "tracking_revoked",
    ]  # fmt: skip
    assert kinds(other)[-1] == "tickets_linked"


def test_a_link_is_made_once_and_never_to_what_the_actor_cannot_see(agent, ticket):
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    other = a_ticket(department_id=ticket.department_id)
    for _ in range(2):
        tickets.link(agent, ticket.id, other.id)
    assert db.session.query(Link).filter_by(from_id=ticket.id).count() == 1
    ground.commit()
    with pytest.raises(NotFound):
        tickets.link(agent, ticket.id, hidden.id)
