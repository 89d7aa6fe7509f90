"""The time axis of a ribbon: hours, days or months on the wall, at most a handful, in the reader's language. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.core import Locale
from babel.dates import format_date

from helpdesk import i18n

MOST = 8
_HOURS, _DAYS, _MONTHS = (1, 2, 3, 6, 12), (1, 2, 3, 7, 14), (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Tick:
    """A line across the ribbon with its words; ``under`` is a second line, the day of an hour."""

    x: float
    text: str
    under: str
    anchor: str


def ticks(since: datetime, until: datetime, x: Callable[[datetime], float], language: str) -> list[Tick]:
    """Where the axis is marked."""
    hours = (until - since) / timedelta(hours=1)
    if step := next((step for step in _HOURS if hours / step <= MOST), 0):
        return list(_hours(since, until, step, x, language))
    if step := next((step for step in _DAYS if hours / 24 / step <= MOST), 0):
        days = (since.astimezone(i18n.ZONE).date() + timedelta(days=one) for one in range(1, int(hours / 24) + 2, step))
        return list(_days(days, until, x, "E d MMM", language))
    step = next((step for step in _MONTHS if hours / 24 / 30 / step <= MOST), _MONTHS[-1])
    return list(_days(_months(since, until, step), until, x, "LLL y", language))


def _hours(
    since: datetime, until: datetime, step: int, x: Callable[[datetime], float], language: str
) -> Iterator[Tick]:
    here = since.astimezone(i18n.ZONE)
    at = here.replace(minute=0, second=0, microsecond=0, hour=here.hour // step * step)
    told: date | None = None
    while (at := at + timedelta(hours=step)) <= until:
        under = "" if at.date() == told else _said(at.date(), "E d MMM", language)
        told = at.date()
        yield _tick(x(at), f"{at:%H:%M}", under)


def _months(since: datetime, until: datetime, step: int) -> Iterator[date]:
    at = since.astimezone(i18n.ZONE).date().replace(day=1)
    while at <= until.date():
        month = at.month - 1 + step
        at = date(at.year + month // 12, month % 12 + 1, 1)
        yield at


def _days(
    days: Iterator[date], until: datetime, x: Callable[[datetime], float], shape: str, language: str
) -> Iterator[Tick]:
    for day in days:
        at = datetime.combine(day, time(), i18n.ZONE)
        if at > until:
            return
        yield _tick(x(at), _said(day, shape, language), "")


def _said(day: date, shape: str, language: str) -> str:
    return str(format_date(day, shape, locale=Locale.parse("en_GB" if language == "en" else language)))


def _tick(x: float, text: str, under: str) -> Tick:
    return Tick(x, text, under, "start" if x < 6 else "end" if x > 94 else "middle")
