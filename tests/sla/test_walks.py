"""Clocks over random walks: what was paused, what ran and what the rows say always fit together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sla import Activity, Calendar, ClockState, Reopening, Signal, SignalKind, ledger, read
from tests.sla.builders import ALWAYS, HOUR, OFFICE
from tests.sla.oracle import utc

NIGHT = Calendar.from_dict({"tz": "Europe/Athens", "hours": {"sat": [["22:00", "06:00"]], "wed": [["08:00", "12:00"]]}})
MONDAY = utc("2026-03-23T00:00")
NOTHING = timedelta()
NOW = datetime(2026, 5, 1, tzinfo=UTC)

moments = st.integers(0, 40_000).map(lambda minutes: MONDAY + timedelta(minutes=minutes - minutes % 7))
signal = st.builds(
    Signal,
    moments,
    st.sampled_from(SignalKind),
    st.one_of(st.none(), st.integers(0, 60).map(lambda hours: hours * HOUR)),
    st.one_of(st.none(), st.sampled_from([OFFICE, ALWAYS, NIGHT])),
)
walks = st.lists(signal, max_size=12).map(lambda rest: [Signal(MONDAY, SignalKind.START), *rest])
reopenings = st.sampled_from(Reopening)


@settings(max_examples=150, deadline=None)
@given(walks, reopenings, st.randoms(use_true_random=False))
def test_order_in_which_facts_are_written_makes_no_difference(
    walk: list[Signal], reopening: Reopening, chance: Random
) -> None:
    shuffled = chance.sample(walk, len(walk))
    one, other = (read(facts, 8 * HOUR, OFFICE, NOW, reopening) for facts in (walk, shuffled))
    assert one == other


@settings(max_examples=150, deadline=None)
@given(walks, reopenings)
def test_rows_add_up_to_the_second(walk: list[Signal], reopening: Reopening) -> None:
    rows = ledger(walk, 8 * HOUR, OFFICE, NOW, reopening)
    for reading in read(walk, 8 * HOUR, OFFICE, NOW, reopening):
        own = [row for row in rows if row.cycle == reading.cycle]
        for activity, total in ((Activity.RUNNING, reading.elapsed), (Activity.PAUSED, reading.paused)):
            assert sum((row.counted for row in own if row.activity is activity), NOTHING) == total
        assert all(before.until == later.since for before, later in pairwise(own))


@settings(max_examples=150, deadline=None)
@given(walks, reopenings)
def test_breach_is_more_time_than_promised_and_nothing_else(walk: list[Signal], reopening: Reopening) -> None:
    for reading in read(walk, 8 * HOUR, OFFICE, NOW, reopening):
        if reading.state is ClockState.MET:
            assert reading.elapsed <= reading.target
        if reading.breached_at and reading.state is ClockState.BREACHED:
            assert reading.elapsed >= reading.target
            assert reading.started_at <= reading.breached_at <= (reading.stopped_at or NOW)
        assert reading.late == max(reading.elapsed - reading.target, NOTHING)


@settings(max_examples=150, deadline=None)
@given(walks)
def test_paused_and_run_time_are_all_there_is_of_a_clock_with_one_calendar(walk: list[Signal]) -> None:
    walk = [replace(fact, calendar=None) for fact in walk]
    for reading in read(walk, 8 * HOUR, OFFICE, NOW, Reopening.NEW_CYCLE):
        idle = (one for one in reading.stretches if one.activity is Activity.STOPPED and one.until)
        between = sum((OFFICE.worked(one.since, one.until or one.since) for one in idle), NOTHING)
        whole = OFFICE.worked(reading.started_at, reading.stopped_at or NOW)
        assert reading.elapsed + reading.paused + between == whole
