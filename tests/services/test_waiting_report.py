"""The report of waiting: what began in a period, by reason and agent, in open time, ended by whom."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import replies, rulebook, tickets, waiting
from helpdesk.services.reports import periods
from helpdesk.services.reports import waiting as report_of
from helpdesk.vocabulary import ActorKind, Role, RulebookKind
from tests.builders import NOON, a_department, a_ticket, an_account, an_agent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PERIOD = periods.last_days(30, NOON + 10 * DAY)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON - 60 * DAY)
    an_account(is_default=True)


@pytest.fixture
def ours():
    return a_department()


@pytest.fixture
def agent(ours):
    return an_agent(ours)


@pytest.fixture
def boss():
    return an_agent(role=Role.SUPERVISOR)


def told(boss: Actor, department_id: int | None = None, now=NOON + 10 * DAY) -> report_of.WaitingReport:
    ground.flush_pending()
    return report_of.report(boss, PERIOD, department_id, now=now)


def test_a_wait_is_counted_once_in_open_time_and_by_who_ended_it(boss, agent, ours):
    by_agent, by_citizen = a_ticket(department_id=ours.id), a_ticket(department_id=ours.id)
    for ticket in (by_agent, by_citizen):
        tickets.wait(agent, ticket.id, "needs_information", NOON + 9 * DAY, at=NOON)
    tickets.wait(agent, by_agent.id, "needs_information", NOON + 8 * DAY, at=NOON + HOUR)
    tickets.resume(agent, by_agent.id, at=NOON + 2 * HOUR)
    citizen = Actor(ActorKind.CITIZEN, by_citizen.requester_id)
    replies.citizen_writes(citizen, by_citizen.id, "Εδώ.", at=NOON + DAY)
    found = told(boss)
    assert (found.whole.n, found.whole.running) == (2, 0)
    assert found.whole.ended_by == {"citizen": 1, "staff": 1, "clock": 0, "finished": 0}
    assert found.whole.median == (2 + 7) / 2 * 3600  # from noon: two hours, and noon to noon of a day of seven
    assert found.by_reason.keys() == {"needs_information"}
    assert found.by_agent.keys() == {agent.id}


def test_another_reason_is_another_wait_and_what_goes_on_counts_up_to_now(boss, agent, ours):
    ticket = a_ticket(department_id=ours.id)
    tickets.wait(agent, ticket.id, "approval", at=NOON)
    tickets.wait(agent, ticket.id, "supplier_works", at=NOON + HOUR)
    found = told(boss, now=NOON + 2 * HOUR)
    assert (found.whole.n, found.whole.running) == (2, 1)
    assert {reason: measures.median for reason, measures in found.by_reason.items()} == {
        "approval": 3600.0,
        "supplier_works": 3600.0,
    }


def test_what_lasts_to_its_longest_is_over_by_the_rules_that_held_then(boss, agent, ours):
    data = rulebook.in_force(RulebookKind.WAITING).value.to_dict()
    data["reasons"]["approval"] |= {"longest_days": 4}
    rulebook.enact(RulebookKind.WAITING, "default", data, at=NOON - DAY)
    over, under = a_ticket(department_id=ours.id), a_ticket(department_id=ours.id)
    for ticket in (over, under):
        tickets.wait(agent, ticket.id, "approval", at=NOON)
    tickets.resume(agent, under.id, at=NOON + DAY)
    waiting.tick(NOON + 7 * DAY)
    data["reasons"]["approval"] |= {"longest_days": 90}
    rulebook.enact(RulebookKind.WAITING, "default", data, at=NOON + 8 * DAY)
    found = told(boss)
    assert (found.whole.n, found.whole.over, found.whole.over_share) == (2, 1, 50.0)
    assert found.whole.ended_by["clock"] == 1


def test_what_ends_with_its_request_is_told_apart(boss, agent, ours):
    ticket = a_ticket(department_id=ours.id)
    tickets.wait(agent, ticket.id, "appointment", at=NOON)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    assert told(boss).whole.ended_by["finished"] == 1


def test_only_waits_that_began_within_the_period_and_of_the_department_count(boss, agent, ours):
    old, new = a_ticket(department_id=ours.id), a_ticket(department_id=a_department().id)
    tickets.wait(SYSTEM, old.id, "approval", at=NOON - 40 * DAY)
    tickets.wait(SYSTEM, new.id, "approval", at=NOON)
    assert told(boss).whole.n == 1
    assert told(boss, ours.id).whole.n == 0
    with pytest.raises(Forbidden):
        told(agent)


def test_a_percentile_is_interpolated():
    assert report_of.percentile([], 0.5) is None
    assert report_of.percentile([1.0], 0.9) == 1.0
    assert report_of.percentile([1.0, 3.0], 0.5) == 2.0
    assert report_of.percentile([0.0, 10.0, 20.0, 30.0], 0.9) == 27.0


def test_the_database_and_the_report_agree_on_percentiles():
    values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0]
    query = "select percentile_cont(0.9) within group (order by v) from unnest(cast(:v as float[])) as v"
    exact = db.session.execute(db.text(query), {"v": values}).scalar()
    assert report_of.percentile(sorted(values), 0.9) == pytest.approx(exact)
