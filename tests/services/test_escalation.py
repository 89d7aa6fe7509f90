"""What a step does when it fires: once, to the right people, in their hours."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.db import db
from helpdesk.models.people import Membership
from helpdesk.models.post import ChannelAccount, Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue, journal, rulebook, tickets, timers
from helpdesk.services.timers.escalation import EFFECTS
from helpdesk.vocabulary import RulebookKind
from sla import StepAction
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("body")


def escalating(*steps: dict[str, object]) -> None:
    target = {"clock": "resolution", "seconds": 8 * 3600, "steps": list(steps)}
    rulebook.enact(RulebookKind.POLICY, "default", {"targets": [target]}, at=NOON)


def letters(template: str = "deadline") -> list[Outbound]:
    return db.session.query(Outbound).filter_by(template=template).order_by(Outbound.id).all()


def test_the_owner_is_told_by_mail_once_and_in_their_language(agent):
    escalating({"at": "50%", "do": "notify-owner", "urgent": True})
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    tickets.take(agent, ticket.id, at=NOON)
    for _ in range(2):
        timers.tick(NOON + timedelta(days=1))
    [letter] = letters()
    assert "Η προθεσμία πλησιάζει" in letter.payload["subject"]
    assert f"/desk/tickets/{ticket.id}" in letter.payload["text"]
    assert letter.automatic


def test_a_notice_that_is_not_urgent_waits_for_the_reader_s_hours(agent):
    escalating({"at": "10%", "do": "notify-team"})
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    night = datetime(2026, 11, 24, 22, tzinfo=UTC)
    assert timers.tick(night) == 1
    [letter] = letters()
    assert letter.ticket_id == ticket.id
    assert letter.due_at == datetime(2026, 11, 25, 6, tzinfo=UTC)


def test_a_supervisor_of_the_department_is_told_and_nobody_else_s():
    ours = a_department()
    boss, _ = a_supervisor(ours, email="boss@example.org"), a_supervisor(a_department())
    escalating({"at": 0, "do": "escalate-to-supervisor", "urgent": True})
    ticket = a_ticket(department_id=ours.id)
    timers.tick(NOON + timedelta(days=3))
    assert boss.id
    assert [letter.payload["to_address"] for letter in letters("escalated")] == ["boss@example.org"]
    db.session.expire_all()
    assert db.session.get(Ticket, ticket.id).escalation_level == 1


def test_a_step_that_raises_the_priority_does_it_once_as_a_fact(agent):
    escalating({"at": "50%", "do": "raise-priority"})
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    for _ in range(3):
        timers.tick(NOON + timedelta(days=1))
    db.session.expire_all()
    assert db.session.get(Ticket, ticket.id).priority == "high"
    assert [fact.type for fact in journal.of(ticket.id)].count("ticket_classified") == 1


def test_a_group_is_told_and_nobody_else(agent):
    ours = next(iter(agent.departments))
    root, helper = an_administrator(), an_agent(email="helper@example.org")
    crew = catalogue.save(root, "team", key="crew", names={"el": "Συνεργείο"}, department_id=ours)
    catalogue.compose_team(root, crew, [helper.id])
    escalating({"at": 0, "do": "escalate-to-group", "to": "crew", "urgent": True})
    a_ticket(department_id=ours)
    timers.tick(NOON + timedelta(days=3))
    assert [letter.payload["to_address"] for letter in letters("escalated")] == ["helper@example.org"]


def test_what_is_late_can_be_freed_for_anybody(agent):
    escalating({"at": 0, "do": "reassign"})
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    tickets.take(agent, ticket.id, at=NOON)
    timers.tick(NOON + timedelta(days=3))
    db.session.expire_all()
    now = db.session.get(Ticket, ticket.id)
    assert (now.assignee_id, now.owner_id) == (None, agent.id)


def test_the_citizen_learns_that_it_takes_longer_without_jargon(agent):
    escalating({"at": 0, "do": "tell-citizen"})
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    for _ in range(2):
        timers.tick(NOON + timedelta(days=3))
    [letter] = db.session.query(Outbound).filter_by(template="delayed").all()
    assert (letter.ticket_id, letter.automatic) == (ticket.id, True)
    assert "καθυστερεί" in letter.payload["text"]


def test_every_action_is_a_fact_and_most_have_an_effect():
    assert set(StepAction) - set(EFFECTS) == {StepAction.WARN, StepAction.BREACH}


def test_who_escalates_by_hand_is_heard_by_whoever_gets_it_and_by_its_owner_and_not_by_themselves():
    ours = a_department()
    boss, agent = a_supervisor(ours, email="boss@example.org"), an_agent(ours, email="agent@example.org")
    lead = an_agent(ours, email="lead@example.org", language="en")
    db.session.query(Membership).filter_by(staff_id=lead.id).update({"lead": True})
    a_supervisor(a_department())
    ticket = a_ticket(department_id=ours.id)
    tickets.take(agent, ticket.id, at=NOON)
    tickets.escalate(agent, ticket.id, "Ο δήμαρχος ρωτά κάθε μέρα.", at=NOON)
    [english] = letters("escalated")
    assert english.payload["to_address"] == "lead@example.org"
    assert f"escalated request {ticket.id} to level 1" in english.payload["text"]
    assert "> Ο δήμαρχος ρωτά κάθε μέρα." in english.payload["text"]
    assert f"/desk/tickets/{ticket.id}" in english.payload["text"]
    tickets.escalate(lead, ticket.id, "Κι εγώ.", at=NOON)
    greek, _ = again = letters("escalated")[1:]
    assert sorted(letter.payload["to_address"] for letter in again) == ["agent@example.org", "boss@example.org"]
    assert "Ζητείται η βοήθειά σας" in greek.payload["text"] and f"Τώρα το έχει: {boss.name}." in greek.payload["text"]
    assert db.session.get(Ticket, ticket.id).escalation_level == 2


def test_where_nobody_is_above_it_stands_higher_and_those_who_lead_are_told():
    ours = a_department()
    boss = a_supervisor(ours, email="boss@example.org")
    a_supervisor(ours, email="other@example.org")
    ticket = a_ticket(department_id=ours.id)
    tickets.take(boss, ticket.id, at=NOON)
    tickets.escalate(boss, ticket.id, "Χρειάζομαι γνώμη.", at=NOON)
    db.session.expire_all()
    now = db.session.get(Ticket, ticket.id)
    assert (now.assignee_id, now.escalation_level) == (boss.id, 1)
    assert [letter.payload["to_address"] for letter in letters("escalated")] == ["other@example.org"]


def test_who_escalates_where_we_have_no_address_is_noted_all_the_same(agent):
    db.session.query(ChannelAccount).delete()
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    tickets.escalate(agent, ticket.id, "Χωρίς ταχυδρομείο.", at=NOON)
    assert db.session.query(Outbound).count() == 0
    assert "ticket_escalated" in [fact.type for fact in journal.of(ticket.id)]
