"""Open time is exact: held against a brute-force reading of every minute, and by the laws it must keep."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import Calendar, NeverOpens
from tests.sla import oracle
from tests.sla.oracle import MINUTE
from tests.sla.strategies import DAYS, LENGTH, windows

MINUTES = LENGTH * 1440
SECOND = timedelta(seconds=1)
OFFICE = {day: [["09:00", "17:00"]] for day in DAYS[:5]}
Window = tuple[dict[str, Any], datetime]

OPENS = {"wed": [["10:00", "11:30"]]}
edges = st.integers(min_value=0, max_value=MINUTES)
moments = st.datetimes(datetime(2017, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
amounts = st.timedeltas(timedelta(), timedelta(days=3))
calendars = windows().map(lambda window: Calendar.from_dict(window[0]))
opening_ones = windows().map(lambda window: Calendar.from_dict(_opening(window[0])))
seconds = st.integers(min_value=0, max_value=86_399)
DATES = [("Europe/Athens", "2026-03-29"), ("Europe/Athens", "2026-10-25"), ("America/Sao_Paulo", "2018-11-04")]


def _opening(data: dict[str, Any]) -> dict[str, Any]:
    """The same, open at least on Wednesdays."""
    return data | {"hours": data["hours"] | OPENS}


@settings(max_examples=80, deadline=None)
@given(windows(), edges, edges)
def test_open_minutes_are_those_whose_wall_reading_lies_in_a_period(window: Window, one: int, other: int) -> None:
    data, since = window
    flags = oracle.openings(data, since, MINUTES)
    found = Calendar.from_dict(data).worked(since + one * MINUTE, since + other * MINUTE)
    assert found == oracle.worked(flags, one, other) * MINUTE


@settings(max_examples=80, deadline=None)
@given(windows(), edges, st.data())
def test_amount_is_used_up_at_the_first_moment_it_can_be(window: Window, start: int, draw: st.DataObject) -> None:
    data, since = window
    flags = oracle.openings(data, since, MINUTES)
    amount = draw.draw(st.integers(min_value=0, max_value=sum(flags[start:])))
    found = Calendar.from_dict(data).after(since + start * MINUTE, amount * MINUTE)
    assert found == since + oracle.after(flags, start, amount) * MINUTE


@settings(max_examples=4, deadline=None)
@given(st.sampled_from(DATES), seconds, seconds)
def test_periods_written_in_seconds_hold_to_the_second(day: tuple[str, str], one: int, other: int) -> None:
    zone, name = day
    if one == other:
        other = one // 2 + 1
    period = [f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}" for at in (one, other)]
    data = {"tz": zone, "special": {name: [period]}}
    since = oracle.utc(name) - timedelta(hours=4)
    flags = oracle.openings(data, since, 40 * 3600, SECOND)
    assert Calendar.from_dict(data).worked(since, since + timedelta(hours=40)) == sum(flags) * SECOND


@settings(max_examples=80, deadline=None)
@given(opening_ones, moments, amounts)
def test_what_was_added_is_what_has_passed(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    assert calendar.worked(start, calendar.after(start, amount)) == amount


@settings(max_examples=80, deadline=None)
@given(opening_ones, moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    assert calendar.after(calendar.after(start, one), other) == calendar.after(start, one + other)


@settings(max_examples=80, deadline=None)
@given(calendars, st.tuples(moments, moments, moments).map(sorted))
def test_time_of_two_parts_is_the_time_of_the_whole(calendar: Calendar, three: list[datetime]) -> None:
    first, middle, last = three
    assert calendar.worked(first, middle) + calendar.worked(middle, last) == calendar.worked(first, last)


@settings(max_examples=80, deadline=None)
@given(opening_ones, moments, amounts, amounts)
def test_later_start_and_larger_amount_end_no_earlier(
    calendar: Calendar, start: datetime, later: timedelta, more: timedelta
) -> None:
    assert calendar.after(start, more) <= calendar.after(start + later, more)
    assert calendar.after(start, min(later, more)) <= calendar.after(start, max(later, more))


@settings(max_examples=80, deadline=None)
@given(windows(), st.integers(0, LENGTH), edges, amounts)
def test_holiday_only_moves_a_deadline_later(window: Window, day: int, start: int, amount: timedelta) -> None:
    data, since = window
    data = _opening(data)
    closed = data | {"holidays": [*data["holidays"], (since.date() + timedelta(days=day)).isoformat()]}
    begun = since + start * MINUTE
    assert Calendar.from_dict(closed).after(begun, amount) >= Calendar.from_dict(data).after(begun, amount)


@settings(max_examples=60, deadline=None)
@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=400)))
def test_spans_add_up_to_the_open_time(calendar: Calendar, start: datetime, length: timedelta) -> None:
    spans = list(calendar.spans(start, start + length))
    assert sum((closes - opens for opens, closes in spans), timedelta()) == calendar.worked(start, start + length)
    assert all(opens < closes for opens, closes in spans)
    assert all(before.end <= later.start for before, later in pairwise(spans))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 6_000), min_size=1, max_size=6, unique=True), st.integers(0, 6_000), st.integers(1, 40))
def test_rare_openings_are_found_and_three_silent_years_are_told(days: list[int], start: int, hours: int) -> None:
    first = date(2020, 1, 1)
    dates = [first + timedelta(days=day) for day in sorted(days)]
    calendar = Calendar.from_dict({"tz": "UTC", "special": {day.isoformat(): [["08:00", "18:00"]] for day in dates}})
    spans = [(oracle.utc(f"{day}T08:00"), oracle.utc(f"{day}T18:00")) for day in dates]
    begun = oracle.utc("2020-01-01T12:00") + timedelta(days=start)
    expected = oracle.sparse_after(spans, begun, timedelta(hours=hours))
    if expected is None:
        with pytest.raises(NeverOpens):
            calendar.after(begun, timedelta(hours=hours))
    else:
        assert calendar.after(begun, timedelta(hours=hours)) == expected


@pytest.mark.parametrize("place", range(2, 57, 6))
def test_three_silent_years_are_told_wherever_they_lie_on_the_way(place: int) -> None:
    first = date(2020, 1, 1)
    days = [first + timedelta(days=300 * at) for at in range(64)]
    start, all_of_it = oracle.utc("2020-01-01T00:00"), timedelta(hours=10 * 59)
    whole, broken = days[:place] + days[place + 2 :], days[:place] + days[place + 3 :]
    closed = [{day.isoformat(): [["08:00", "18:00"]] for day in some} for some in (whole, broken)]
    shorter, longer = (Calendar.from_dict({"tz": "UTC", "special": special}) for special in closed)
    assert shorter.after(start, all_of_it) == oracle.utc(f"{whole[58]}T18:00")
    with pytest.raises(NeverOpens):
        longer.after(start, all_of_it)


@pytest.mark.parametrize("minute", range(60))
@pytest.mark.parametrize("target", [15, 29, 45, 59])
def test_short_target_holds_at_every_minute_of_the_last_hour(minute: int, target: int) -> None:
    office = Calendar.from_dict({"tz": "UTC", "hours": OFFICE})
    friday = oracle.utc("2026-03-06T16:00") + minute * MINUTE
    left = 60 - minute
    expected = friday + target * MINUTE if target <= left else oracle.utc("2026-03-09T09:00") + (target - left) * MINUTE
    assert office.after(friday, target * MINUTE) == expected


@pytest.mark.parametrize("days", range(1, 128))
def test_any_subset_of_weekdays_works(days: int) -> None:
    names = [day for at, day in enumerate(DAYS) if days >> at & 1]
    calendar = Calendar.from_dict({"tz": "UTC", "hours": {day: [["09:00", "10:00"]] for day in names}})
    monday = oracle.utc("2026-03-02T00:00")
    assert calendar.worked(monday, monday + timedelta(days=7)) == timedelta(hours=len(names))
    assert calendar.after(monday, timedelta(hours=len(names) * 100)) <= monday + timedelta(days=700)


def test_friday_afternoon_goes_on_on_monday() -> None:
    office = Calendar.from_dict({"tz": "UTC", "hours": OFFICE})
    assert office.after(oracle.utc("2026-03-06T16:30"), timedelta(hours=1)) == oracle.utc("2026-03-09T09:30")


def test_amount_used_up_at_closing_time_ends_there() -> None:
    office = Calendar.from_dict({"tz": "UTC", "hours": OFFICE})
    assert office.after(oracle.utc("2026-03-06T09:00"), timedelta(hours=8)) == oracle.utc("2026-03-06T17:00")
    assert office.after(oracle.utc("2026-03-06T17:00"), SECOND) == oracle.utc("2026-03-09T09:00:01")


def test_nothing_added_is_the_start_itself_even_when_closed() -> None:
    sunday = oracle.utc("2026-03-08T11:11")
    assert Calendar.from_dict({"tz": "UTC", "hours": OFFICE}).after(sunday, timedelta()) == sunday
    assert Calendar.from_dict({"tz": "UTC"}).after(sunday, timedelta()) == sunday


def test_closure_of_a_whole_august_is_no_error() -> None:
    august = [f"2026-08-{day:02}" for day in range(1, 32)]
    office = Calendar.from_dict({"tz": "UTC", "hours": OFFICE, "holidays": august})
    assert office.after(oracle.utc("2026-07-31T16:00"), timedelta(hours=2)) == oracle.utc("2026-09-01T10:00")


def test_zone_of_the_asker_makes_no_difference() -> None:
    office = Calendar.from_dict({"tz": "Asia/Tokyo", "hours": OFFICE})
    athens = datetime.fromisoformat("2026-03-06T09:00:00+02:00")  # 16:00 in Tokyo
    due = office.after(athens, timedelta(hours=2))
    assert (due, due.tzinfo) == (oracle.utc("2026-03-09T01:00"), UTC)
    assert office.after(athens.astimezone(UTC), timedelta(hours=2)) == due


def test_end_before_the_start_is_no_time() -> None:
    always = Calendar.always()
    assert always.worked(oracle.utc("2026-03-08T11:00"), oracle.utc("2026-03-08T10:00")) == timedelta()


@pytest.mark.parametrize("naive", [datetime(2026, 3, 6), datetime(2026, 3, 6, 12, 30)])
def test_moment_without_a_zone_is_refused(naive: datetime) -> None:
    office, aware = Calendar.from_dict({"tz": "UTC", "hours": OFFICE}), oracle.utc("2026-03-06T10:00")
    for refused in (
        lambda: office.worked(naive, aware),
        lambda: office.worked(aware, naive),
        lambda: office.after(naive, MINUTE),
        lambda: office.is_open(naive),
    ):
        with pytest.raises(ValueError, match="zone"):
            refused()


def test_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Calendar.always().after(oracle.utc("2026-03-06T10:00"), -SECOND)


def test_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpens):
        Calendar.from_dict({"tz": "UTC"}).after(oracle.utc("2026-03-06T10:00"), SECOND)
    with pytest.raises(NeverOpens):
        Calendar.from_dict({"tz": "UTC"}).require_openings(oracle.utc("2026-03-06T10:00"))


def test_three_closed_years_far_ahead_are_told_before_a_calendar_is_used() -> None:
    closed = [(date(2030, 1, 1) + timedelta(days=day)).isoformat() for day in range(1_200)]
    office = Calendar.from_dict({"tz": "UTC", "hours": OFFICE, "holidays": closed})
    assert office.after(oracle.utc("2026-03-06T09:00"), timedelta(hours=8))
    with pytest.raises(NeverOpens):
        office.require_openings(oracle.utc("2026-03-06T10:00"))
    Calendar.from_dict({"tz": "UTC", "hours": OFFICE, "holidays": closed[:1_000]}).require_openings(
        oracle.utc("2026-01-01")
    )


@settings(max_examples=60, deadline=None)
@given(windows(), edges)
def test_next_opening_is_the_first_open_minute(window: Window, start: int) -> None:
    data, since = window
    data = _opening(data)
    calendar, at = Calendar.from_dict(data), since + start * MINUTE
    opening = calendar.next_opening(at)
    assert calendar.is_open(opening) and opening >= at
    assert calendar.worked(at, opening) == timedelta()
