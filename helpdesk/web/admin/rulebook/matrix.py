"""Priorities: impact and urgency give one, with words that say what belongs in each pair."""

from typing import Any

from werkzeug.datastructures import MultiDict

import sla
from helpdesk.errors import Invalid
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook.chapter import Chapter, Editor, Fields, Said, Typed
from helpdesk.web.desk.words import LEVEL, PRIORITY
from helpdesk.web.templating import say

_LONGEST = 300


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


PAIRS = tuple((impact, urgency) for impact in LEVEL for urgency in LEVEL)


def _guidance(data: dict[str, Any], impact: str, urgency: str) -> str:
    return str(data.get("guidance", {}).get(impact, {}).get(urgency, ""))


def _says(value: sla.Matrix) -> dict[str, Any]:
    data = value.to_dict()
    head = [say(word) for word in LEVEL.values()]
    rows = [
        (say(word), [(data[at][to], say(PRIORITY[data[at][to]]), _guidance(data, at, to)) for to in LEVEL])
        for at, word in LEVEL.items()
    ]
    return {"head": head, "rows": rows}


def _lines(value: sla.Matrix) -> list[Said]:
    data = value.to_dict()
    told = []
    for at, to in PAIRS:
        name = f"{say('Impact')}: {say(LEVEL[at])}, {say('Urgency')}: {say(LEVEL[to])}"
        told.append(Said(say("Priority"), name, say(PRIORITY[data[at][to]])))
        told.append(Said(say("Guidance"), name, _guidance(data, at, to)))
    return told


def _shown(data: dict[str, Any]) -> Typed:
    return _form({f"{at}-{to}": (data[at][to], _guidance(data, at, to)) for at, to in PAIRS})


def _form(cells: dict[str, tuple[str, str]]) -> Typed:
    """The cells with the words that the form shows around them."""
    return {"cells": cells, "levels": words.options(LEVEL), "priorities": words.options(PRIORITY)}


def _sent(form: MultiDict[str, str]) -> Typed:
    pairs = [f"{at}-{to}" for at, to in PAIRS]
    return _form({pair: (form.get(pair, ""), form.get(f"{pair}-words", "").strip()) for pair in pairs})


def _read(typed: Typed) -> dict[str, Any]:
    cells = typed["cells"]
    wrong = {pair: _("Choose one of the list.") for pair, (code, _words) in cells.items() if code not in PRIORITY}
    wrong |= {f"{pair}-words": _("This is too long.") for pair, (_c, told) in cells.items() if len(told) > _LONGEST}
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    data: dict[str, Any] = {at: {to: cells[f"{at}-{to}"][0] for to in LEVEL} for at in LEVEL}
    told = {at: {to: cells[f"{at}-{to}"][1] for to in LEVEL if cells[f"{at}-{to}"][1]} for at in LEVEL}
    if guidance := {at: row for at, row in told.items() if row}:
        data["guidance"] = guidance
    return data


def _placed(fields: Fields) -> dict[str, str]:
    return {name.removeprefix("matrix.").replace(".", "-"): told for name, told in fields.items()}


CHAPTER = Chapter(
    about=_("Which priority impact and urgency give. Whoever gives another one says why."),
    template="admin/rulebook/_matrix.html",
    says=_says,
    lines=_lines,
    editor=Editor("admin/rulebook/_matrix_form.html", _shown, _sent, _read, placed=_placed),
)
