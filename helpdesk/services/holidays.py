"""Holidays proposed for a calendar and approved by an administrator: approval makes a draft, nothing counts before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sla
from helpdesk import i18n
from helpdesk.db import unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.permissions import Actor, may
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind, VersionState
from sla import holidays, ical
from sla.holidays import Holiday
from sla.ical import Problem, Skipped

COUNTRY = "GR"
_LONGEST_NAME = 200


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


_UNREADABLE: Mapping[Problem, str] = {
    Problem.TOO_LARGE: _("The file is too large: at most 1 MB."),
    Problem.NO_CALENDAR: _("This is no iCalendar file (.ics)."),
    Problem.TOO_MANY: _("The file has too many events: at most 3,000."),
    Problem.REPEATS: _("Its events repeat too often, or in a way that cannot be worked out."),
}


@lru_cache(maxsize=64)
def customary(years: tuple[int, ...], language: str) -> Mapping[date, Holiday]:
    """What a body may close on in these years, by day."""
    return {holiday.day: holiday for holiday in holidays.customary(COUNTRY, years, language)}


def named(calendar: sla.Calendar, language: str) -> dict[date, str]:
    """The names of a calendar's special days; one of the country's in the reader's language, others as written."""
    stored = dict(calendar.names)
    days = {*calendar.holidays, *(day for day, _periods in calendar.special)}
    years = tuple(sorted({day.year for day in days}))
    known = {code: customary(years, code) for code in i18n.LANGUAGES}
    return {day: _name(day, stored.get(day, ""), known, language) for day in sorted(days)}


def _name(day: date, stored: str, known: Mapping[str, Mapping[date, Holiday]], language: str) -> str:
    theirs = {code: holiday.name for code, found in known.items() if (holiday := found.get(day)) is not None}
    ours = not stored or stored in theirs.values()
    return theirs.get(language, stored) if ours else stored


@dataclass(frozen=True)
class Proposal:
    """A day to be approved. ``periods`` is what the calendar says of that date already, in its own or weekly hours."""

    holiday: Holiday
    known: bool
    periods: Sequence[Sequence[str]]


def proposals(calendar: sla.Calendar, year: int, language: str) -> list[Proposal]:
    """The customary days of a year, each with whether the calendar knows it."""
    known = {*calendar.holidays, *(day for day, _periods in calendar.special)}
    return [
        Proposal(holiday, holiday.day in known, [period.written() for period in calendar.periods(holiday.day)])
        for holiday in customary((year,), language).values()
    ]


@dataclass(frozen=True)
class Import:
    """What a calendar file would bring: days that are new, days of which the calendar says the same or something else.

    ``skipped`` are the events that gave no closed day, with the reason.
    """

    new: Sequence[Holiday]
    known: Sequence[Holiday]
    other: Sequence[Proposal]
    skipped: Sequence[Skipped]


YEARS_AHEAD = 2
"""An import looks at this year and so many after it."""


def compare_file(calendar: sla.Calendar, raw: bytes, now: datetime) -> Import:
    """Reads an iCalendar file as a difference to the calendar; changes nothing. Raises Invalid for what is none."""
    year = now.astimezone(i18n.ZONE).year
    try:
        found = ical.read(raw, date(year, 1, 1), date(year + YEARS_AHEAD, 12, 31))
    except ical.UnreadableFile as why:
        told = _("This file cannot be used as a calendar.")
        raise Invalid(told, code="unreadable-file", fields={"file": _UNREADABLE[why.problem]}) from None
    closed, special = set(calendar.holidays), {day for day, periods in calendar.special if periods}
    closed |= {day for day, periods in calendar.special if not periods}
    return Import(
        [one for one in found.days if one.day not in closed | special],
        [one for one in found.days if one.day in closed and one.day not in special],
        [_differing(calendar, one) for one in found.days if one.day in special],
        found.skipped,
    )


def _differing(calendar: sla.Calendar, holiday: Holiday) -> Proposal:
    return Proposal(holiday, True, [period.written() for period in calendar.periods(holiday.day)])


@dataclass(frozen=True)
class Approved:
    """A special day as it was approved: its name, and its open periods (none: closed)."""

    day: date
    name: str
    periods: Sequence[Sequence[str]] = ()


@unit()
def approve(actor: Actor, id_: int, days: Iterable[Approved], at: datetime, *, why: str = "") -> int:
    """A draft of that calendar with these special days besides its own; the draft's id.

    Raises Forbidden, NotFound, and Invalid for what is no calendar or for no days at all.
    """
    if not may(actor, "administer"):
        raise Forbidden("Rules are for administrators.")
    row, chosen = rulebook.record(id_), list(days)
    if row.kind != RulebookKind.CALENDAR:
        raise Invalid(_("Only a calendar has special days."))
    if not chosen:
        raise Invalid(_("Choose at least one day."), fields={"days": _("Choose at least one day.")})
    replaces = id_ if row.state == VersionState.DRAFT else None
    data = with_days(row.data, chosen)
    return rulebook.make_draft(
        actor, RulebookKind.CALENDAR, row.key, data, title=row.title, why=why, instead_of=replaces, at=at
    )


def with_days(data: Mapping[str, Any], days: Iterable[Approved]) -> dict[str, Any]:
    """The calendar's data in which these dates are as approved, whatever they were before."""
    closed, special = set(data.get("holidays", ())), dict(data.get("special", {}))
    names = dict(data.get("names", {}))
    for approved in days:
        day = approved.day.isoformat()
        closed.discard(day)
        special.pop(day, None)
        if approved.periods:
            special[day] = [list(period) for period in approved.periods]
        else:
            closed.add(day)
        if name := approved.name.strip()[:_LONGEST_NAME]:
            names[day] = name
    more = {"names": dict(sorted(names.items()))} if names else {}
    return {**data, "holidays": sorted(closed), "special": dict(sorted(special.items())), **more}
