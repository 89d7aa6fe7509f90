"""What is promised to whom, and what becomes of a promise when the ticket changes."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import event

from helpdesk import db as ground
from helpdesk.clock import NEVER
from helpdesk.db import db
from helpdesk.events import Event, ReplySent, StatusChanged, TicketOpened, TicketResolved
from helpdesk.models.clocks import TicketClock
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import journal, replies, rulebook, signals, tickets, timers
from helpdesk.vocabulary import ActorKind, RulebookKind
from tests.builders import (
    NOON,
    a_department,
    a_ticket,
)

pytestmark = pytest.mark.usefixtures("body")

HOUR = timedelta(hours=1)


@contextmanager
def statements():
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def clocks_of(ticket: Ticket) -> dict[str, TicketClock]:
    ground.flush_pending()
    db.session.expire_all()
    return {row.name: row for row in db.session.query(TicketClock).filter_by(ticket_id=ticket.id)}


def opened(*facts: Event, **given: object) -> dict[str, TicketClock]:
    """The clocks of a ticket whose first facts are others than the usual, stated in one transaction."""
    usual = a_ticket(department_id=a_department().id, **given)
    left_out = {"id", "is_open", "version", "next_due_at", "queue_at"}
    values = {name: getattr(usual, name) for name in set(Ticket.__table__.columns.keys()) - left_out}
    other = Ticket(**values, next_due_at=NEVER)
    db.session.add(other)
    db.session.flush()
    for fact in facts:
        journal.record(other.id, fact, SYSTEM, NOON)
    return clocks_of(other)


def test_a_ticket_that_staff_took_down_owes_no_first_response():
    assert set(opened(TicketOpened("phone", NOON.isoformat(), by_staff=True))) == {"resolution"}


def test_what_a_machine_wrote_starts_no_clock():
    assert opened(TicketOpened("email", NOON.isoformat(), automatic="bounce")) == {}


def test_nobody_who_could_be_answered_is_owed_no_answer():
    assert set(opened(TicketOpened("webform", NOON.isoformat()), requester_id=None)) == {"resolution"}


def test_the_clock_starts_when_the_body_received_it_not_when_it_was_processed():
    found = opened(TicketOpened("email", (NOON - 2 * HOUR).isoformat()))
    assert found["resolution"].started_at == NOON - 2 * HOUR


def test_a_ticket_that_waits_from_its_opening_on_is_paused_from_its_opening_on():
    found = opened(TicketOpened("email", NOON.isoformat()), StatusChanged("waiting_requester", "new"))
    assert found["resolution"].state == "paused"


@pytest.mark.parametrize("order", range(6))
def test_the_facts_of_one_save_give_the_same_clocks_in_whatever_order_they_are_written(order):
    facts = [
        ReplySent(1, "email"),
        StatusChanged("waiting_requester", "open"),
        StatusChanged("open", "new"),
    ]
    given = list(permutations(facts))[order]
    ticket = a_ticket(department_id=a_department().id)
    for fact in given:
        journal.record(ticket.id, fact, SYSTEM, NOON + HOUR)
    found = clocks_of(ticket)
    assert found["first_response"].stopped_at == NOON + HOUR
    assert (found["resolution"].state, found["resolution"].elapsed_seconds) == ("paused", 3600)


def test_a_resolution_without_a_human_s_words_withdraws_the_first_response(ticket):
    journal.record(ticket.id, TicketResolved("solved"), SYSTEM, NOON + HOUR)
    assert clocks_of(ticket)["first_response"].state == "withdrawn"


def test_a_paused_clock_cannot_breach(agent, ticket):
    replies.reply(agent, ticket.id, "Ποια οδός;", then="wait", then_fields={"reason": "needs_information"}, at=NOON)
    assert timers.tick(NOON + timedelta(days=300)) == 0
    assert clocks_of(ticket)["resolution"].breached_at is None


def test_the_length_of_a_breach_freezes_when_the_clock_stops(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Συγγνώμη.", at=NOON + timedelta(days=14))
    late = clocks_of(ticket)["resolution"].late_seconds
    timers.tick(NOON + timedelta(days=60))
    timers.refresh({ticket.id: NOON + timedelta(days=60)})
    assert clocks_of(ticket)["resolution"].late_seconds == late > 0


def test_a_deadline_missed_under_the_old_target_stays_missed_and_is_counted(agent, ticket):
    tickets.classify(agent, ticket.id, impact="high", urgency="high", at=NOON + HOUR)
    timers.tick(NOON + timedelta(days=3))
    tickets.classify(agent, ticket.id, impact="low", urgency="low", at=NOON + timedelta(days=3))
    row = clocks_of(ticket)["resolution"]
    assert (row.state, row.retargeted_after_breach, row.target_seconds) == ("running", 1, 80 * 3600)
    account = next(
        found for found in timers.explain(SYSTEM, ticket.id, NOON + timedelta(days=3)) if found.clock == row.name
    )
    assert [missed.target for missed in account.reading.missed] == [timedelta(hours=8)]


def test_what_changed_while_it_was_resolved_holds_when_it_is_reopened(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    tickets.classify(agent, ticket.id, impact="high", urgency="high", at=NOON + 2 * HOUR)
    assert clocks_of(ticket)["resolution"].target_seconds == 40 * 3600
    tickets.reopen(agent, ticket.id, "Ξανά", at=NOON + 3 * HOUR)
    row = clocks_of(ticket)["resolution"]
    assert (row.target_seconds, row.elapsed_seconds, row.state) == (8 * 3600, 3600, "running")


def test_another_department_s_hours_hold_from_the_transfer_on(agent, ticket):
    hours = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    night = rulebook.enact(RulebookKind.CALENDAR, "night", {"tz": "Europe/Athens", "hours": hours}, at=NOON)
    before = clocks_of(ticket)["resolution"].due_at
    tickets.transfer(agent, ticket.id, a_department(calendar_key="night").id, "δικό τους", at=NOON + HOUR)
    row = clocks_of(ticket)["resolution"]
    assert (row.calendar_id, row.elapsed_seconds) == (night.id, 3600)
    assert row.due_at < before
    assert list(timers.verify(NOON + HOUR)) == []


def test_a_newer_version_is_not_applied_by_the_way(agent, ticket):
    first = clocks_of(ticket)["resolution"]
    held = (first.policy_id, first.calendar_id)
    for kind in (RulebookKind.CALENDAR, RulebookKind.POLICY):
        rulebook.enact(kind, "default", rulebook.versions(kind)[0].data, at=NOON)
    tickets.classify(agent, ticket.id, impact="high", urgency="high", at=NOON + HOUR)
    now = clocks_of(ticket)["resolution"]
    assert (now.policy_id, now.calendar_id) == held
    assert clocks_of(a_ticket())["resolution"].policy_id != held[0]


def test_of_several_policies_the_more_specific_holds_and_says_why():
    department = a_department()
    targets = [{"clock": "resolution", "seconds": 3600}]
    rulebook.enact(
        RulebookKind.POLICY, "quick", {"targets": targets, "when": {"department": [department.key]}}, at=NOON
    )
    ticket = a_ticket(department_id=department.id)
    [account] = timers.explain(SYSTEM, ticket.id, NOON)
    assert (account.policy, account.why, account.reading.target) == ("quick@1", "specific", HOUR)


def test_where_nothing_is_promised_nothing_runs():
    policy = {"targets": [{"clock": "resolution", "seconds": 60, "when": {"priority": ["critical"]}}]}
    rulebook.enact(RulebookKind.POLICY, "default", policy, at=NOON)
    ticket = a_ticket()
    assert clocks_of(ticket) == {}
    assert ticket.next_due_at == NEVER
    assert timers.promised_at(ticket.id) is None


def test_many_tickets_are_started_by_a_handful_of_statements():
    first = [a_ticket(department_id=a_department().id) for _ in range(3)]
    rows = {(row.name, row.target_seconds) for row in clocks_of(first[0]).values()}
    facts = [fact for ticket in first for fact in journal.of(ticket.id) if isinstance(fact.event, TicketOpened)]
    db.session.query(TicketClock).delete()
    with statements() as asked:
        timers.start(facts)
    assert len(asked) <= 4
    assert {(row.name, row.target_seconds) for row in clocks_of(first[0]).values()} == rows


def test_the_table_of_clocks_names_what_each_fact_means():
    fact = journal.Recorded(1, NOON, "staff", 1, ReplySent(1, "email"))
    assert {name.value: hears(fact.event) for name, hears in signals.CLOCKS.items()} == {
        "acknowledge": None,
        "first_response": "stop",
        "next_response": "stop",
        "update": "restart",
        "resolution": None,
        "ola": None,
        "ua": None,
        "statutory": None,
        "forwarding": None,
        "callback": None,
    }


def test_a_citizen_s_rejection_lets_the_resolution_run_on(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    tickets.reject(Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, "Όχι.", at=NOON + 2 * HOUR)
    row = clocks_of(ticket)["resolution"]
    assert (row.state, row.elapsed_seconds, row.stopped_at) == ("running", 3600, None)


@pytest.mark.parametrize("hours", [0, 1, 5, 20, 26, 40, 400])
@pytest.mark.parametrize("priority", ["critical", "low"])
def test_a_clock_just_started_is_kept_as_it_would_be_read(hours, priority):
    ticket = a_ticket(received_at=NOON - hours * HOUR, priority=priority)
    ground.flush_pending()
    journal.record(ticket.id, TicketOpened("email", (NOON - hours * HOUR).isoformat()), SYSTEM, NOON)
    db.session.query(TicketClock).filter_by(ticket_id=ticket.id).delete()
    started = {name: values_of(row) for name, row in clocks_of(ticket).items()}
    timers.refresh({ticket.id: NOON})
    assert {name: values_of(row) for name, row in clocks_of(ticket).items()} == started
    assert len(started) == 2


def values_of(row: TicketClock) -> dict[str, object]:
    return {name: getattr(row, name) for name in set(TicketClock.__table__.columns.keys()) - {"id"}}
