"""Holidays are proposed by country and year."""

from datetime import date

import pytest

from sla import holidays


def test_greek_holidays_move_with_orthodox_easter() -> None:
    for year, easter_monday in ((2026, date(2026, 4, 13)), (2027, date(2027, 5, 3))):
        days = [holiday.day for holiday in holidays.propose("GR", [year])]
        assert easter_monday in days
        assert days == sorted(days)
        assert {day.year for day in days} == {year}


def test_names_come_in_the_language_asked_for() -> None:
    assert "Χριστούγεννα" in [one.name for one in holidays.propose("GR", [2026])]
    assert "Christmas Day" in [one.name for one in holidays.propose("GR", [2026], "en")]


def test_unknown_country_is_refused() -> None:
    with pytest.raises(ValueError, match="XX"):
        holidays.propose("XX", [2026])
