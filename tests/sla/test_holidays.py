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


def test_customary_days_tell_what_moves_and_what_is_no_public_holiday() -> None:
    found = {holiday.day.isoformat(): holiday for holiday in holidays.customary("GR", [2027], "en")}
    moving = [day for day, holiday in found.items() if holiday.moves]
    assert moving == ["2027-03-15", "2027-04-30", "2027-05-02", "2027-05-03", "2027-06-21"]
    assert found["2027-05-02"].name == "Easter Sunday"
    early = [day for day, holiday in found.items() if not holiday.official]
    assert early == ["2027-12-24", "2027-12-31"]
