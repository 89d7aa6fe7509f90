"""Figures in words and numbers of the reader's language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from helpdesk import i18n
from helpdesk.services.reports import Figure, Reading, Unit, Value
from helpdesk.services.reports.periods import Step
from helpdesk.web.supervise import pictures
from helpdesk.web.supervise.pictures import Picture

NOTHING = "—"
_LINES = frozenset({"backlog"})


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


def number(value: float, language: str) -> str:
    """``1,234.5``, ``1.234,5``; at most one decimal."""
    return str(format_decimal(value, format="#,##0.#", locale=_locale(language)))


def decimal(value: float, language: str) -> str:
    """``0.123``, ``0,123``: always three decimals."""
    return str(format_decimal(value, format="0.000", locale=_locale(language)))


def day(at: date, language: str, step: Step = Step.DAY) -> str:
    """``24 Nov`` or, for a month, ``Nov 2026``."""
    shape = "LLL y" if step is Step.MONTH else "d MMM"
    return str(format_date(at, shape, locale=_locale(language)))


def whole_day(at: date, language: str) -> str:
    """``24 November 2026``."""
    return str(format_date(at, "d MMMM y", locale=_locale(language)))


def hours(seconds: float, language: str) -> str:
    """Office time: ``31h 20m``, never in days, for an office day is not 24 hours long."""
    minutes = round(seconds / 60)
    hour, minute = ("ω", "λ") if language == "el" else ("h", "m")
    if minutes >= 6000:
        return f"{number(round(minutes / 60), language)}{hour}"
    parts = [f"{minutes // 60}{hour}" if minutes >= 60 else "", f"{minutes % 60}{minute}" if minutes % 60 else ""]
    return " ".join(filter(None, parts)) or f"0{minute}"


def calendar(seconds: float, language: str) -> str:
    """Calendar time: ``2d 3h``."""
    return i18n.duration(timedelta(seconds=round(seconds)), language)


def long_hours(seconds: float, language: str) -> str:
    """Office time spelled out: ``3 hours 21 minutes``."""
    minutes = round(seconds / 60)
    return _long({"hour": minutes // 60, "minute": minutes % 60}, language)


def long_calendar(seconds: float, language: str) -> str:
    """Calendar time spelled out: ``1 day 21 hours``."""
    minutes = round(seconds / 60)
    return _long({"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}, language)


def _long(amounts: Mapping[str, int], language: str) -> str:
    """The two largest units, in words."""
    parts = [
        str(format_unit(amount, f"duration-{unit}", "long", locale=_locale(language)))
        for unit, amount in amounts.items()
        if amount
    ]
    return " ".join(parts[:2]) or str(format_unit(0, "duration-minute", "long", locale=_locale(language)))


def main(figure: Figure, value: Value | None, language: str) -> str:
    """The number itself, with the unit that belongs to it."""
    if value is None or value.value is None:
        return NOTHING
    return amount(figure, value.value, language)


def amount(figure: Figure, value: float, language: str) -> str:
    """A value of that figure."""
    if figure.unit is Unit.SECONDS:
        return hours(value, language)
    if figure.unit is Unit.PERCENT:
        return f"{number(value, language)}%"
    return number(value, language)


@dataclass(frozen=True)
class Point:
    """A part of the period: its day in words, what it came to, over how many."""

    day: str
    value: str
    n: int


@dataclass(frozen=True)
class Trend:
    """A series as a picture, as a sentence's parts, and as a table."""

    picture: Picture
    points: list[Point]
    lowest: Point | None
    highest: Point | None
    last: Point | None


def trend(reading: Reading, step: Step, language: str) -> Trend:
    """The figure part by part."""
    figure = reading.figure
    measured = [(at, value) for at, value in reading.series if value.value is not None]
    points = {
        at: Point(day(at, language, step), main(figure, value, language), value.n) for at, value in reading.series
    }
    low = min(measured, key=lambda item: item[1].value or 0, default=None)
    high = max(measured, key=lambda item: item[1].value or 0, default=None)
    return Trend(
        _picture(reading),
        list(points.values()),
        points[low[0]] if low else None,
        points[high[0]] if high else None,
        points[measured[-1][0]] if measured else None,
    )


def _picture(reading: Reading) -> Picture:
    values = [value.value for _, value in reading.series]
    if reading.figure.unit is Unit.TICKETS and reading.figure.key not in _LINES:
        return pictures.bars(values)
    return pictures.line(values, 100.0 if reading.figure.unit is Unit.PERCENT else None)
