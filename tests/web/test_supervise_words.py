"""Figures in words and small pictures."""

from datetime import date

import pytest

from helpdesk.services.reports import FIGURES, Value
from helpdesk.services.reports.periods import Step
from helpdesk.web.supervise import pictures, told


@pytest.mark.parametrize(
    ("seconds", "english", "greek"),
    [
        (0, "0m", "0λ"),
        (29, "0m", "0λ"),
        (60, "1m", "1λ"),
        (3600, "1h", "1ω"),
        (31 * 3600 + 1200, "31h 20m", "31ω 20λ"),
        (3599.6, "1h", "1ω"),
        (1234 * 3600, "1,234h", "1.234ω"),
    ],
)
def test_office_time_is_told_in_hours_never_in_days(seconds, english, greek):
    assert (told.hours(seconds, "en"), told.hours(seconds, "el")) == (english, greek)


def test_calendar_time_is_told_in_days_and_hours():
    assert told.calendar(51 * 3600, "en") == "2d 3h"


def test_citizens_read_time_spelled_out():
    assert told.long_hours(3 * 3600 + 21 * 60, "en") == "3 hours 21 minutes"
    assert told.long_hours(3600, "el") == "1 ώρα"
    assert told.long_calendar(45 * 3600 + 60, "el") == "1 ημέρα 21 ώρες"
    assert told.long_hours(0, "en") == "0 minutes"


def test_numbers_follow_the_language():
    assert (told.number(1234.56, "en"), told.number(1234.56, "el")) == ("1,234.6", "1.234,6")
    assert told.main(FIGURES["resolution_met"], Value(8, 87.5, met=7), "el") == "87,5%"
    assert told.main(FIGURES["resolution_met"], Value(0), "el") == told.NOTHING
    assert told.day(date(2026, 11, 1), "en", Step.MONTH) == "Nov 2026"


def test_the_highest_bar_fills_the_picture_and_nothing_has_none():
    drawn = pictures.bars([0, 5, 10]).bars
    assert [bar.height for bar in drawn] == [0, pictures.HEIGHT / 2, pictures.HEIGHT]
    assert all(bar.y + bar.height == pictures.HEIGHT for bar in drawn)


def test_one_among_thousands_is_still_seen():
    assert pictures.bars([1, 100_000]).bars[0].height == 2


def test_a_line_breaks_where_nothing_was_measured():
    lines = pictures.line([1, 2, None, 3, None]).lines
    assert len(lines) == 2
    assert all(len(line.split()) == 2 for line in lines)


def test_series_without_anything_can_be_drawn():
    assert pictures.line([None, None]).lines == []
    assert pictures.line([0, 0]).lines
    assert pictures.bars([]).bars == []
