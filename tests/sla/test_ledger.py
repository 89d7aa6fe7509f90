"""The ledger accounts for every second of a clock, and says why."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla import Activity, Reopening, Row, ledger, read
from sla.ledger import elapsed_at, whole_seconds
from tests.sla.builders import ALWAYS, HOUR, OFFICE, at, signal, signals


def _told(
    *facts: str, now: str = "wed 12:00", reopening: Reopening = Reopening.CONTINUE
) -> list[tuple[str, str, str, float]]:
    rows = ledger(signals(*facts), 8 * HOUR, OFFICE, at(now), reopening)
    return [(f"{row.since:%a %H:%M}", f"{row.until:%a %H:%M}", row.activity.value, row.counted / HOUR) for row in rows]


def test_nights_between_are_rows_that_count_nothing() -> None:
    assert _told("mon 16:00 start", now="tue 10:00") == [
        ("Mon 16:00", "Mon 17:00", "running", 1),
        ("Mon 17:00", "Tue 09:00", "closed", 0),
        ("Tue 09:00", "Tue 10:00", "running", 1),
    ]


def test_pauses_count_open_time_and_the_time_after_the_stop_has_no_row() -> None:
    assert _told("mon 16:00 start", "mon 16:30 pause", "tue 10:00 resume", "tue 11:00 stop") == [
        ("Mon 16:00", "Mon 16:30", "running", 0.5),
        ("Mon 16:30", "Tue 10:00", "paused", 1.5),
        ("Tue 10:00", "Tue 11:00", "running", 1),
    ]


def test_time_between_a_stop_and_a_reopening_is_a_row_of_its_own() -> None:
    assert _told("mon 09:00 start", "mon 10:00 stop", "tue 10:00 reopen", "tue 11:00 stop") == [
        ("Mon 09:00", "Mon 10:00", "running", 1),
        ("Mon 10:00", "Tue 10:00", "stopped", 0),
        ("Tue 10:00", "Tue 11:00", "running", 1),
    ]


def test_clock_that_began_while_closed_waits_first() -> None:
    assert _told("mon 07:00 start", now="mon 08:00") == [("Mon 07:00", "Mon 08:00", "closed", 0)]
    assert _told("mon 07:00 start", now="mon 10:00")[0] == ("Mon 07:00", "Mon 09:00", "closed", 0)


def test_each_row_names_the_event_and_the_reason_that_began_it() -> None:
    rows = ledger(signals("mon 09:00 start", "mon 10:00 pause", "mon 11:00 resume"), 8 * HOUR, OFFICE, at("mon 12:00"))
    assert [(row.why, row.ref) for row in rows] == [
        ("start", "mon 09:00 start"),
        ("pause", "mon 10:00 pause"),
        ("resume", "mon 11:00 resume"),
    ]


def test_other_calendar_begins_a_row_and_each_row_counts_by_its_own() -> None:
    facts = [*signals("fri 16:00 start"), signal("fri 18:00", "retarget", calendar=ALWAYS)]
    rows = ledger(facts, 8 * HOUR, OFFICE, at("fri 20:00"))
    assert [(row.activity, row.counted) for row in rows] == [
        (Activity.RUNNING, HOUR),
        (Activity.CLOSED, 0 * HOUR),
        (Activity.RUNNING, 2 * HOUR),
    ]


def test_long_time_round_the_clock_is_one_row() -> None:
    (row,) = ledger(signals("mon 09:00 start"), 8 * HOUR, ALWAYS, at("mon 09:00") + 20_000 * HOUR)
    assert row.counted == 20_000 * HOUR


def test_cycles_are_told_apart() -> None:
    facts = signals("mon 09:00 start", "mon 10:00 stop", "tue 09:00 reopen")
    rows = ledger(facts, 8 * HOUR, OFFICE, at("tue 10:00"), Reopening.NEW_CYCLE)
    assert [row.cycle for row in rows] == [1, 2]


FRACTIONS = st.timedeltas(timedelta(), timedelta(hours=30))
KINDS = st.sampled_from((Activity.RUNNING, Activity.PAUSED, Activity.CLOSED, Activity.STOPPED))


@given(st.lists(st.tuples(st.integers(1, 2), KINDS, FRACTIONS)))
def test_rows_in_whole_seconds_add_up_to_the_whole_seconds_of_their_activity(given) -> None:
    still = {Activity.CLOSED, Activity.STOPPED}
    rows = [
        Row(cycle, at("mon 09:00"), at("mon 10:00"), kind, 0 * HOUR if kind in still else counted, "", "")
        for cycle, kind, counted in given
    ]
    told = list(whole_seconds(rows))
    for cycle in (1, 2):
        for paused in (True, False):
            mine = [
                (row, counted)
                for row, counted in zip(rows, told, strict=True)
                if (row.cycle, row.activity is Activity.PAUSED) == (cycle, paused)
            ]
            exact = sum((row.counted for row, _ in mine), timedelta())
            assert sum(counted.seconds for _, counted in mine) == exact // timedelta(seconds=1)
            if mine:
                assert mine[-1][1].total == exact // timedelta(seconds=1)
            assert all(abs(counted.seconds - row.counted.total_seconds()) < 1 for row, counted in mine)


def test_what_had_elapsed_at_a_moment_leaves_out_nights_and_pauses() -> None:
    [reading] = read(
        signals("mon 16:00 start", "tue 10:00 pause", "tue 12:00 resume"), 8 * HOUR, OFFICE, at("wed 12:00")
    )
    asked = ("mon 16:30", "tue 09:30", "tue 11:00", "tue 13:00")
    assert [elapsed_at(reading, at(when)) / HOUR for when in asked] == [0.5, 1.5, 2, 3]
