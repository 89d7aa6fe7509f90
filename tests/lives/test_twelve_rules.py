"""What other systems get wrong, rule by rule, on tickets that live by the services of live work."""

from datetime import timedelta
from itertools import permutations

import pytest

from helpdesk import events
from helpdesk.clock import NEVER
from helpdesk.db import commit, db
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import classification, journal, replies, rulebook, tickets, timers, waiting
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_ticket, an_account
from tests.lives.house import DAY, HOUR, HOURS, agree, athens, promise, read, row, states


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    agree("default", promise())
    an_account(is_default=True)


def test_rule_1_a_paused_clock_cannot_breach_and_one_that_stopped_late_is_breached_though_nobody_looked(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    assert states(ticket, NOON + 90 * DAY)["resolution"] == ["paused"]
    replies.reply(agent, ticket.id, "Συγγνώμη για την αργοπορία.", at=NOON + 9 * DAY)
    late = row(ticket, "first_response")
    assert (late.state, late.breached_at) == ("breached", athens("2026-11-25T13:00+02:00"))


def test_rule_2_the_length_of_a_breach_freezes_when_the_clock_stops(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=athens("2026-12-02T11:30+02:00"))
    late = [read(ticket, NOON + days * DAY)["resolution"][0].late for days in (30, 300)]
    assert late == [timedelta(hours=1, minutes=30)] * 2


def test_rule_3_a_pause_over_a_closed_weekend_costs_and_gives_nothing(agent, ticket):
    due = row(ticket, "resolution").due_at
    tickets.wait(agent, ticket.id, "needs_information", at=athens("2026-11-27T15:00+02:00"))
    tickets.resume(agent, ticket.id, at=athens("2026-11-30T08:00+02:00"))
    assert (row(ticket, "resolution").due_at, row(ticket, "resolution").paused_seconds) == (due, 0)


def test_rule_4_another_priority_changes_the_target_and_never_the_time(agent, ticket):
    agree("urgent", promise("resolution") | {"order": 1, "when": {"priority": ["critical"]}})
    slow = {"clock": "resolution", "seconds": 20 * 3600, "when": {"priority": ["normal"]}}
    fast = {"clock": "resolution", "seconds": 4 * 3600, "when": {"priority": ["critical"]}}
    agree("default", {"targets": [slow, fast, {"clock": "resolution", "seconds": 90 * 3600}]})
    other = a_ticket(department_id=ticket.department_id)
    tickets.wait(agent, other.id, "needs_information", at=NOON + HOUR)
    tickets.resume(agent, other.id, at=NOON + DAY)
    before = read(other, NOON + DAY)["resolution"][0]
    classification.classify(agent, other.id, priority="critical", reason="κίνδυνος", at=NOON + DAY)
    after = read(other, NOON + DAY)["resolution"][0]
    assert (after.target, after.elapsed, after.paused) == (4 * HOUR, before.elapsed, before.paused)


def test_rule_4_a_deadline_missed_under_the_old_target_stays_in_the_ledger(agent, ticket):
    slow = {"clock": "resolution", "seconds": 90 * 3600, "when": {"priority": ["low"]}}
    agree("default", {"targets": [slow, {"clock": "resolution", "seconds": 3600}]})
    other = a_ticket(department_id=ticket.department_id)
    classification.classify(agent, other.id, priority="low", reason="χωρίς βιασύνη", at=NOON + 2 * HOUR)
    kept = row(other, "resolution")
    assert (kept.state, kept.retargeted_after_breach) == ("running", 1)
    [account] = [one for one in timers.explain(SYSTEM, other.id, NOON + 3 * HOUR) if one.clock == "resolution"]
    assert [missed.due_at for missed in account.reading.missed] == [NOON + HOUR]


@pytest.mark.parametrize(("reopen", "elapsed"), [("continue", [3]), ("new-cycle", [1, 2])])
def test_rule_5_reopening_goes_on_or_begins_anew_as_the_policy_says_and_both_are_kept(agent, reopen, elapsed):
    agree("default", promise("resolution", reopen=reopen))
    ticket = a_ticket(department_id=next(iter(agent.departments)))
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    tickets.reopen(agent, ticket.id, "Ξανά.", at=NOON + DAY)
    assert [one.elapsed for one in read(ticket, NOON + DAY + 2 * HOUR)["resolution"]] == [one * HOUR for one in elapsed]


def test_rule_6_one_save_gives_the_same_clocks_in_whatever_order_its_facts_are_written():
    facts = [
        events.ReplySent(1, "email"),
        events.StatusChanged("waiting_requester", "open"),
        events.StatusChanged("open", "new"),
        events.TicketAcknowledged(),
    ]
    found = set()
    for order in permutations(facts):
        ticket = a_ticket(department_id=a_department().id)
        for fact in order:
            journal.record(ticket.id, fact, SYSTEM, NOON + HOUR)
        found.add(str({name: [(one.state, one.elapsed, one.paused, one.due_at) for one in cycles]
                       for name, cycles in read(ticket, NOON + DAY).items()}))  # fmt: skip
    assert len(found) == 1
    assert "paused" in found.pop()


def test_rule_7_a_machine_s_words_stop_neither_the_first_nor_the_next_response(agent, ticket, citizen):
    replies.reply(agent, ticket.id, "Το λάβαμε.", automatic="bot", at=NOON + HOUR)
    assert row(ticket, "first_response").state == "running"
    replies.reply(agent, ticket.id, "Το κοιτάμε.", at=NOON + 2 * HOUR)
    replies.citizen_writes(citizen, ticket.id, "Και πότε;", at=NOON + 2 * HOUR + timedelta(minutes=30))
    replies.reply(agent, ticket.id, "Είστε στη σειρά.", automatic="bot", at=NOON + 3 * HOUR)
    assert row(ticket, "next_response").state == "running"
    assert row(ticket, "first_response").stopped_at == NOON + 2 * HOUR


def test_rule_7_a_reply_taken_back_was_none(agent, ticket):
    message = replies.reply(agent, ticket.id, "Λάθος παραλήπτης.", at=NOON + HOUR)
    assert row(ticket, "first_response").state == "met"
    replies.withdraw(agent, message.id, at=NOON + HOUR + timedelta(seconds=5))
    assert row(ticket, "first_response").state == "running"
    assert "update" not in read(ticket, NOON + DAY)


def test_rule_8_a_thank_you_starts_a_clock_that_an_agent_can_end_with_a_reason(agent, ticket, citizen):
    replies.reply(agent, ticket.id, "Έγινε.", at=NOON + HOUR)
    replies.citizen_writes(citizen, ticket.id, "Ευχαριστώ!", at=NOON + 2 * HOUR)
    assert row(ticket, "next_response").state == "running"
    tickets.VERBS["no-reply-needed"](agent, ticket.id, "thanks", at=NOON + 2 * HOUR + timedelta(minutes=5))
    assert states(ticket, NOON + 30 * DAY)["next_response"] == ["withdrawn"]
    replies.citizen_writes(citizen, ticket.id, "Και κάτι άλλο;", at=NOON + DAY)
    assert states(ticket, NOON + DAY)["next_response"] == ["withdrawn", "running"]


def test_rule_9_the_merged_one_counts_nowhere_and_parted_again_both_are_as_before(agent, ticket):
    other = a_ticket(department_id=ticket.department_id, requester_id=ticket.requester_id)
    due = {one.id: (row(one, "first_response").due_at, row(one, "resolution").due_at) for one in (ticket, other)}
    tickets.VERBS["merge"](agent, other.id, ticket.id, at=NOON + HOUR)
    counted = {name: found for name, found in states(other, NOON + 90 * DAY).items() if name != "acknowledge"}
    assert counted == {"first_response": ["withdrawn"], "resolution": ["withdrawn"]}
    assert db.session.get(Ticket, other.id).next_due_at == NEVER
    assert states(ticket, NOON + HOUR)["resolution"] == ["running"]
    tickets.VERBS["unmerge"](agent, other.id, at=NOON + 2 * HOUR)
    assert {one.id: (row(one, "first_response").due_at, row(one, "resolution").due_at)
            for one in (ticket, other)} == due  # fmt: skip
    assert read(other, NOON + 2 * HOUR)["resolution"][0].elapsed == 2 * HOUR


def test_rule_10_waiting_is_for_a_reason_no_longer_than_allowed_reminds_and_ends_by_itself(agent, ticket):
    commit()
    with pytest.raises(Invalid) as refused:
        tickets.wait(agent, ticket.id, "", at=NOON)
    assert "reason" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        tickets.wait(agent, ticket.id, "needs_information", NOON + 900 * DAY, at=NOON)
    assert "until" in refused.value.fields
    tickets.wait(agent, ticket.id, "needs_information", at=NOON)
    until = db.session.get(Ticket, ticket.id).waiting_until
    moment = NOON
    while moment <= until + 2 * DAY:
        waiting.tick(moment)
        moment += HOUR
    facts = [fact.event for fact in journal.of(ticket.id)]
    assert any(isinstance(fact, events.WaitingReminded) for fact in facts)
    assert db.session.get(Ticket, ticket.id).status in ("open", "resolved")


def test_rule_11_a_ticket_keeps_the_versions_it_opened_under(agent, ticket, citizen):
    opened = row(ticket, "resolution")
    kept = (opened.policy_id, opened.calendar_id, opened.due_at)
    agree("default", {"targets": [{"clock": "resolution", "seconds": 60}, {"clock": "next_response", "seconds": 60}]})
    night = {"tz": "Europe/Athens", "hours": {"sun": [["01:00", "02:00"]]}}
    rulebook.enact(RulebookKind.CALENDAR, "default", night, at=NOON)
    replies.reply(agent, ticket.id, "Το κοιτάμε.", at=NOON + HOUR)
    replies.citizen_writes(citizen, ticket.id, "Πότε;", at=NOON + 2 * HOUR)
    still = row(ticket, "resolution")
    assert (still.policy_id, still.calendar_id, still.due_at) == kept
    assert row(ticket, "next_response").target_seconds == HOURS["next_response"] * 3600
    assert db.session.get(Ticket, ticket.id).policy_id == kept[0]


def test_rule_12_every_ticket_has_a_policy_and_the_ledger_says_why_it_is_that_one(agent):
    fast = promise("resolution") | {"when": {"priority": ["high"]}}
    agree("urgent", fast)
    agree("urgent-water", fast | {"when": {"priority": ["high"], "type": ["incident"]}})
    agree("always-first", promise("resolution") | {"order": 1, "when": {"type": ["complaint"]}})
    department = next(iter(agent.departments))
    why = {}
    for kind, priority in (("request", "low"), ("incident", "high"), ("complaint", "high")):
        ticket = a_ticket(department_id=department, type=kind, priority=priority)
        [account] = [one for one in timers.explain(SYSTEM, ticket.id, NOON) if one.clock == "resolution"]
        why[kind] = (account.policy.split("@")[0], account.why)
    assert why == {
        "request": ("default", "only"),
        "incident": ("urgent-water", "specific"),
        "complaint": ("always-first", "order"),
    }
