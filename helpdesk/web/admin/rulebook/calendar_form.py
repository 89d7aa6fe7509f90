"""The form of a calendar: rows of hours for each weekday, a zone, and rows of special days; works without a script."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

import sla
from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import holidays
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook.chapter import Editor, Fields, Typed
from helpdesk.web.admin.rulebook.special import Stretch, period_of, periods_of, stretches, written
from helpdesk.web.admin.wrong import Wrong
from sla import zone

MOST_PERIODS, MOST_DAYS, SPARE = 12, 400, 2
"""Periods of a weekday, rows of special days, and how many empty rows the form offers."""
_LONGEST_STRETCH = 366
_LONGEST_NAME = 200
_WORKDAYS = ("tue", "wed", "thu", "fri")
_EMPTY = {"from": "", "to": ""}


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _shown(data: dict[str, Any]) -> Typed:
    calendar = sla.Calendar.from_dict(data)
    today = clock.now().astimezone(i18n.ZONE).date()
    week = {day: [{"from": a, "to": b} for a, b in data.get("hours", {}).get(day, [])] for day in words.WEEKDAY}
    found = stretches(calendar, holidays.named(calendar, language.current()))
    rows = [_row(one, today) for one in found]
    return _form(calendar.tz, week, [*rows, *(_empty() for _each in range(SPARE))])


def _row(one: Stretch, today: date) -> dict[str, Any]:
    return {
        "first": one.first.isoformat(),
        "last": "" if one.last == one.first else one.last.isoformat(),
        "name": one.name,
        "hours": written(one.periods),
        "past": one.last < today,
    }


def _empty() -> dict[str, Any]:
    return {"first": "", "last": "", "name": "", "hours": "", "past": False}


def _form(tz: str, week: dict[str, Any], days: list[dict[str, Any]], focus: str = "") -> Typed:
    """The rows with the words that the form shows around them. ``focus`` is the field that a button asked for."""
    return {
        "tz": tz, "zones": sorted(zone.names()), "week": week, "days": days, "focus": focus,
        "names": words.WEEKDAY, "most": MOST_PERIODS,
    }  # fmt: skip


def _sent(form: MultiDict[str, str]) -> Typed:
    week = {day: list(_periods_sent(form, day)) for day in words.WEEKDAY}
    return _form(form.get("tz", "").strip(), week, list(_days_sent(form)))


def _periods_sent(form: MultiDict[str, str], day: str) -> Iterator[dict[str, str]]:
    for place in range(MOST_PERIODS):
        if f"{day}-{place}-from" in form:
            yield {end: form.get(f"{day}-{place}-{end}", "").strip()[:20] for end in ("from", "to")}


def _days_sent(form: MultiDict[str, str]) -> Iterator[dict[str, Any]]:
    for place in range(MOST_DAYS):
        at = f"day-{place}"
        if f"{at}-first" in form and f"{at}-remove" not in form:
            texts = {name: form.get(f"{at}-{name}", "").strip() for name in ("first", "last", "name", "hours")}
            yield texts | {"past": f"{at}-past" in form}


def _act(typed: Typed, act: str) -> Typed:
    """A row more or less; nothing is saved."""
    verb, _, rest = act.partition("-")
    week, days = typed["week"], typed["days"]
    day, _, place = rest.partition("-")
    if verb == "add" and day in week and len(week[day]) < MOST_PERIODS:
        week[day].append(dict(_EMPTY))
        return typed | {"focus": f"{day}-{len(week[day]) - 1}-from"}
    if verb == "drop" and day in week and place.isdecimal() and int(place) < len(week[day]):
        del week[day][int(place)]
        return typed | {"focus": f"{day}-add"}
    if act == "copy-mon":
        week |= {other: [dict(row) for row in week["mon"]] for other in _WORKDAYS}
        return typed | {"focus": "copy-mon"}
    if act == "more-days":
        days += [_empty() for _each in range(min(SPARE, MOST_DAYS - len(days)))]
        return typed | {"focus": f"day-{len(days) - SPARE}-first"}
    return typed


def _read(typed: Typed) -> dict[str, Any]:
    wrong: dict[str, str] = {}
    hours = {day: found for day, rows in typed["week"].items() if (found := _day_read(day, rows, wrong))}
    days = _days_read(typed["days"], wrong)
    if typed["tz"] not in zone.names():
        wrong["tz"] = _("Choose one of the list.")
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    named = {day: name for day, (name, _periods) in days.items() if name}
    return {
        "tz": typed["tz"],
        "hours": hours,
        "holidays": [day for day, (_name, periods) in days.items() if not periods],
        "special": {day: [list(one) for one in periods] for day, (_name, periods) in days.items() if periods},
    } | ({"names": named} if named else {})


def _day_read(day: str, rows: list[dict[str, str]], wrong: dict[str, str]) -> list[list[str]]:
    """The periods of a weekday; a row left empty says nothing."""
    found = []
    for place, row in enumerate(rows):
        if row["from"] or row["to"]:
            try:
                found.append(list(period_of(row["from"], row["to"])))
            except Wrong as why:
                wrong[f"{day}-{place}-from"] = str(why)
    return found


def _days_read(rows: list[dict[str, Any]], wrong: dict[str, str]) -> dict[str, tuple[str, Any]]:
    """Name and periods by date. Where stretches overlap the shorter one says what holds: a feast within a closure."""
    read: list[tuple[int, list[str], tuple[str, Any]]] = []
    for place, row in enumerate(rows):
        if row["first"] or row["name"] or row["hours"]:
            field = f"day-{place}-hours"
            try:
                periods = periods_of(row["hours"])
                field = f"day-{place}-first"
                read.append((place, _dates(row), (row["name"][:_LONGEST_NAME], periods)))
            except Wrong as why:
                wrong[field] = str(why)
    found: dict[str, tuple[str, Any]] = {}
    lengths: dict[str, int] = {}
    for place, dates, says in sorted(read, key=lambda one: -len(one[1])):
        if any(lengths.get(day) == len(dates) for day in dates):
            wrong[f"day-{place}-first"] = _("This day stands here twice.")
        found |= dict.fromkeys(dates, says)
        lengths |= dict.fromkeys(dates, len(dates))
    return dict(sorted(found.items()))


def _dates(row: dict[str, Any]) -> list[str]:
    try:
        first = date.fromisoformat(row["first"])
        last = date.fromisoformat(row["last"]) if row["last"] else first
    except ValueError:
        raise Wrong(_("Give a day.")) from None
    length = (last - first).days
    if length < 0:
        raise Wrong(_("The last day must come after the first."))
    if length >= _LONGEST_STRETCH:
        raise Wrong(_("A stretch may have 366 days at most."))
    return [(first + timedelta(days=place)).isoformat() for place in range(length + 1)]


def _placed(fields: Fields) -> dict[str, str]:
    """What was found wrong in the whole, at the part of the form it belongs to."""
    parts = {"special": "days", "holidays": "days", "names": "days", "hours": "hours"}
    return {parts.get(name.split(".")[0].split("[")[0], name): told for name, told in fields.items()}


EDITOR = Editor("admin/rulebook/_calendar_form.html", _shown, _sent, _read, _act, _placed)
