"""What a clock says: states, due moments, breaches and pauses, by rules that other systems get wrong."""

from datetime import timedelta
from itertools import permutations

import pytest

from sla import Calendar, ClockState, Reopening, SignalKind, crossing, due_if_resumed, read
from tests.sla.builders import ALWAYS, HOUR, OFFICE, at, clock, cycles, signal, signals

NOTHING = timedelta()


def test_running_clock_is_due_when_its_target_is_used_up() -> None:
    reading = clock("mon 16:00 start", now="mon 16:30")
    assert (reading.state, reading.due_at) == (ClockState.RUNNING, at("tue 16:00"))
    assert (reading.elapsed, reading.remaining) == (HOUR / 2, 7.5 * HOUR)
    assert reading.is_open
    assert reading.is_running


def test_clock_that_nothing_started_has_no_reading() -> None:
    assert cycles("mon 10:00 stop", "mon 11:00 pause", "mon 12:00 reopen") == ()


def test_reply_in_time_meets_the_promise() -> None:
    reading = clock("mon 09:00 start", "mon 16:59 stop")
    assert (reading.state, reading.stopped_at, reading.late) == (ClockState.MET, at("mon 16:59"), NOTHING)
    assert reading.due_at == at("mon 17:00")
    assert not reading.is_open


def test_reply_at_the_due_moment_is_in_time() -> None:
    assert clock("mon 09:00 start", "mon 17:00 stop").state is ClockState.MET


def test_reply_on_a_closed_day_after_the_due_moment_is_late_by_no_office_time() -> None:
    reading = clock("fri 09:00 start", "sat 11:00 stop")
    assert (reading.state, reading.breached_at) == (ClockState.BREACHED, at("fri 17:00"))
    assert reading.late == NOTHING


def test_clock_that_still_runs_at_its_due_moment_is_breached() -> None:
    assert clock("mon 09:00 start", now="mon 16:59").state is ClockState.RUNNING
    assert clock("mon 09:00 start", now="mon 17:00").state is ClockState.BREACHED


def test_clock_that_stopped_late_is_breached_though_nobody_looked_in_time() -> None:
    reading = clock("mon 09:00 start", "wed 10:00 stop")
    assert (reading.state, reading.breached_at, reading.late) == (ClockState.BREACHED, at("mon 17:00"), 9 * HOUR)


def test_breach_grows_no_longer_once_the_clock_has_stopped() -> None:
    early, late = (clock("mon 09:00 start", "tue 12:00 stop", now=now) for now in ("tue 12:00", "fri+1 12:00"))
    assert early.late == late.late == 3 * HOUR
    assert early.elapsed == late.elapsed


def test_paused_clock_cannot_breach() -> None:
    reading = clock("mon 09:00 start", "mon 16:00 pause")
    assert (reading.state, reading.due_at, reading.breached_at) == (ClockState.PAUSED, None, None)
    assert reading.paused_since == at("mon 16:00")


def test_clock_paused_exactly_when_due_is_not_breached() -> None:
    assert clock("mon 09:00 start", "mon 17:00 pause").state is ClockState.PAUSED


def test_paused_clock_says_when_it_would_be_due_if_it_ran_again() -> None:
    reading = clock("mon 09:00 start", "mon 11:00 pause", now="wed 10:00")
    assert due_if_resumed(reading, at("wed 10:00")) == at("wed 16:00")
    assert due_if_resumed(clock("mon 09:00 start", now="mon 10:00"), at("mon 10:00")) is None


def test_breached_clock_that_is_paused_afterwards_stays_breached_and_grows_no_later() -> None:
    reading = clock("mon 09:00 start", "tue 10:00 pause")
    assert (reading.state, reading.late, reading.due_at) == (ClockState.BREACHED, HOUR, at("mon 17:00"))
    assert reading.paused_since == at("tue 10:00")
    assert not reading.is_running


def test_pause_and_target_are_counted_in_the_same_unit() -> None:
    paused = clock("fri 09:00 start", "fri 16:00 pause", "mon+1 10:00 resume", now="mon+1 10:00")
    assert (paused.paused, paused.elapsed, paused.due_at) == (2 * HOUR, 7 * HOUR, at("mon+1 11:00"))


def test_pause_over_a_closed_weekend_costs_and_gives_nothing() -> None:
    plain = clock("fri 13:00 start", now="mon+1 09:00")
    paused = clock("fri 13:00 start", "sat 10:00 pause", "sun 20:00 resume", now="mon+1 09:00")
    assert (paused.elapsed, paused.due_at, paused.paused) == (plain.elapsed, plain.due_at, NOTHING)


