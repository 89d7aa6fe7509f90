"""Clocks of tickets: set, paused, stopped, retargeted by facts; ticked once; explained and verified."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk.clock import NEVER
from helpdesk.db import db
from helpdesk.models.clocks import ClockStep, TicketClock
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import classification, clocks, journal, replies, rulebook, tickets, timers
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_ticket

pytestmark = pytest.mark.usefixtures("body")

HOUR = timedelta(hours=1)


def clock_of(ticket: Ticket, name: str = "resolution") -> TicketClock:
    ground.flush_pending()
    db.session.expire_all()
    return db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name=name).one()


def athens(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_new_ticket_has_a_promise_in_open_hours_and_a_place_in_the_queue(ticket):
    # noon on Tuesday in Athens, eight open hours of 08-15 days
    assert clock_of(ticket, "first_response").due_at == athens("2026-11-25T13:00+02:00")
    assert clock_of(ticket, "resolution").due_at == athens("2026-12-02T10:00+02:00")
    assert ticket.next_due_at == athens("2026-11-25T13:00+02:00")


def test_a_human_reply_stops_the_first_response_and_an_automatic_one_does_not(agent, ticket):
    replies.reply(agent, ticket.id, "Σύντομα.", automatic="bot", at=NOON + HOUR)
    assert clock_of(ticket, "first_response").state == "running"
    replies.reply(agent, ticket.id, "Έρχεται συνεργείο.", at=NOON + 2 * HOUR)
    stopped = clock_of(ticket, "first_response")
    assert (stopped.state, stopped.elapsed_seconds) == ("met", 2 * 3600)


def test_waiting_for_the_citizen_pauses_the_resolution_in_its_own_unit(agent, ticket):
    before = clock_of(ticket).due_at
    tickets.wait(agent, ticket.id, "needs_information", at=NOON)
    assert clock_of(ticket).state == "paused"
    assert db.session.get(Ticket, ticket.id).next_due_at == clock_of(ticket, "first_response").due_at
    tickets.resume(agent, ticket.id, at=NOON + timedelta(days=1))
    after = clock_of(ticket)
    assert after.paused_seconds == 7 * 3600
    assert after.due_at == before + timedelta(days=1)


def test_pausing_over_a_closed_weekend_costs_nothing(agent, ticket):
    friday, monday = athens("2026-11-27T15:00+02:00"), athens("2026-11-30T08:00+02:00")
    before = clock_of(ticket).due_at
    tickets.wait(agent, ticket.id, "needs_information", at=friday)
    tickets.resume(agent, ticket.id, at=monday)
    assert clock_of(ticket).due_at == before
    assert clock_of(ticket).paused_seconds == 0


def test_another_priority_moves_the_target_and_never_the_elapsed_time(agent, ticket):
    classification.classify(agent, ticket.id, impact="high", urgency="high", at=NOON + HOUR)
    moved = clock_of(ticket)
    assert moved.target_seconds == 8 * 3600
    assert moved.due_at == athens("2026-11-25T13:00+02:00")


def test_reopening_goes_on_where_it_stopped(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    tickets.reopen(agent, ticket.id, "Ξανά το ίδιο", at=NOON + timedelta(days=7))
    reopened = clock_of(ticket)
    assert (reopened.state, reopened.elapsed_seconds, reopened.cycle) == ("running", 3600, 1)


def test_resolved_without_any_reply_the_first_response_is_answered_by_the_resolution_text(agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    assert clock_of(ticket, "first_response").state == "met"


def test_a_cancelled_ticket_counts_in_no_attainment(agent, ticket):
    tickets.cancel(agent, ticket.id, "διπλό", at=NOON + HOUR)
    assert {clock_of(ticket, name).state for name in ("first_response", "resolution")} == {"withdrawn"}
    assert db.session.get(Ticket, ticket.id).next_due_at == NEVER


def steps_of(ticket: Ticket) -> list[str]:
    query = (
        db.session.query(ClockStep).filter_by(ticket_id=ticket.id, clock="first_response").order_by(ClockStep.due_at)
    )
    return [step.step for step in query]


def test_each_step_fires_once_however_often_the_clock_ticks(ticket):
    breached = athens("2026-11-25T13:00+02:00")
    assert timers.tick(NOON + HOUR) == 0
    assert timers.tick(breached - HOUR) == 1
    assert timers.tick(breached) == 1
    assert timers.tick(breached) == 0
    assert steps_of(ticket) == ["80%:warn", "+0:breach"]
    assert clock_of(ticket, "first_response").breached_at == breached


def test_after_an_outage_missed_steps_fire_in_order_marked_late(ticket):
    assert timers.tick(athens("2026-11-25T15:00+02:00")) == 2
    fired = [fact.event for fact in journal.of(ticket.id) if fact.type == "clock_step_fired"]
    assert [event.do for event in fired] == ["warn", "breach"]
    assert fired[1].late_seconds == 2 * 3600


def test_a_stop_that_came_late_is_a_breach_even_if_nobody_ticked(agent, ticket):
    replies.reply(agent, ticket.id, "Συγγνώμη.", at=NOON + timedelta(days=3))
    late = clock_of(ticket, "first_response")
    assert late.state == "breached"
    assert (
        late.late_seconds
        == (athens("2026-11-27T12:00+02:00") - athens("2026-11-27T08:00+02:00")).seconds + 2 * 3600 + 7 * 3600
    )


def test_a_ticket_that_cannot_be_computed_is_set_aside_and_tried_again_when_that_is_mended(ticket):
    other, due = a_ticket(department_id=ticket.department_id), NOON + timedelta(days=2)
    db.session.execute(text("update rulebook set data = data - 'targets' where kind = 'policy'"))
    current_app.extensions.pop("rulebook_versions", None)
    assert timers.tick(due) == 0
    assert {number for number, _ in timers.set_aside()} == {ticket.id, other.id}
    targets = json.dumps(rulebook.defaults()[RulebookKind.POLICY]["targets"])
    mended = text("update rulebook set data = jsonb_set(data, '{targets}', cast(:now as jsonb)) where kind = 'policy'")
    db.session.execute(mended, {"now": targets})
    current_app.extensions.pop("rulebook_versions", None)
    assert timers.tick(due + timedelta(minutes=59)) == 0
    assert timers.tick(due + HOUR) == 4
    assert timers.set_aside() == []


def test_the_rows_of_the_ledger_add_up_to_the_second(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + timedelta(minutes=7, seconds=13))
    tickets.resume(agent, ticket.id, at=NOON + timedelta(days=2, seconds=1))
    now = NOON + timedelta(days=3)
    for account in timers.explain(SYSTEM, ticket.id, now):
        running = sum((row.counted for row in account.rows if row.activity == "running"), timedelta())
        assert running == account.reading.elapsed
        assert account.rows[0].since == NOON


def test_verify_finds_nothing_in_what_work_left_and_finds_what_was_tampered_with(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    replies.reply(agent, ticket.id, "Στείλτε μας τη διεύθυνση.", at=NOON + HOUR)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + timedelta(days=1))
    assert list(timers.verify(NOON + timedelta(days=2))) == []
    db.session.execute(text("update ticket_clock set late_seconds = 5 where ticket_id = :id"), {"id": ticket.id})
    assert len(list(timers.verify(NOON + timedelta(days=2)))) == 2


def test_what_is_kept_is_brought_to_the_moment_without_the_journal(agent, ticket):
    calendar = rulebook.calendar_for(None).value
    for at in (NOON + HOUR, NOON + timedelta(days=9)):
        [account] = [found for found in timers.explain(SYSTEM, ticket.id, at) if found.clock == "resolution"]
        now = clocks.standing(clock_of(ticket), calendar, at)
        assert now.state == account.reading.state
        assert now.elapsed_seconds == account.reading.elapsed.total_seconds()
        assert now.late_seconds == account.reading.late.total_seconds()


def test_what_was_missed_and_then_waits_grows_no_later(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + timedelta(days=14))
    calendar, row = rulebook.calendar_for(None).value, clock_of(ticket)
    late = [clocks.standing(row, calendar, NOON + timedelta(days=days)).late_seconds for days in (14, 30)]
    assert late[0] == late[1] > 0
    assert db.session.get(Ticket, ticket.id).next_due_at == clock_of(ticket, "first_response").due_at
