"""Days of 23, 24 and 25 hours: a period whose wall time does not exist shrinks, one that occurs twice counts twice."""

from datetime import timedelta

import pytest

from sla import Calendar
from tests.sla.oracle import utc

HOUR = timedelta(hours=1)


def _always(zone: str) -> Calendar:
    return Calendar.always(zone)


@pytest.mark.parametrize(
    ("zone", "since", "until", "hours"),
    [
        ("Europe/Athens", "2026-03-28T22:00", "2026-03-29T21:00", 23),
        ("Europe/Athens", "2026-03-29T21:00", "2026-03-30T21:00", 24),
        ("Europe/Athens", "2026-10-24T21:00", "2026-10-25T22:00", 25),
        ("America/Sao_Paulo", "2018-11-04T03:00", "2018-11-05T02:00", 23),
        ("America/Sao_Paulo", "2018-02-17T02:00", "2018-02-18T03:00", 25),
    ],
)
def test_whole_day_is_as_long_as_it_is(zone: str, since: str, until: str, hours: int) -> None:
    day = utc(until).date() if hours == 24 else (utc(until) - HOUR * 6).date()
    calendar = Calendar.from_dict({"tz": zone, "special": {day.isoformat(): [["00:00", "24:00"]]}})
    assert calendar.worked(utc(since) - 48 * HOUR, utc(until) + 48 * HOUR) == hours * HOUR
    assert calendar.after(utc(since), hours * HOUR) == utc(until)


def _athens(day: str, opens: str, closes: str) -> timedelta:
    calendar = Calendar.from_dict({"tz": "Europe/Athens", "special": {day: [[opens, closes]]}})
    return calendar.worked(utc(day) - 24 * HOUR, utc(day) + 72 * HOUR)


def test_period_that_does_not_exist_that_day_is_no_time() -> None:
    assert _athens("2026-03-29", "03:00", "04:00") == timedelta()


def test_period_that_exists_in_part_shrinks() -> None:
    assert _athens("2026-03-29", "02:30", "05:00") == 1.5 * HOUR


def test_period_that_occurs_twice_counts_twice() -> None:
    assert _athens("2026-10-25", "03:15", "03:45") == HOUR
    assert _athens("2026-10-25", "02:00", "05:00") == 4 * HOUR


def test_night_shift_over_the_change_is_an_hour_shorter_or_longer() -> None:
    assert _athens("2026-03-28", "22:00", "06:00") == 7 * HOUR
    assert _athens("2026-10-24", "22:00", "06:00") == 9 * HOUR


def test_target_over_a_weekend_with_a_change_keeps_office_hours() -> None:
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    office = Calendar.from_dict({"tz": "Europe/Athens", "hours": week})
    assert office.after(utc("2026-03-27T14:00"), 2 * HOUR) == utc("2026-03-30T07:00")  # Fri 16:00 to Mon 10:00
    assert office.after(utc("2026-10-23T13:00"), 2 * HOUR) == utc("2026-10-26T08:00")


def test_day_without_a_midnight_begins_an_hour_late() -> None:
    calendar = Calendar.from_dict({"tz": "America/Sao_Paulo", "special": {"2018-11-04": [["00:00", "02:00"]]}})
    assert calendar.worked(utc("2018-11-04T00:00"), utc("2018-11-05T00:00")) == HOUR
    assert calendar.next_opening(utc("2018-11-04T00:00")) == utc("2018-11-04T03:00")


def test_date_that_never_was_has_no_hours() -> None:
    calendar = Calendar.from_dict({"tz": "Pacific/Apia", "special": {"2011-12-30": [["09:00", "17:00"]]}})
    assert calendar.worked(utc("2011-12-25T00:00"), utc("2012-01-05T00:00")) == timedelta()


def test_ten_years_of_hours_round_the_clock_are_ten_years() -> None:
    since, until = utc("2016-01-01T00:00"), utc("2026-01-01T00:00")
    assert _always("Europe/Athens").worked(since, until) == until - since