def test_months_on_hold_before_resolving_are_no_time_of_ours() -> None:
    reading = clock("mon 09:00 start", "mon 10:00 pause", signal("fri+3 12:00", "stop"))
    assert (reading.state, reading.elapsed) == (ClockState.MET, HOUR)


def test_new_target_keeps_what_elapsed_and_what_was_paused() -> None:
    facts = ["mon 09:00 start", "mon 10:00 pause", "thu 10:00 resume"]
    before = clock(*facts, now="thu 11:00")
    after = clock(*facts, signal("thu 11:00", "retarget", 24 * HOUR), now="thu 11:00")
    assert (after.elapsed, after.paused) == (before.elapsed, before.paused) == (2 * HOUR, 24 * HOUR)
    assert (after.remaining, before.remaining) == (22 * HOUR, 6 * HOUR)
    assert after.due_at == OFFICE.after(at("thu 11:00"), 22 * HOUR)


def test_deadline_missed_before_the_target_changed_stays_missed_and_is_reported() -> None:
    reading = clock("mon 09:00 start", signal("tue 12:00", "retarget", 24 * HOUR), "wed 10:00 stop")
    assert reading.state is ClockState.MET
    assert [(one.target, one.due_at, one.retargeted_at) for one in reading.missed] == [
        (8 * HOUR, at("mon 17:00"), at("tue 12:00"))
    ]
    assert reading.retargeted_after_breach == 1


def test_shorter_target_is_missed_at_the_change_not_before_the_start() -> None:
    reading = clock("mon 09:00 start", signal("mon 15:00", "retarget", 2 * HOUR), now="mon 15:00")
    assert reading.state is ClockState.BREACHED
    assert reading.late == 4 * HOUR
    assert reading.missed == ()


def test_same_target_again_changes_nothing() -> None:
    reading = clock("mon 09:00 start", signal("wed 09:00", "retarget", 8 * HOUR), now="wed 10:00")
    assert (reading.missed, len(reading.stretches)) == ((), 1)


def test_other_calendar_counts_from_the_change_on() -> None:
    reading = clock("fri 16:00 start", signal("fri 17:00", "retarget", calendar=ALWAYS), now="fri 18:00")
    assert reading.elapsed == 2 * HOUR
    assert reading.due_at == at("sat 00:00")


def test_target_changed_before_the_clock_starts_holds() -> None:
    assert clock(signal("mon 08:00", "retarget", HOUR), "mon 09:00 start").target == HOUR


def test_reopening_goes_on_and_the_time_between_counts_for_nobody() -> None:
    (reading,) = cycles("mon 09:00 start", "mon 11:00 stop", "wed 09:00 reopen", now="wed 10:00")
    assert (reading.elapsed, reading.paused, reading.due_at) == (3 * HOUR, NOTHING, at("wed 15:00"))


def test_reopening_begins_a_cycle_where_the_policy_says_so_and_both_are_kept() -> None:
    first, second = cycles(
        "mon 09:00 start", "mon 11:00 stop", "wed 09:00 reopen", now="wed 10:00", reopening=Reopening.NEW_CYCLE
    )
    assert (first.state, first.elapsed, first.cycle) == (ClockState.MET, 2 * HOUR, 1)
    assert (second.state, second.elapsed, second.cycle) == (ClockState.RUNNING, HOUR, 2)
    assert second.due_at == at("wed 17:00")


def test_reopening_takes_up_the_target_that_was_set_while_it_was_stopped() -> None:
    reading = clock("mon 09:00 start", "mon 11:00 stop", signal("tue 09:00", "retarget", 4 * HOUR), "wed 09:00 reopen")
    assert (reading.target, reading.due_at, reading.missed) == (4 * HOUR, at("wed 11:00"), ())


def test_withdrawn_clock_never_breaches() -> None:
    reading = clock("mon 09:00 start", "fri 09:00 withdraw")
    assert reading.state is ClockState.WITHDRAWN
    assert reading.stopped_at == at("fri 09:00")


def test_merged_clock_runs_on_when_it_is_taken_apart_again() -> None:
    reading = clock("mon 09:00 start", "mon 10:00 withdraw", "tue 09:00 reopen", now="tue 10:00")
    assert (reading.state, reading.elapsed, reading.due_at) == (ClockState.RUNNING, 2 * HOUR, at("tue 16:00"))
    new = cycles("mon 09:00 start", "mon 10:00 withdraw", "tue 09:00 reopen", reopening=Reopening.NEW_CYCLE)
    assert len(new) == 1


