"""Data of rules in words: codes, conditions, amounts of time, hours and days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from helpdesk.services import catalogue
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.desk.words import LEVEL, PRIORITY, TYPE
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


def spoken(value: Any, about: str = "") -> str:
    """Data of rules in words, as far as there are words for it."""
    if isinstance(value, Mapping):
        said = (f"{say(ASKED.get(str(name), str(name)))}: {spoken(inner, name)}" for name, inner in value.items())
        return "; ".join(said)
    if isinstance(value, list | tuple):
        return ", ".join(spoken(inner, about) for inner in value)
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


def amount(seconds: int) -> str:
    """Open time in hours: a day of it would be read as a day of the week."""
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return say_many("%(num)s hour", "%(num)s hours", hours, num=hours)
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"


def periods(found: Iterable[Sequence[str]]) -> str:
    """Open periods of a day as people write them."""
    return ", ".join(f"{start}–{end}" for start, end in found) or say("closed")


def day(at: date) -> str:
    """``Fri 25 Dec 2026``, ``Παρ 25 Δεκ 2026``."""
    return str(format_date(at, "EEE d MMM y", locale="en_GB" if language.current() == "en" else language.current()))


def stretch(first: date, last: date) -> str:
    """A day, or from the first to the last one."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"
