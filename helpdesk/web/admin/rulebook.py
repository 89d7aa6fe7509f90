"""The rulebook to be read: versions of rules, hours, promises and priorities, with what each says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import sla
from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import catalogue, holidays, rulebook
from helpdesk.vocabulary import RulebookKind, VersionState
from helpdesk.web import language
from helpdesk.web.admin import waiting, words
from helpdesk.web.admin.room import room
from helpdesk.web.desk.words import CLOCK, LEVEL, PRIORITY, TYPE
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say, say_many


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


ASKED = {
    "words": _("words"), "any": _("any of"), "all": _("all of"), "not": _("not"), "service": _("Service"),
    "department": _("Department"), "channel": _("Channel"), "address": _("Address"), "language": _("Language"),
    "impact": _("Impact"), "urgency": _("Urgency"), "priority": _("Priority"), "type": _("Type"), "tags": _("Tags"),
    "priority_floor": _("Priority at least"), "in": _("looked for in"), "restricted": _("Only for the department"),
    "stop": _("Ends here"), "field": _("Field"), "hours": _("Hours"), "known": _("Known person"),
}  # fmt: skip
_CODES: Mapping[str, Mapping[str, str]] = {
    "priority": PRIORITY, "priority_floor": PRIORITY, "impact": LEVEL, "urgency": LEVEL, "type": TYPE,
}  # fmt: skip


@room.get("/rulebook")
@admin
def rulebook_() -> ResponseReturnValue:
    """Every version by kind, those in force first."""
    kinds = []
    for kind in RulebookKind:
        rows = rulebook.versions(kind)
        held = [row for row in rows if row.state == VersionState.IN_FORCE]
        kinds.append((words.RULEBOOK[kind], held, [row for row in rows if row.state != VersionState.IN_FORCE]))
    return render_template("admin/rulebook.html", kinds=kinds, states=words.STATE, titled=words.titled)


@room.get("/rulebook/<int:id>")
@admin
def rulebook_version(id: int) -> ResponseReturnValue:
    """What one version says."""
    return _page(id)


def _page(id_: int, problem: str = "") -> ResponseReturnValue:
    row = next((row for kind in RulebookKind for row in rulebook.versions(kind) if row.id == id_), None) or abort(404)
    value = rulebook.version(id_).value
    page = render_template(
        "admin/rulebook_version.html", row=row, says=_SAYS[RulebookKind(row.kind)](value), problem=problem,
        kind=words.RULEBOOK[row.kind], state=words.STATE[row.state], addable=_addable(row), titled=words.titled,
        names={person.id: person.name for person in catalogue.colleagues(all_=True)},
    )  # fmt: skip
    return page, 422 if problem else 200


def _addable(row: Any) -> int:
    """How many public holidays of this year and the next a calendar in force does not know."""
    if row.kind != RulebookKind.CALENDAR or row.state != VersionState.IN_FORCE:
        return 0
    return len(holidays.missing(rulebook.version(row.id), _years()))


def _years() -> tuple[int, int]:
    year = clock.now().astimezone(i18n.ZONE).year
    return year, year + 1


@room.post("/rulebook/<int:id>/holidays")
@admin
def add_holidays(id: int) -> ResponseReturnValue:
    """Closes a calendar on the public holidays of this year and the next."""
    try:
        version = holidays.add(current_actor(), id, _years(), clock.now())
    except Invalid as error:
        return _page(id, say(error.detail))
    flash(say("The holidays were added; the new version is in force."), "done")
    return redirect(url_for("admin.rulebook_version", id=version.id), 303)


def _calendar(value: sla.Calendar) -> dict[str, Any]:
    data: dict[str, Any] = value.to_dict()
    week = [(say(name), _periods(data["hours"].get(day, []))) for day, name in words.WEEKDAY.items()]
    days = {day: [] for day in value.holidays} | {
        date.fromisoformat(day): open_ for day, open_ in data["special"].items()
    }
    known = holidays.names(tuple(sorted({day.year for day in days})), language.current())
    special = [(_day(day), known.get(day, ""), _periods(open_)) for day, open_ in sorted(days.items())]
    return {"kind": "calendar", "zone": value.tz, "week": week, "special": special}


def _periods(periods: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{start}–{end}" for start, end in periods) or say("closed")


def _day(day: date) -> str:
    return format_date(day, "EEE d MMM y", locale="en_GB" if language.current() == "en" else language.current())


def _policy(value: sla.Policy) -> dict[str, Any]:
    titles = dict(words.calendars())
    targets = [
        (
            say(CLOCK.get(target.clock, target.clock)),
            _spoken(target.when.to_dict()) or say("everything"),
            _amount(target.seconds),
            titles.get(target.calendar, target.calendar) or say("of the department"),
        )
        for target in value.targets
    ]
    return {"kind": "policy", "targets": targets}


def _amount(seconds: int) -> str:
    """Open time in hours: a day of it would be read as a day of the week."""
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return say_many("%(num)s hour", "%(num)s hours", hours, num=hours)
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"


def _matrix(value: sla.Matrix) -> dict[str, Any]:
    data = value.to_dict()
    head = [say(word) for word in LEVEL.values()]
    rows = [(say(word), [say(PRIORITY[data[at][to]]) for to in LEVEL]) for at, word in LEVEL.items()]
    return {"kind": "matrix", "head": head, "rows": rows}


def _ruleset(value: Any) -> dict[str, Any]:
    data = value.to_dict()
    rules = [(rule["title"], _spoken(rule["when"]), _spoken(rule["then"])) for rule in data["rules"]]
    return {"kind": "ruleset", "rules": rules, "fallback": _spoken(data["fallback"]) or say("Triage")}


_SAYS: Mapping[RulebookKind, Callable[[Any], dict[str, Any]]] = {
    RulebookKind.CALENDAR: _calendar,
    RulebookKind.POLICY: _policy,
    RulebookKind.MATRIX: _matrix,
    RulebookKind.RULESET: _ruleset,
    RulebookKind.WAITING: waiting.told,
}


def _spoken(value: Any, about: str = "") -> str:
    """Data of rules in words, as far as there are words for it."""
    if isinstance(value, Mapping):
        said = (f"{say(ASKED.get(str(name), str(name)))}: {_spoken(inner, name)}" for name, inner in value.items())
        return "; ".join(said)
    if isinstance(value, list | tuple):
        return ", ".join(_spoken(inner, about) for inner in value)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return _meant(str(value), about)


def _meant(code: str, about: str) -> str:
    known = catalogue.current()
    places = {"department": known.departments, "service": known.services}
    if about in places:
        row = next((row for row in places[about].values() if row.key == code), None)
        return words.name(row.names) if row is not None else code
    return say(_CODES[about][code]) if about in _CODES and code in _CODES[about] else code