def test_each_public_reply_ends_one_cycle_and_begins_the_next() -> None:
    facts = ["mon 09:00 restart", "mon 12:00 restart", "wed 09:00 restart", "wed 10:00 stop"]
    readings = cycles(*facts)
    assert [one.state for one in readings] == [ClockState.MET, ClockState.BREACHED, ClockState.MET]
    assert [one.started_at for one in readings] == [at("mon 09:00"), at("mon 12:00"), at("wed 09:00")]


def test_message_while_the_clock_runs_starts_no_second_one() -> None:
    facts = ["mon 09:00 start", "mon 10:00 start", "mon 12:00 stop", "tue 09:00 start", "tue 10:00 stop"]
    assert [one.started_at for one in cycles(*facts)] == [at("mon 09:00"), at("tue 09:00")]


def test_cycle_that_begins_while_waiting_is_paused() -> None:
    readings = cycles("mon 09:00 restart", "mon 10:00 pause", "mon 11:00 restart", now="tue 10:00")
    assert [one.state for one in readings] == [ClockState.MET, ClockState.PAUSED]
    assert readings[1].elapsed == NOTHING


@pytest.mark.parametrize(
    "together",
    [
        ["mon 12:00 restart", "mon 12:00 pause"],
        ["mon 12:00 stop", "mon 12:00 pause"],
        ["mon 12:00 stop", "mon 12:00 start"],
        ["mon 12:00 stop", "mon 12:00 reopen", "mon 12:00 resume"],
        ["mon 12:00 withdraw", "mon 12:00 pause", "mon 12:00 resume"],
        ["mon 12:00 stop", "mon 12:00 withdraw"],
    ],
)
def test_updates_saved_together_give_the_same_clock_in_any_order(together: list[str]) -> None:
    both = [*signals(*together), signal("mon 12:00", "retarget", 2 * HOUR), signal("mon 12:00", "retarget", 4 * HOUR)]
    start, end = signals("mon 09:00 start"), signals("tue 10:00 resume")
    folded = [read([*start, *order, *end], 8 * HOUR, OFFICE, at("wed 09:00")) for order in permutations(both)]
    assert all(one == folded[0] for one in folded)


def test_reply_and_waiting_in_one_save_is_a_first_response() -> None:
    for facts in (["mon 12:00 stop", "mon 12:00 pause"], ["mon 12:00 pause", "mon 12:00 stop"]):
        assert clock("mon 09:00 start", *facts).state is ClockState.MET


def test_signals_may_come_in_any_order_of_time() -> None:
    facts = signals("mon 09:00 start", "mon 10:00 pause", "tue 10:00 resume", "tue 12:00 stop")
    assert read(facts[::-1], 8 * HOUR, OFFICE, at("wed 09:00")) == read(facts, 8 * HOUR, OFFICE, at("wed 09:00"))


def test_status_categories_make_pauses_only_when_crossed() -> None:
    pausing = ("waiting_requester", "scheduled")
    assert crossing("open", "waiting_requester", pausing) is SignalKind.PAUSE
    assert crossing("waiting_requester", "open", pausing) is SignalKind.RESUME
    assert crossing("waiting_requester", "scheduled", pausing) is None
    assert crossing("open", "resolved", pausing) is None


def test_hand_over_clock_begins_at_the_hand_over() -> None:
    (first, second) = cycles("mon 09:00 restart", "fri 09:00 restart", now="fri 10:00")
    assert first.state is ClockState.BREACHED
    assert (second.elapsed, second.remaining) == (HOUR, 7 * HOUR)


def test_statutory_days_count_round_the_clock_and_may_be_extended_once() -> None:
    athens = Calendar.always("Europe/Athens")
    begun = signal("mon 10:00", "start")
    reading = clock(begun, target=timedelta(days=50), calendar=athens, now="tue 10:00")
    assert reading.due_at == at("mon 10:00") + timedelta(days=50)
    longer = signal("fri 10:00", "retarget", timedelta(days=60))
    extended = clock(begun, longer, target=timedelta(days=50), calendar=athens, now="fri 10:00")
    assert (extended.target, extended.missed) == (timedelta(days=60), ())


def test_waiting_ends_with_the_stop_so_that_the_next_cycle_runs() -> None:
    readings = cycles("mon 09:00 start", "mon 10:00 pause", "mon 11:00 stop", "tue 09:00 start", now="tue 10:00")
    assert [(one.state, one.elapsed) for one in readings] == [(ClockState.MET, HOUR), (ClockState.RUNNING, HOUR)]


def test_reply_that_resolves_begins_no_further_cycle() -> None:
    (reading,) = cycles("mon 09:00 restart", "mon 12:00 restart", "mon 12:00 stop")
    assert (reading.state, reading.stopped_at) == (ClockState.MET, at("mon 12:00"))
