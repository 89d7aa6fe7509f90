"""Opening hours: how a calendar is shown with its year, and compared."""

from datetime import date
from typing import Any

from babel.dates import get_day_names, get_month_names
from flask import request

import sla
from helpdesk import clock, i18n
from helpdesk.services import holidays
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook import year
from helpdesk.web.admin.rulebook.calendar_form import EDITOR
from helpdesk.web.admin.rulebook.chapter import Change, Chapter, Said, compare
from helpdesk.web.admin.rulebook.special import Stretch, joined, stretches
from helpdesk.web.admin.rulebook.telling import day, periods, stretch
from helpdesk.web.admin.rulebook.year import DayKind
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


YEARS = (1970, 2100)
DAY = {
    DayKind.OPEN: _("open as every week"),
    DayKind.CLOSED: _("closed every week"),
    DayKind.CLOSURE: _("closed on this day"),
    DayKind.SHORT: _("shorter than usual"),
    DayKind.OTHER: _("other hours"),
}


def _says(value: sla.Calendar) -> dict[str, Any]:
    names = holidays.named(value, language.current())
    shown = _year()
    own = [one for one in stretches(value, names) if one.first.year <= shown <= one.last.year]
    return {
        "zone": value.tz,
        "week": _week(value),
        "special": [(stretch(one.first, one.last), one.name, periods(one.periods), one.periods) for one in own],
        "count": len(names),
        "year": shown,
        "months": [_month(value, month, names) for month in year.months(value, shown)],
        "kinds": DAY,
        "weekdays": _weekdays(),
        "size": (year.WIDTH, year.HEIGHT, year.CELL),
        "years": YEARS,
    }


def _year() -> int:
    asked = request.args.get("year", type=int)
    this = clock.now().astimezone(i18n.ZONE).year
    return asked if asked is not None and YEARS[0] <= asked <= YEARS[1] else this


def _week(value: sla.Calendar) -> list[tuple[str, str]]:
    hours = zip(words.WEEKDAY.values(), value.hours, strict=True)
    return [(say(name), periods([period.written() for period in found])) for name, found in hours]


def _weekdays() -> list[str]:
    letters = get_day_names("narrow", "stand-alone", language.current())
    return [str(letters[place]) for place in range(7)]


def _month(value: sla.Calendar, month: year.Month, names: dict[date, str]) -> dict[str, Any]:
    """A month with its words: those under the pointer, and those for who does not see the picture."""
    name = str(get_month_names("wide", "stand-alone", language.current())[month.first.month])
    cells = [(cell, _told(value, cell, names.get(cell.day, ""))) for cell in month.cells]
    told = say(
        "%(month)s: %(open)s days open, %(closures)s closed on a special day, %(short)s shorter than usual",
        month=name, open=month.opened, closures=month.count(DayKind.CLOSURE), short=month.count(DayKind.SHORT),
    )  # fmt: skip
    counts = (month.opened, month.count(DayKind.CLOSURE), month.count(DayKind.SHORT), month.count(DayKind.OTHER))
    return {"name": name, "cells": cells, "told": told, "counts": counts, "hours": f"{month.hours:g}"}


def _told(value: sla.Calendar, cell: year.Cell, name: str) -> str:
    hours = periods([period.written() for period in value.periods(cell.day)])
    return ", ".join(filter(None, (f"{day(cell.day)}: {hours}", name)))


def _lines(value: sla.Calendar) -> list[Said]:
    part = say("The week")
    told = [Said("", say("Time zone"), value.tz)]
    return told + [Said(part, name, hours) for name, hours in _week(value)]


def _compared(before: sla.Calendar, after: sla.Calendar) -> list[Change]:
    """The week day by day; of the special days those that follow each other and change alike as one."""
    tongue = language.current()
    old, new = ({d: (s.name, s.periods) for s, d in _by_day(value, tongue)} for value in (before, after))
    different = [day for day in sorted({*old, *new}) if old.get(day) != new.get(day)]
    pairs = [(day, _special(old.get(day)), _special(new.get(day))) for day in different]
    marked = joined(Stretch(day, day, f"{told}\n{now}", ()) for day, told, now in pairs)
    part = say("Special days")
    special = [Change(part, stretch(one.first, one.last), *one.name.split("\n")) for one in marked]
    return compare(_lines(before), _lines(after)) + special


def _by_day(value: sla.Calendar, tongue: str) -> list[tuple[Stretch, date]]:
    names = holidays.named(value, tongue)
    return [
        (one, date.fromordinal(number))
        for one in stretches(value, names)
        for number in range(one.first.toordinal(), one.last.toordinal() + 1)
    ]


def _special(found: tuple[str, Any] | None) -> str:
    if found is None:
        return say("as every week")
    name, hours = found
    return ", ".join(filter(None, (periods(hours), " ".join(name.split()))))


CHAPTER = Chapter(
    about=_("When a body, a department or a person works. Promised times count in these hours."),
    template="admin/rulebook/_calendar.html",
    says=_says,
    lines=_lines,
    editor=EDITOR,
    several=True,
    new=_("New opening hours"),
    compared=_compared,
)
