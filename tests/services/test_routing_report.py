"""Where requests were sent first, how many were handed on, came back, and what time that cost."""

from datetime import timedelta

import pytest

from helpdesk.errors import Forbidden
from helpdesk.events import TicketRouted, TicketTransferred
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from helpdesk.services.reports import periods, routing
from tests.builders import NOON, a_department, a_ticket, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("session")
PERIOD = periods.last_days(7, NOON)
RULE = [{"kind": "words", "rule": "leak", "title": "Leaks"}]


def a_way(first, *then, by: str = "rule", reasons=RULE):
    """A ticket that was sent to `first` (None: triage) and transferred once an hour."""
    ticket = a_ticket(department_id=(then or (first,))[-1].id)
    journal.record(ticket.id, TicketRouted(by, first and first.id, None, "", list(reasons)), SYSTEM, NOON)
    places = [first, *then]
    for hour, (before, place) in enumerate(zip(places, then, strict=False), 1):
        moved = TicketTransferred(place.id, before and before.id)
        journal.record(ticket.id, moved, SYSTEM, NOON + timedelta(hours=hour))
    journal.flush()
    return ticket


def test_what_was_transferred_after_its_first_department_was_handed_on():
    water, roads = a_department(), a_department()
    a_way(water)
    a_way(water, roads)
    found = routing.report(an_administrator(), PERIOD)
    assert (found.whole.n, found.whole.handed_on, found.whole.share) == (2, 1, 50.0)
    assert found.whole.lost_median == 3600
    assert set(found.by_department) == {water.id}
    assert found.by_means["rule", "Leaks"].handed_on == 1


def test_what_returns_to_a_department_that_had_it_came_back():
    water, roads, waste = a_department(), a_department(), a_department()
    a_way(water, roads, waste)
    a_way(water, roads, water)
    found = routing.report(an_administrator(), PERIOD)
    assert (found.whole.handed_on, found.whole.came_back, found.whole.lost_median) == (2, 1, 7200)


def test_from_triage_the_first_department_is_the_one_that_was_chosen():
    water, roads = a_department(), a_department()
    a_way(None, water, by="default", reasons=[])
    a_way(None, water, roads, by="default", reasons=[])
    found = routing.report(an_administrator(), PERIOD)
    assert found.by_means["staff", ""].n == 2
    assert found.by_department[water.id].handed_on == 1
    assert found.by_department[water.id].lost_median == 3600


def test_what_still_waits_in_triage_has_not_been_sent():
    ticket = a_ticket()
    journal.record(ticket.id, TicketRouted("default", None), SYSTEM, NOON)
    journal.flush()
    assert routing.report(an_administrator(), PERIOD).whole.n == 0


def test_it_can_be_narrowed_to_one_first_department_and_is_not_for_agents():
    water, roads = a_department(), a_department()
    a_way(water, roads)
    a_way(roads)
    assert routing.report(an_administrator(), PERIOD, roads.id).whole.handed_on == 0
    with pytest.raises(Forbidden):
        routing.report(an_agent(), PERIOD)
