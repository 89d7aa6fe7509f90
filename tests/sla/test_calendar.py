"""A calendar's written form: what it means, that it comes back the same, and that a wrong one names the field."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

import sla
from sla import Calendar, InvalidCalendar
from tests.sla.oracle import utc
from tests.sla.strategies import windows

FORM: dict[str, Any] = {
    "tz": "Europe/Athens",
    "hours": {"mon": [["09:00", "14:00"], ["17:00", "20:30"]], "tue": [["08:00", "15:00"]]},
    "holidays": ["2026-12-25"],
    "special": {"2026-12-24": [["09:00", "13:00"]]},
}
HOUR = timedelta(hours=1)
EVE = utc("2026-12-23T22:00")


@settings(max_examples=150, deadline=None)
@given(windows())
def test_written_form_comes_back_the_same(window: tuple[dict[str, Any], object]) -> None:
    calendar = Calendar.from_dict(window[0])
    assert Calendar.from_dict(calendar.to_dict()) == calendar
    assert Calendar.from_dict(calendar.to_dict()).to_dict() == calendar.to_dict()


def test_form_is_written_as_it_was_read() -> None:
    assert Calendar.from_dict(FORM).to_dict() == FORM


def test_calendars_of_one_content_are_equal_and_hash_alike() -> None:
    one, other = Calendar.from_dict(FORM), Calendar.from_dict({**FORM, "holidays": ["2026-12-25", "2026-12-25"]})
    assert one == other
    assert hash(one) == hash(other)
    assert one.table is other.table


def test_zone_alone_is_a_calendar_that_is_always_closed() -> None:
    calendar = Calendar.from_dict({"tz": "UTC"})
    assert calendar.worked(EVE, EVE + 24 * HOUR) == timedelta()
    assert calendar.to_dict() == {"tz": "UTC", "hours": {}, "holidays": [], "special": {}}


def test_special_day_beats_the_week_and_a_holiday() -> None:
    form = FORM | {"special": {"2026-12-25": [["10:00", "12:00"]], "2026-12-29": []}}
    calendar = Calendar.from_dict(form)
    assert calendar.worked(utc("2026-12-24T22:00"), utc("2026-12-25T22:00")) == 2 * HOUR
    assert calendar.worked(utc("2026-12-28T22:00"), utc("2026-12-29T22:00")) == timedelta()  # a Tuesday, closed


def _on(hours: list[list[str]], **more: object) -> Calendar:
    return Calendar.from_dict({"tz": "UTC", "hours": {"mon": hours}} | more)


def _monday(calendar: Calendar) -> timedelta:
    return calendar.worked(utc("2026-03-02T00:00"), utc("2026-03-04T00:00"))


def test_period_over_midnight_belongs_to_the_date_it_begins_on() -> None:
    night = _on([["22:00", "06:00"]])
    assert _monday(night) == 8 * HOUR
    assert night.is_open(utc("2026-03-03T05:59"))
    assert not night.is_open(utc("2026-03-02T05:59"))
    assert _monday(_on([["22:00", "06:00"]], holidays=["2026-03-03"])) == 8 * HOUR
    assert _monday(_on([["22:00", "06:00"]], holidays=["2026-03-02"])) == timedelta()


def test_period_may_last_until_twenty_four_hours() -> None:
    assert _monday(_on([["22:00", "24:00"]])) == 2 * HOUR
    assert _monday(_on([["00:00", "24:00"]])) == 24 * HOUR
    assert _monday(_on([["22:00", "00:00"]])) == 2 * HOUR


@pytest.mark.parametrize(
    "hours",
    [
        [["09:00", "12:00"], ["12:00", "15:00"]],
        [["09:00", "13:00"], ["11:00", "15:00"]],
        [["09:00", "15:00"], ["10:00", "11:00"]],
        [["11:00", "15:00"], ["09:00", "13:00"], ["09:00", "13:00"]],
    ],
)
def test_periods_that_touch_or_overlap_count_once(hours: list[list[str]]) -> None:
    assert _monday(_on(hours)) == 6 * HOUR


def test_period_ends_before_its_closing_time() -> None:
    office = _on([["09:00", "17:00"]])
    assert office.is_open(utc("2026-03-02T09:00"))
    assert not office.is_open(utc("2026-03-02T17:00"))
    assert not office.is_open(utc("2026-03-02T08:59:59"))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ([], "calendar"),
        ({"hours": {}}, "tz"),
        ({"tz": ""}, "tz"),
        ({"tz": 3}, "tz"),
        ({"tz": "Europe/Sparta"}, "tz"),
        ({"tz": "../etc/passwd"}, "tz"),
        ({"tz": "UTC", "week": {}}, "calendar"),
        ({"tz": "UTC", "hours": []}, "hours"),
        ({"tz": "UTC", "hours": None}, "hours"),
        ({"tz": "UTC", "hours": {"monday": []}}, "hours"),
        ({"tz": "UTC", "hours": {"mon": "09:00-17:00"}}, "hours.mon"),
        ({"tz": "UTC", "hours": {"mon": ["09:00", "17:00"]}}, "hours.mon[0]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00"]]}}, "hours.mon[0]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "12:00", "15:00"]]}}, "hours.mon[0]"),
        ({"tz": "UTC", "hours": {"mon": [["08:00", "09:00"], ["9:00", "17:00"]]}}, "hours.mon[1][0]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "25:00"]]}}, "hours.mon[0][1]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "17:60"]]}}, "hours.mon[0][1]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "24:01"]]}}, "hours.mon[0][1]"),
        ({"tz": "UTC", "hours": {"mon": [[9, 17]]}}, "hours.mon[0][0]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "17:00\n"]]}}, "hours.mon[0][1]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "17:0٠"]]}}, "hours.mon[0][1]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "09:00"]]}}, "hours.mon[0]"),
        ({"tz": "UTC", "hours": {"mon": [["09:00", "09:00:00"]]}}, "hours.mon[0]"),
        ({"tz": "UTC", "hours": {"mon": [["24:00", "06:00"]]}}, "hours.mon[0][0]"),
        ({"tz": "UTC", "holidays": "2026-12-25"}, "holidays"),
        ({"tz": "UTC", "holidays": ["2026-12-25", "25/12/2026"]}, "holidays[1]"),
        ({"tz": "UTC", "holidays": ["2026-02-29"]}, "holidays[0]"),
        ({"tz": "UTC", "holidays": ["20261225"]}, "holidays[0]"),
        ({"tz": "UTC", "holidays": [None]}, "holidays[0]"),
        ({"tz": "UTC", "special": {"2026-02-30": []}}, "special.2026-02-30"),
        ({"tz": "UTC", "special": {"2026-12-24": None}}, "special.2026-12-24"),
        ({"tz": "UTC", "special": {"2026-12-24": [["09:00", "09:00"]]}}, "special.2026-12-24[0]"),
        ({"tz": "UTC", "special": [["2026-12-24", []]]}, "special"),
    ],
)
def test_wrong_form_names_the_field(form: Any, field: str) -> None:
    with pytest.raises(InvalidCalendar) as refused:
        Calendar.from_dict(form)
    assert refused.value.field == field
    assert str(refused.value).startswith(field)
    assert isinstance(refused.value, ValueError)


def test_unknown_key_is_named() -> None:
    with pytest.raises(InvalidCalendar, match="timezone"):
        Calendar.from_dict({"tz": "UTC", "timezone": "UTC"})


def test_wrong_zone_is_refused_however_the_calendar_is_made() -> None:
    with pytest.raises(InvalidCalendar, match="tz"):
        Calendar("Europe/Sparta")


def test_release_of_the_zones_is_known() -> None:
    assert sla.tzdata_version()[:2] == "20"


def test_special_days_may_have_names_that_come_back_and_change_no_time() -> None:
    named = FORM | {"names": {"2026-12-25": "Christmas"}}
    calendar = Calendar.from_dict(named)
    assert calendar.to_dict()["names"] == {"2026-12-25": "Christmas"}
    assert Calendar.from_dict(calendar.to_dict()) == calendar
    assert calendar.table is Calendar.from_dict(FORM).table
    assert "names" not in Calendar.from_dict(FORM).to_dict()


@pytest.mark.parametrize(("names", "field"), [
    ({"2026-12-26": "Nobody's"}, "names.2026-12-26"), ({"2026-12-25": ""}, "names.2026-12-25"),
    ({"Christmas": "x"}, "names.Christmas"), (["2026-12-25"], "names"), ({"2026-12-25": 7}, "names.2026-12-25"),
])  # fmt: skip
def test_a_name_belongs_to_a_special_day(names: object, field: str) -> None:
    with pytest.raises(InvalidCalendar) as refused:
        Calendar.from_dict(FORM | {"names": names})
    assert refused.value.field == field


def test_the_periods_of_a_date_are_its_own_or_its_weekdays() -> None:
    calendar = Calendar.from_dict({
        "tz": "UTC", "hours": {"mon": [["09:00", "17:00"]]}, "holidays": ["2026-03-09"],
        "special": {"2026-03-16": [["09:00", "12:00"]]},
    })  # fmt: skip
    found = [[period.written() for period in calendar.periods(date(2026, 3, day))] for day in (2, 3, 9, 16)]
    assert found == [[["09:00", "17:00"]], [], [], [["09:00", "12:00"]]]
