"""The form for rules of waiting: for each reason the longest wait, the reminders, and how it ends."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk.errors import Invalid
from helpdesk.services.pauses import asks_citizen
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook.chapter import Editor, Fields, Typed
from helpdesk.web.desk.words import WAITING

NUMBERS = ("longest_days", "first_days", "again_days", "warn_days")
_MOST = 9_999


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


ENDS = {"open": _("Opens again"), "resolved": _("Is resolved")}
WRONG = {
    "must be at least 1": _("At least one day."),
    "must be at most 732": _("At most two years: 732 days."),
    "needs a first reminder": _("Give the first reminder, too."),
    "must be less than the longest wait": _("Less than the longest wait."),
    "is needed where waiting ends in resolved: nobody may be surprised by it": _(
        "Needed where it is resolved in the end: nobody may be surprised by it."
    ),
}
"""What the rules say of themselves, as the form says it."""


def _shown(data: dict[str, Any]) -> Typed:
    known = data.get("reasons", {})
    cells = {
        reason: {name: str(known.get(reason, {}).get(name, 0)) for name in NUMBERS}
        | {"end": known.get(reason, {}).get("end", "open")}
        for reason in WAITING
    }
    return _form(cells)


def _form(cells: Mapping[str, Mapping[str, str]]) -> Typed:
    """The cells with the words that the form shows around them; only the citizen's silence may resolve."""
    reasons = [(reason, word, asks_citizen(reason)) for reason, word in words.options(WAITING)]
    return {"cells": cells, "reasons": reasons, "ends": words.options(ENDS)}


def _sent(form: MultiDict[str, str]) -> Typed:
    """The form as it was typed; an empty number is none."""
    return _form(
        {
            reason: {name: form.get(f"{reason}-{name}", "").strip() or "0" for name in NUMBERS}
            | {"end": form.get(f"{reason}-end", "open")}
            for reason in WAITING
        }
    )


def _read(typed: Typed) -> dict[str, Any]:
    cells: Mapping[str, Mapping[str, str]] = typed["cells"]
    wrong = {
        f"{reason}-{name}": _("A whole number of days.")
        for reason, cell in cells.items()
        for name in NUMBERS
        if not (cell[name].isdecimal() and cell[name].isascii() and int(cell[name]) <= _MOST)
    }
    wrong |= {
        f"{reason}-end": _("Choose one of the list.") for reason, cell in cells.items() if cell["end"] not in ENDS
    }
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    return {
        "reasons": {
            reason: {name: int(cell[name]) for name in NUMBERS} | {"end": cell["end"]} for reason, cell in cells.items()
        }
    }


def _placed(fields: Fields) -> dict[str, str]:
    """What the rules found wrong, at the form's own fields and in its words."""
    return {name.removeprefix("reasons.").replace(".", "-"): WRONG.get(told, told) for name, told in fields.items()}


EDITOR = Editor("admin/rulebook/_waiting_form.html", _shown, _sent, _read, placed=_placed)
