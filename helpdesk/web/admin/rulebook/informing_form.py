"""The form for who is told what: a row a change, for who asked in full, for the others whether at all."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.services.rulebook.informing import BY_WORDS, OF_CUSTOMERS
from helpdesk.vocabulary import ChannelKind, PublicChange, Reader
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook.chapter import Editor, Fields, Typed
from helpdesk.web.desk.informing_words import CHANGES, READERS

EMAIL = ChannelKind.EMAIL.value
OTHERS = (Reader.ON_BEHALF, Reader.PARTICIPANT, Reader.OWNER)
FLAGS = ("keeps_quiet", "may_decline")


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def first(change: PublicChange) -> Reader:
    """The reader whose rule a row shows in full."""
    return Reader.CUSTOMER if change in OF_CUSTOMERS else Reader.REQUESTER


def _shown(data: dict[str, Any]) -> Typed:
    table, quiet = data.get("rules", {}), data.get("quiet", {})
    cells = {change: _cell(change, table.get(change.value, {})) for change in CHANGES}
    return _form(
        cells,
        {
            "from": quiet.get("from", "21:00"),
            "to": quiet.get("to", "08:00"),
            "closed_days": "yes" if quiet.get("closed_days") else "",
            "within_minutes": str(data.get("within_minutes", 15)),
        },
    )


def _cell(change: PublicChange, known: Mapping[str, Any]) -> dict[str, str]:
    """A row's fields as they are typed: empty for no."""
    main = known.get(first(change).value)
    found = {"told": "yes" if main is not None and main.get("channel", EMAIL) else ""}
    found |= {name: "yes" if (main or {}).get(name) else "" for name in FLAGS}
    found["language"] = (main or {}).get("language", "")
    others = {reader: known.get(reader.value, {"channel": ""}) for reader in OTHERS}
    return found | {reader.value: "yes" if rule.get("channel", EMAIL) else "" for reader, rule in others.items()}


def _form(cells: Mapping[PublicChange, Mapping[str, str]], own: Mapping[str, str]) -> Typed:
    """The cells with the words that the form shows around them."""
    rows = words.options({change.value: word for change, word in CHANGES.items()})
    groups = [row for row in rows if row[0] not in OF_CUSTOMERS], [row for row in rows if row[0] in OF_CUSTOMERS]
    return {
        "cells": cells, "own": own, "requests": groups[0], "agreements": groups[1], "fixed": BY_WORDS,
        "others": [(reader.value, READERS[reader]) for reader in OTHERS], "languages": list(i18n.LANGUAGES.items()),
    }  # fmt: skip


def _sent(form: MultiDict[str, str]) -> Typed:
    """The form as it was typed."""
    names = ("told", *FLAGS, "language", *(reader.value for reader in OTHERS))
    cells = {change: {name: form.get(f"{change}-{name}", "") for name in names} for change in CHANGES}
    own = {name: form.get(name, "").strip() for name in ("from", "to", "closed_days", "within_minutes")}
    return _form(cells, own)


def _read(typed: Typed) -> dict[str, Any]:
    own, cells = typed["own"], typed["cells"]
    minutes = own["within_minutes"]
    wrong = {} if minutes.isdecimal() and minutes.isascii() else {"within_minutes": _("A whole number of minutes.")}
    wrong |= {
        f"{change}-language": _("Choose one of the list.")
        for change, cell in cells.items()
        if cell["language"] not in ("", *i18n.LANGUAGES)
    }
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    quiet = {"from": own["from"], "to": own["to"], "closed_days": own["closed_days"] == "yes"}
    table = {change.value: rules for change, cell in cells.items() if (rules := _rules(change, cell))}
    return {"rules": table, "quiet": quiet, "within_minutes": int(minutes)}


def _rules(change: PublicChange, cell: Mapping[str, str]) -> dict[str, Any]:
    """What a row says; what is always told has no choices, and whoever else is told is told in the same manner."""
    fixed = change in BY_WORDS
    manner: dict[str, Any] = {name: cell[name] == "yes" and not fixed for name in FLAGS}
    found: dict[str, Any] = {}
    if fixed or cell["told"] == "yes":
        found[first(change).value] = {"channel": EMAIL, "language": cell["language"]} | manner
    others = [] if change in OF_CUSTOMERS else [reader for reader in OTHERS if cell[reader.value] == "yes"]
    return found | {reader.value: {"channel": EMAIL, "language": ""} | manner for reader in others}


WRONG = {
    "must be a time like 21:00": _("A time like 21:00."),
    "must be a text that is not empty": _("A time like 21:00."),
    "must be at least 1": _("At least one minute."),
}
"""What the rules say of themselves, as the form says it."""


def _placed(fields: Fields) -> dict[str, str]:
    """What the rules found wrong, at the form's own fields and in its words."""
    return {name.removeprefix("quiet."): WRONG.get(told, told) for name, told in fields.items()}


EDITOR = Editor("admin/rulebook/_informing_form.html", _shown, _sent, _read, placed=_placed)
