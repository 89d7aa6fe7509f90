"""Figures of escalation: how many, of which kind, how soon after receipt, how many taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from helpdesk.db import flush_pending
from helpdesk.errors import Forbidden
from helpdesk.events import TicketDeescalated, TicketEscalated
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from helpdesk.services.reports import escalation, periods
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_agent

pytestmark = pytest.mark.usefixtures("session")

HOUR = timedelta(hours=1)
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def period():
    return periods.read(date(2026, 11, 20).isoformat(), date(2026, 11, 30).isoformat(), NOW)


def state(ticket, event, after, actor=SYSTEM):
    journal.record(ticket.id, event, actor, NOON + after)
    flush_pending()


def test_they_are_counted_by_kind_with_the_time_to_the_first_of_each_request():
    place, other = a_department(), a_department()
    boss = a_supervisor(place, other)
    one, two = a_ticket(department_id=place.id), a_ticket(department_id=place.id)
    three = a_ticket(department_id=other.id)
    state(one, TicketEscalated(1, kind="functional"), HOUR, boss)
    state(one, TicketEscalated(2, kind="hierarchical"), 9 * HOUR)
    state(one, TicketDeescalated(1), 10 * HOUR, boss)
    state(two, TicketEscalated(1, kind="functional"), 3 * HOUR)
    state(three, TicketEscalated(1), 5 * HOUR)
    found = escalation.report(boss, period(), now=NOW)
    whole = found.whole
    assert (whole.n, whole.tickets, whole.functional, whole.hierarchical) == (4, 3, 2, 1)
    assert (whole.stayed, whole.by_clock, whole.taken_back) == (1, 3, 1)
    assert whole.seconds == 3 * 3600
    assert round(whole.functional_share) == 67 and round(whole.hierarchical_share) == 33
    assert found.by_department[place.id].seconds == 2 * 3600
    assert found.by_department[other.id].functional_share is None


def test_a_request_escalated_before_the_period_adds_no_time():
    place = a_department()
    ticket = a_ticket(department_id=place.id, received_at=NOON - timedelta(days=30))
    state(ticket, TicketEscalated(1, kind="functional"), -timedelta(days=20))
    state(ticket, TicketEscalated(2, kind="functional"), HOUR)
    whole = escalation.report(a_supervisor(place), period(), now=NOW).whole
    assert (whole.n, whole.seconds) == (1, None)


def test_nothing_escalated_is_no_fault_and_figures_are_for_those_who_lead():
    place = a_department()
    whole = escalation.report(a_supervisor(place), period(), place.id, now=NOW).whole
    assert (whole.n, whole.seconds, whole.functional_share) == (0, None, None)
    with pytest.raises(Forbidden):
        escalation.report(an_agent(place), period(), now=NOW)
