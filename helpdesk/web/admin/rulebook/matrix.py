"""Priorities: impact and urgency give one, with words in each language that say what belongs in each pair."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

import sla
from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind, TicketType
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.fields import Option
from helpdesk.web.admin.rulebook.chapter import Chapter, Editor, Fields, Said, Typed
from helpdesk.web.desk.words import LEVEL, PRIORITY, TYPE
from helpdesk.web.templating import say

_LONGEST = 300
Texts = Mapping[str, str]


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


PAIRS = tuple((impact, urgency) for impact in LEVEL for urgency in LEVEL)


def _guidance(data: Mapping[str, Any], impact: str, urgency: str) -> Texts:
    """What belongs in a pair, by language; what was written for all languages stands in each."""
    told = data.get("guidance", {}).get(impact, {}).get(urgency, "")
    return dict.fromkeys(i18n.LANGUAGES, told) if isinstance(told, str) else told


def told(texts: Texts) -> str:
    """The words of a pair in the page's language, else in any that there are."""
    return i18n.pick(texts, language.current()) if any(texts.values()) else ""


def says(value: sla.Matrix) -> dict[str, Any]:
    """The levels along the top, and for each impact its cells: (code, priority, guidance)."""
    data = value.to_dict()
    head = [say(word) for word in LEVEL.values()]
    rows = [
        (say(word), [(data[at][to], say(PRIORITY[data[at][to]]), told(_guidance(data, at, to))) for to in LEVEL])
        for at, word in LEVEL.items()
    ]
    return {"head": head, "rows": rows}


def _lines(value: sla.Matrix) -> list[Said]:
    data = value.to_dict()
    lines = []
    for at, to in PAIRS:
        name = f"{say('Impact')}: {say(LEVEL[at])}, {say('Urgency')}: {say(LEVEL[to])}"
        lines.append(Said(say("Priority"), name, say(PRIORITY[data[at][to]])))
        for code, text in _guidance(data, at, to).items():
            lines.append(Said(say("Guidance"), f"{name} ({code})", text))
    return lines


def _shown(data: dict[str, Any]) -> Typed:
    return _form({f"{at}-{to}": (data[at][to], _guidance(data, at, to)) for at, to in PAIRS})


def _form(cells: dict[str, tuple[str, Texts]]) -> Typed:
    """The cells with the words that the form shows around them."""
    return {"cells": cells, "levels": words.options(LEVEL), "priorities": words.options(PRIORITY)}


def _sent(form: MultiDict[str, str]) -> Typed:
    def texts(pair: str) -> Texts:
        return {code: form.get(f"{pair}-words-{code}", "").strip() for code in i18n.LANGUAGES}

    pairs = [f"{at}-{to}" for at, to in PAIRS]
    return _form({pair: (form.get(pair, ""), texts(pair)) for pair in pairs})


def _read(typed: Typed) -> dict[str, Any]:
    cells: dict[str, tuple[str, Texts]] = typed["cells"]
    wrong = {pair: _("Choose one of the list.") for pair, (code, _texts) in cells.items() if code not in PRIORITY}
    wrong |= {
        f"{pair}-words-{code}": _("This is too long.")
        for pair, (_code, texts) in cells.items()
        for code, text in texts.items()
        if len(text) > _LONGEST
    }
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    data: dict[str, Any] = {at: {to: cells[f"{at}-{to}"][0] for to in LEVEL} for at in LEVEL}
    if guidance := {at: row for at in LEVEL if (row := _written(cells, at))}:
        data["guidance"] = guidance
    return data


def _written(cells: dict[str, tuple[str, Texts]], at: str) -> dict[str, Texts]:
    """The words of a row, of the pairs and languages that have any."""
    row = {to: {code: text for code, text in cells[f"{at}-{to}"][1].items() if text} for to in LEVEL}
    return {to: texts for to, texts in row.items() if texts}


def _placed(fields: Fields) -> dict[str, str]:
    return {name.removeprefix("matrix.").replace(".", "-"): told for name, told in fields.items()}


def _keys() -> list[Option]:
    """The types that have no matrix of their own yet."""
    known = {row.key for row in rulebook.versions(RulebookKind.MATRIX)}
    keys = [(rulebook.matrix_key(kind), say(TYPE[kind])) for kind in TicketType]
    return [(key, word) for key, word in keys if key not in known]


CHAPTER = Chapter(
    about=_(
        "Which priority impact and urgency give; a type of ticket may have a table of its own. Whoever gives another"
        " priority says why."
    ),
    template="admin/rulebook/_matrix.html",
    says=says,
    lines=_lines,
    editor=Editor("admin/rulebook/_matrix_form.html", _shown, _sent, _read, placed=_placed),
    several=True,
    new=_("Priorities of a type"),
    keys=_keys,
)
