"""The ledger of a ticket: rows that add up, why each began, steps done and to come, both figures of a first answer."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.errors import NotFound
from helpdesk.permissions import SYSTEM
from helpdesk.services import classification, records, replies, tickets, timers
from helpdesk.services.timers import Account
from tests.builders import NOON, a_department, a_ticket, an_agent

pytestmark = pytest.mark.usefixtures("body")

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def account_of(ticket, now, name="resolution", cycle=1) -> Account:
    ground.flush_pending()
    found = timers.explain(SYSTEM, ticket.id, now)
    [account] = [one for one in found if (one.clock, one.reading.cycle) == (name, cycle)]
    return account


def test_steps_stand_in_the_order_of_their_moments_with_what_became_of_them(ticket):
    timers.tick(NOON + timedelta(days=1, minutes=30))
    steps = account_of(ticket, NOON + timedelta(days=2), "first_response").steps
    assert [(step.key, step.state) for step in steps] == [("80%:warn", "late"), ("+0:breach", "due")]
    assert steps[0].fired_at == NOON + timedelta(days=1, minutes=30)
    assert steps[0].event is not None
    before = account_of(ticket, NOON + HOUR).steps
    assert [step.key for step in before] == ["80%:warn", "90%:tell-citizen", "+0:breach"]
    assert {step.state for step in before} == {"to-come"}
    assert before[-1].due_at == account_of(ticket, NOON + HOUR).reading.due_at


def test_a_paused_clock_has_no_moment_for_its_steps_and_says_so(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    steps = account_of(ticket, NOON + 2 * HOUR).steps
    assert {(step.state, step.due_at) for step in steps} == {("never", None)}


def test_the_first_answer_has_two_figures_with_and_without_machines(agent, ticket):
    replies.reply(agent, ticket.id, "Σύντομα.", automatic="bot", at=NOON + HOUR)
    replies.reply(agent, ticket.id, "Έρχεται συνεργείο.", at=NOON + 2 * HOUR)
    account = account_of(ticket, NOON + 3 * HOUR, "first_response")
    assert account.reading.elapsed == 2 * HOUR
    assert account.answered is not None
    assert (account.answered.machine, account.answered.elapsed) == (True, HOUR)
    assert account_of(ticket, NOON + 3 * HOUR).answered is None


def test_without_a_machine_both_figures_are_one(agent, ticket):
    replies.reply(agent, ticket.id, "Έρχεται συνεργείο.", at=NOON + 2 * HOUR)
    account = account_of(ticket, NOON + 3 * HOUR, "first_response")
    assert account.answered is not None
    assert (account.answered.machine, account.answered.elapsed) == (False, account.reading.elapsed)


def test_another_priority_stands_in_the_ledger_with_its_target(agent, ticket):
    classification.classify(agent, ticket.id, priority="critical", reason="θέμα ασφαλείας", at=NOON + HOUR)
    account = account_of(ticket, NOON + 2 * HOUR)
    [change] = account.changes
    assert (change.at, change.amount) == (NOON + HOUR, account.reading.target)
    assert change.event == int(account.rows[-1].ref)


def test_the_record_adds_up_in_whole_seconds(agent, ticket):
    odd = timedelta(minutes=7, seconds=13, microseconds=987_654)
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + odd)
    tickets.resume(agent, ticket.id, at=NOON + timedelta(days=2, microseconds=111))
    ground.flush_pending()
    told = records.ledger(SYSTEM, ticket.id, NOON + timedelta(days=9, microseconds=5))
    for one in told["clocks"]:
        by_activity = dict.fromkeys(("running", "paused", "closed-hours", "stopped"), 0)
        for row in one["rows"]:
            by_activity[row["activity"]] += row["seconds"]
        assert by_activity == {
            "running": one["elapsed_seconds"], "paused": one["paused_seconds"], "closed-hours": 0, "stopped": 0,
        }  # fmt: skip
    assert told["clocks"][1]["paused_seconds"] > 0
    assert all(row["event"] for one in told["clocks"] for row in one["rows"])


def test_who_may_not_see_a_ticket_gets_no_ledger(ticket):
    stranger = an_agent(a_department())
    hidden = a_ticket(department_id=ticket.department_id, restricted=True)
    with pytest.raises(NotFound):
        timers.ledger(stranger, hidden.id)
    assert timers.ledger(stranger, ticket.id).ticket.id == ticket.id
