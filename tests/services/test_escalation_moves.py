"""Escalation moves responsibility: by steps and by hand, to teams and upwards, once, in order, whatever crashes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.models.catalogue import Department
from helpdesk.models.clocks import ClockStep
from helpdesk.models.parties import CustomerBody
from helpdesk.models.people import Membership
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.services import catalogue, journal, rulebook, tickets, timers
from helpdesk.services.timers import again
from helpdesk.vocabulary import RulebookKind
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_service,
    a_supervisor,
    a_ticket,
    an_administrator,
    an_agent,
)

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(days=3)
MORNING = datetime(2026, 11, 27, 8, tzinfo=UTC)


@pytest.fixture
def ours():
    return a_department(phone="+302101234567")


@pytest.fixture
def agent(ours):
    return an_agent(ours, email="agent@example.org")


def escalating(*steps: dict[str, object]) -> None:
    target = {"clock": "resolution", "seconds": 8 * 3600, "steps": list(steps)}
    rulebook.enact(RulebookKind.POLICY, "default", {"targets": [target]}, at=NOON)


def a_team(department: Department, key: str, *people: int) -> int:
    root = an_administrator(email=f"root-{key}@example.org")
    team = catalogue.save(root, "team", key=key, names={"el": "Συνεργείο", "en": "Crew"}, department_id=department.id)
    catalogue.compose_team(root, team, list(people))
    return team


def leading(department: Department, **given: object):
    lead = an_agent(department, **given)
    db.session.query(Membership).filter_by(staff_id=lead.id).update({"lead": True})
    return lead


def fresh(ticket: Ticket) -> Ticket:
    ground.flush_pending()
    db.session.expire_all()
    return db.session.get(Ticket, ticket.id)


def facts(ticket: Ticket, type_: str) -> list[dict[str, object]]:
    ground.flush_pending()
    return [fact.event.data() for fact in journal.of(ticket.id) if fact.type == type_]


def letters(template: str) -> list[str]:
    found = db.session.query(Outbound).filter_by(template=template).order_by(Outbound.id)
    return [letter.payload["to_address"] for letter in found]


def test_a_functional_step_moves_it_to_the_team_and_tells_team_and_owner(ours, agent):
    helper = an_agent(ours, email="helper@example.org")
    team = a_team(ours, "crew", helper.id)
    escalating({"at": 0, "do": "escalate-to-group", "to": "crew", "urgent": True})
    ticket = a_ticket(department_id=ours.id)
    tickets.take(agent, ticket.id, at=NOON)
    for _ in range(2):
        timers.tick(LATER)
    now = fresh(ticket)
    assert (now.team_id, now.assignee_id, now.owner_id, now.escalation_level) == (team, None, agent.id, 1)
    [fact] = facts(ticket, "ticket_escalated")
    assert (fact["kind"], fact["team_id"], fact["level"]) == ("functional", team, 1)
    assert fact["reason"] == "resolution +0:escalate-to-group:crew"
    assert sorted(letters("escalated")) == ["agent@example.org", "helper@example.org"]


def test_who_is_of_the_team_keeps_working_on_it(ours, agent):
    a_team(ours, "crew", agent.id)
    escalating({"at": 0, "do": "escalate-to-group", "to": "crew"})
    ticket = a_ticket(department_id=ours.id)
    tickets.take(agent, ticket.id, at=NOON)
    timers.tick(LATER)
    assert fresh(ticket).assignee_id == agent.id


def test_a_team_of_another_department_takes_the_ticket_there(ours, agent):
    there = a_department()
    a_team(there, "it")
    ticket = a_ticket(department_id=ours.id)
    tickets.escalate(agent, ticket.id, "Θέλει ειδικούς.", team="it", at=NOON)
    assert fresh(ticket).department_id == there.id
    [moved] = facts(ticket, "ticket_transferred")
    assert (moved["department_id"], moved["previous_id"]) == (there.id, ours.id)


def test_a_hierarchical_step_moves_it_upwards_rank_by_rank(ours, agent):
    boss, root = a_supervisor(ours), an_administrator()
    lead = leading(ours)
    escalating(*({"at": at * 3600, "do": "escalate-to-supervisor"} for at in range(4)))
    ticket = a_ticket(department_id=ours.id)
    tickets.take(agent, ticket.id, at=NOON)
    timers.tick(LATER)
    now = fresh(ticket)
    assert (now.assignee_id, now.owner_id, now.escalation_level) == (root.id, agent.id, 4)
    told = [(fact["kind"], fact.get("person_id")) for fact in facts(ticket, "ticket_escalated")]
    assert told == [("hierarchical", lead.id), ("hierarchical", boss.id), ("hierarchical", root.id), ("", None)]


def test_the_least_busy_of_those_who_lead_gets_it(ours, agent):
    busy, free = leading(ours), leading(ours)
    tickets.take(busy, a_ticket(department_id=ours.id).id, at=NOON)
    ticket = a_ticket(department_id=ours.id)
    tickets.escalate(agent, ticket.id, "Επείγει.", at=NOON)
    assert fresh(ticket).assignee_id == free.id


def test_by_hand_it_goes_to_a_team_or_to_a_person_who_decides_more_and_to_nobody_else(ours, agent):
    boss, colleague, ticket = a_supervisor(ours), an_agent(ours), a_ticket(department_id=ours.id)
    a_team(ours, "crew")
    ground.commit()
    for whom in ({"person": colleague.id}, {"team": "nobody"}, {"team": "crew", "person": boss.id}):
        with pytest.raises(Invalid) as refused:
            tickets.escalate(agent, ticket.id, "Γιατί;", at=NOON, **whom)
        assert refused.value.fields.keys() <= whom.keys()
    assert (fresh(ticket).escalation_level, facts(ticket, "ticket_escalated")) == (0, [])


def test_by_hand_the_reason_is_a_note_that_the_fact_points_to(ours, agent):
    boss, ticket = a_supervisor(ours), a_ticket(department_id=ours.id)
    tickets.escalate(agent, ticket.id, "Ζητά προϊστάμενο.", person=boss.id, at=NOON)
    [fact] = facts(ticket, "ticket_escalated")
    assert (fact["kind"], fact["person_id"]) == ("hierarchical", boss.id)
    assert db.session.get(Message, fact["message_id"]).text == "Ζητά προϊστάμενο."
    assert fresh(ticket).assignee_id == boss.id


def test_another_department_takes_it_from_the_team_too(ours, agent):
    there, ticket = a_department(), a_ticket(department_id=ours.id)
    a_team(ours, "crew")
    tickets.escalate(agent, ticket.id, "Θέλει ειδικούς.", team="crew", at=NOON)
    tickets.transfer(agent, ticket.id, there.id, "Όχι δικό μας.", at=NOON)
    assert fresh(ticket).team_id is None


def test_a_step_can_give_it_to_a_person_by_their_address(ours, agent):
    helper = an_agent(ours, email="helper@example.org")
    escalating({"at": 0, "do": "reassign", "to": "Helper@example.org"})
    ticket = a_ticket(department_id=ours.id)
    tickets.take(agent, ticket.id, at=NOON)
    timers.tick(LATER)
    assert fresh(ticket).assignee_id == helper.id
    assert letters("deadline") == ["helper@example.org"]


def test_a_step_can_give_it_to_a_team_without_a_higher_level(ours, agent):
    helper = an_agent(ours, email="helper@example.org")
    team = a_team(ours, "crew", helper.id)
    escalating({"at": 0, "do": "reassign", "to": "crew"})
    ticket = a_ticket(department_id=ours.id)
    timers.tick(LATER)
    now = fresh(ticket)
    assert (now.team_id, now.escalation_level) == (team, 0)
    assert letters("deadline") == ["helper@example.org"]


def test_a_step_whose_effect_fails_is_set_aside_alone_and_tried_again(ours, agent):
    escalating({"at": 0, "do": "escalate-to-group", "to": "ghosts"}, {"at": 1, "do": "raise-priority"})
    ticket, other = a_ticket(department_id=ours.id), a_ticket(department_id=ours.id)
    timers.tick(LATER)
    assert (fresh(ticket).priority, fresh(other).priority) == ("high", "high")
    assert fresh(ticket).escalation_level == 0
    assert [number for number, _ in again.failed()] == [ticket.id, other.id]
    assert "ghosts" in again.failed()[0][1]
    assert timers.set_aside() == []
    assert again.retry(LATER + timedelta(minutes=30)) == 0
    team = a_team(ours, "ghosts")
    assert again.retry(LATER + timedelta(hours=1)) == 2
    assert again.retry(LATER + timedelta(hours=2)) == 0
    assert again.failed() == []
    assert (fresh(ticket).team_id, fresh(other).team_id, fresh(ticket).escalation_level) == (team, team, 1)


def test_what_was_set_aside_is_not_done_after_its_clock_ended(ours, agent):
    escalating({"at": 0, "do": "escalate-to-group", "to": "ghosts"})
    ticket = a_ticket(department_id=ours.id)
    timers.tick(LATER)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    a_team(ours, "ghosts")
    again.retry(LATER + timedelta(hours=1))
    assert (fresh(ticket).team_id, again.failed()) == (None, [])


def test_a_crash_between_the_effects_leaves_none_of_them_and_the_next_tick_does_each_once(ours, agent, monkeypatch):
    escalating({"at": 0, "do": "escalate-to-supervisor"}, {"at": 1, "do": "raise-priority"})
    boss, ticket = a_supervisor(ours, email="boss@example.org"), a_ticket(department_id=ours.id)
    ground.commit()

    def dies(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, Exception("killed"))

    for crash in ("helpdesk.services.classification.classify", "helpdesk.db.commit"):
        with monkeypatch.context() as patch, pytest.raises(OperationalError):
            patch.setattr(crash, dies)
            timers.tick(LATER)
        assert (fresh(ticket).escalation_level, facts(ticket, "ticket_escalated")) == (0, [])
        assert db.session.query(ClockStep).count() == 0
        assert letters("escalated") == []
    for _ in range(3):
        timers.tick(LATER)
    now = fresh(ticket)
    assert (now.assignee_id, now.escalation_level, now.priority) == (boss.id, 1, "high")
    assert len(facts(ticket, "ticket_escalated")) == len(facts(ticket, "ticket_classified")) == 1
    assert letters("escalated") == ["boss@example.org"]


def test_after_an_outage_steps_are_done_in_order_and_their_letters_say_that_they_are_late(ours, agent):
    escalating({"at": "50%", "do": "notify-owner"}, {"at": 0, "do": "escalate-to-supervisor"})
    a_supervisor(ours)
    ticket = a_ticket(department_id=ours.id)
    tickets.take(agent, ticket.id, at=NOON)
    timers.tick(LATER)
    steps = facts(ticket, "clock_step_fired")
    assert [one["step"] for one in steps] == ["50%:notify-owner", "+0:escalate-to-supervisor"]
    assert all(one["late_seconds"] > 0 for one in steps)
    letter = db.session.query(Outbound).filter_by(template="deadline").one()
    assert "καθυστέρησε" in letter.payload["text"]


def test_the_citizen_is_told_before_it_is_late_why_who_has_it_and_whom_to_ring_and_never_twice(ours, agent):
    escalating({"at": "50%", "do": "tell-citizen"}, {"at": "90%", "do": "tell-citizen"})
    ticket = a_ticket(department_id=ours.id, requester=a_citizen(language="en"), language="en")
    tickets.take(agent, ticket.id, at=NOON)
    timers.tick(NOON + timedelta(days=1))
    timers.tick(LATER)
    letter = db.session.query(Outbound).filter_by(template="delayed").one()
    text = letter.payload["text"]
    assert "may take longer" in text
    assert "more work than we thought" in text
    assert "We had promised it by" in text
    assert ours.names["en"] in text
    assert "+302101234567" in text
    message = db.session.get(Message, letter.message_id)
    assert (message.automatic, message.audience) == ("delayed", "public")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("supplier_works", "A company that works for us"),
        ("other_department", "Another of our services"),
        ("approval", "has to agree first"),
        (None, "many requests"),
    ],
)
def test_the_reason_is_what_the_request_is_stuck_on(ours, agent, reason, words):
    escalating({"at": "50%", "do": "tell-citizen"})
    ticket = a_ticket(department_id=ours.id, requester=a_citizen(language="en"), language="en")
    if reason:
        tickets.wait(agent, ticket.id, reason, at=NOON)
    timers.tick(NOON + timedelta(days=1))
    letter = db.session.query(Outbound).filter_by(template="delayed").one()
    assert words in letter.payload["text"]


def test_after_an_outage_two_such_steps_at_once_tell_it_once(ours, agent):
    escalating({"at": "50%", "do": "tell-citizen"}, {"at": 0, "do": "tell-citizen"})
    a_ticket(department_id=ours.id)
    timers.tick(LATER)
    assert len(letters("delayed")) == 1


def test_a_citizen_without_an_address_is_left_to_the_owner(ours, agent):
    escalating({"at": "50%", "do": "tell-citizen"})
    ticket = a_ticket(department_id=ours.id, requester=a_citizen(email=None))
    tickets.take(agent, ticket.id, at=NOON)
    timers.tick(LATER)
    assert (letters("delayed"), letters("deadline")) == ([], ["agent@example.org"])


def test_a_letter_to_the_citizen_leaves_in_office_hours(ours, agent):
    escalating({"at": "10%", "do": "tell-citizen"})
    a_ticket(department_id=ours.id)
    timers.tick(datetime(2026, 11, 24, 22, tzinfo=UTC))
    letter = db.session.query(Outbound).filter_by(template="delayed").one()
    assert letter.due_at == datetime(2026, 11, 25, 6, tzinfo=UTC)


def of_a_customer(ours: Department, **given: object) -> Ticket:
    names = {"el": "Σχολική επιτροπή", "en": "School board"}
    body = CustomerBody(**{"key": "schools", "names": names, "contact_email": "board@example.org"} | given)
    db.session.add(body)
    db.session.flush()
    return a_ticket(department_id=ours.id, customer_id=body.id, service_id=a_service(department_id=ours.id).id)


def test_the_customer_body_is_told_of_the_agreed_time_and_not_of_the_citizen(ours, agent):
    escalating({"at": 0, "do": "notify-customer"})
    ticket = of_a_customer(ours)
    timers.tick(LATER)
    letter = db.session.query(Outbound).filter_by(template="agreement").one()
    assert (letter.payload["to_address"], letter.ticket_id) == ("board@example.org", ticket.id)
    assert str(ticket.id) in letter.payload["text"]
    for personal in (ticket.subject, "Δεν ανάβει", "Πολίτης"):
        assert personal not in letter.payload["text"] + letter.payload["subject"]


def test_a_customer_body_without_an_address_is_left_to_the_owner_and_none_at_all_is_no_failure(ours, agent):
    escalating({"at": 0, "do": "notify-customer"})
    known, unknown = of_a_customer(ours, contact_email=""), a_ticket(department_id=ours.id)
    for ticket in (known, unknown):
        tickets.take(agent, ticket.id, at=NOON)
    timers.tick(LATER)
    assert (letters("agreement"), letters("deadline"), again.failed()) == ([], ["agent@example.org"], [])
