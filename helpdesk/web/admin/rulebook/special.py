"""Special days as people see them: days that follow each other and say the same are one stretch."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sla
from helpdesk.web.admin.wrong import Wrong

Periods = tuple[tuple[str, str], ...]


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@dataclass(frozen=True)
class Stretch:
    """From the first to the last day: a name, and open periods (none: closed)."""

    first: date
    last: date
    name: str
    periods: Periods


def stretches(calendar: sla.Calendar, names: Mapping[date, str]) -> list[Stretch]:
    """All special days in order."""
    days = {*calendar.holidays, *(day for day, _periods in calendar.special)}
    return joined(Stretch(day, day, names.get(day, ""), _periods(calendar, day)) for day in sorted(days))


def _periods(calendar: sla.Calendar, day: date) -> Periods:
    return tuple((opens, closes) for opens, closes in (period.written() for period in calendar.periods(day)))


def joined(found: Iterable[Stretch]) -> list[Stretch]:
    """Stretches that follow each other and say the same as one."""
    whole: list[Stretch] = []
    for one in found:
        before = whole[-1] if whole else None
        same = before is not None and (before.name, before.periods) == (one.name, one.periods)
        if before is not None and same and before.last + timedelta(days=1) == one.first:
            whole[-1] = Stretch(before.first, one.last, one.name, one.periods)
        else:
            whole.append(one)
    return whole


_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?(?::(\d{2}))?")
_DASH = re.compile(r"\s*[-–—−]\s*")


def time_of(text: str) -> str:
    """A time as people write it (9, 9:00, 9.30, 0930) as the calendar takes it; raises Wrong."""
    found = _TIME.fullmatch(text.strip())
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
    end = (hours, minutes, seconds) == (24, 0, 0)
    if not end and (hours > 23 or minutes > 59 or seconds > 59):
        raise Wrong(_("Write times like 09:00."))
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def period_of(opens: str, closes: str) -> tuple[str, str]:
    """An open period of two times; raises Wrong."""
    pair = time_of(opens), time_of(closes)
    if pair[0] == "24:00":
        raise Wrong(_("A period cannot begin at 24:00: write 00:00 on the next day."))
    if pair[0] == pair[1]:
        raise Wrong(_("From and to are the same; a whole day is 00:00 to 24:00."))
    return pair


def periods_of(text: str) -> Periods:
    """Periods written in one line, ``09:00–13:00, 17:00–20:00``; none for an empty one; raises Wrong."""
    found = []
    for part in filter(None, re.split(r"[,;]", text.strip())):
        ends = _DASH.split(part.strip())
        if len(ends) != 2:
            raise Wrong(_("Write hours like 09:00–13:00, 17:00–20:00."))
        found.append(period_of(*ends))
    return tuple(found)


def written(periods: Sequence[Sequence[str]]) -> str:
    """The line that `periods_of` reads."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in periods)
