"""Each type of ticket has rules of its own, and becoming another type makes its promises those of that type."""

from datetime import timedelta

import pytest

from helpdesk.db import commit, db
from helpdesk.models.clocks import TicketClock
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import may
from helpdesk.services import classification, intake, journal, rulebook, tickets
from helpdesk.vocabulary import RULES, RulebookKind, TicketType, rules
from tests.builders import NOON, a_category, a_department, a_service, an_agent

pytestmark = pytest.mark.usefixtures("rules")


def opened(actor, department, **given):
    new = intake.NewTicket("Θέμα", "Κείμενο", name="Άννα", department=department.key, **given)
    number = intake.take_down(actor, new, at=NOON).ticket_id
    commit()
    return db.session.get(Ticket, number)


def clock(ticket, name):
    query = db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name=name)
    return query.order_by(TicketClock.cycle.desc()).first()


def test_every_type_has_rules():
    assert set(RULES) == set(TicketType)
    assert not rules("none of ours").restricted


@pytest.mark.parametrize("kind", list(TicketType))
def test_a_new_one_is_hidden_where_its_type_says_so(kind, department):
    ours, other = an_agent(department), an_agent(a_department())
    ticket = opened(ours, department, type=kind)
    assert ticket.restricted is RULES[kind].restricted
    assert may(ours, "read", ticket)
    assert may(other, "read", ticket) is not RULES[kind].restricted


def test_what_turns_out_to_be_a_security_incident_is_hidden_from_then_on(department):
    agent = an_agent(department)
    ticket = opened(agent, department, type="incident")
    classification.classify(agent, ticket.id, type="security_incident", at=NOON)
    commit()
    assert ticket.restricted
    assert not may(an_agent(a_department()), "read", ticket)
    assert "restriction_changed" in [fact.type for fact in journal.of(ticket.id)]
    classification.classify(agent, ticket.id, type="incident", at=NOON)
    assert ticket.restricted, "only a person shows it again"


@pytest.mark.parametrize(("kind", "days"), [("accessibility", 30), ("data_protection", 30)])
def test_the_law_s_clock_runs_for_types_that_have_one(kind, days, department):
    ticket = opened(an_agent(department), department, type=kind)
    zone = rulebook.in_force(RulebookKind.CALENDAR).value.tz
    due = clock(ticket, "statutory").due_at
    assert due - NOON > timedelta(days=days)
    assert due - NOON < timedelta(days=days + 1), zone


def test_it_starts_too_where_somebody_is_at_work_already(department):
    agent = an_agent(department)
    ticket = opened(agent, department, type="request")
    tickets.take(agent, ticket.id, at=NOON)
    commit()
    classification.classify(agent, ticket.id, type="data_protection", at=NOON + timedelta(days=3))
    commit()
    assert clock(ticket, "statutory").state == "running"


def test_becoming_a_type_with_a_term_by_law_starts_it_from_the_arrival(department):
    agent = an_agent(department)
    ticket = opened(agent, department, type="request")
    assert clock(ticket, "statutory") is None
    classification.classify(agent, ticket.id, type="accessibility", at=NOON + timedelta(days=3))
    commit()
    started = opened(agent, department, type="accessibility")
    assert clock(ticket, "statutory").due_at == clock(started, "statutory").due_at


def test_another_priority_moves_the_target_to_the_second(department):
    agent, later = an_agent(department), NOON + timedelta(hours=1, seconds=17)
    plain = opened(agent, department, impact="medium", urgency="medium")
    urgent = opened(agent, department, impact="high", urgency="high")
    classification.classify(agent, plain.id, impact="high", urgency="high", at=later)
    commit()
    assert (plain.priority, urgent.priority) == ("critical", "critical")
    for name in ("first_response", "resolution"):
        assert clock(plain, name).due_at == clock(urgent, name).due_at
        assert clock(plain, name).target_seconds == clock(urgent, name).target_seconds


def test_the_category_at_opening_stays_a_fact_of_its_own(department):
    agent = an_agent(department)
    first, second = a_category(), a_category()
    service = a_service(department_id=department.id, category_id=first.id)
    ticket = opened(agent, department, service=service.key)
    classification.classify(agent, ticket.id, category_id=second.id, at=NOON)
    assert (ticket.opening_category_id, ticket.category_id) == (first.id, second.id)
