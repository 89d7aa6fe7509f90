"""The form for criteria of major incidents: how many similar ones, which services are critical, which pairs are."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk.errors import Invalid
from helpdesk.services import catalogue
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook.chapter import Editor, Fields, Typed
from helpdesk.web.desk.words import LEVEL, PRIORITY

_MOST = 9_999_999
_EMPTY = {"count": "", "minutes": ""}


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


WRONG = {
    "must be at least 2": _("At least two."),
    "must be at least 1": _("At least one minute."),
    "must be at most 500": _("At most 500."),
    "must be at most 10080": _("At most a week: 10080 minutes."),
}
"""What the criteria say of themselves, as the form says it."""


def _form(every: Mapping[str, str], own: Mapping[str, Mapping[str, str]], chosen: Mapping[str, list[str]]) -> Typed:
    services = [(row.key, words.name(row.names)) for row in catalogue.services(all_=True)]
    known = {key for key, _name in services}
    kept = [(key, key) for key in dict.fromkeys((*own, *chosen["critical"])) if key not in known]
    cells = {key: own.get(key, _EMPTY) for key, _name in (*services, *kept)}
    return {
        "every": every, "own": cells, "chosen": chosen, "services": [*services, *kept],
        "priorities": words.options(PRIORITY), "impacts": words.options(LEVEL),
    }  # fmt: skip


def _shown(data: dict[str, Any]) -> Typed:
    similar, urgent = data.get("similar", {}), data.get("priority", {})
    services: Mapping[str, Any] = data.get("services", {})
    own = {key: {name: str(one[name]) for name in ("count", "minutes")} for key, one in services.items()}
    chosen = {
        "critical": list(data.get("critical_services", [])),
        "priorities": list(urgent.get("priorities", [])),
        "impacts": list(urgent.get("impacts", [])),
    }
    return _form({name: str(similar.get(name, "")) for name in ("count", "minutes")}, own, chosen)


def _sent(form: MultiDict[str, str]) -> Typed:
    keys = [name.removesuffix("-count") for name in form if name.endswith("-count")]
    own = {key: {name: form.get(f"{key}-{name}", "").strip() for name in ("count", "minutes")} for key in keys}
    chosen = {name: form.getlist(name) for name in ("critical", "priorities", "impacts")}
    return _form({name: form.get(name, "").strip() for name in ("count", "minutes")}, own, chosen)


def _read(typed: Typed) -> dict[str, Any]:
    """A service without numbers of its own is held against those for all."""
    wrong: dict[str, str] = {}
    services = {
        key: {name: _number(cell[name], f"{key}-{name}", wrong) for name in ("count", "minutes")}
        for key, cell in typed["own"].items()
        if cell["count"] or cell["minutes"]
    }
    similar = {name: _number(typed["every"][name], name, wrong) for name in ("count", "minutes")}
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    chosen = typed["chosen"]
    return {
        "similar": similar,
        "services": services,
        "critical_services": chosen["critical"],
        "priority": {"priorities": chosen["priorities"], "impacts": chosen["impacts"]},
    }


def _number(text: str, field: str, wrong: dict[str, str]) -> int:
    if text.isdecimal() and text.isascii() and int(text) <= _MOST:
        return int(text)
    wrong[field] = _("A whole number.")
    return 0


def _placed(fields: Fields) -> dict[str, str]:
    """What the criteria found wrong, at the form's own fields and in its words."""
    return {_place(name): WRONG.get(told, told) for name, told in fields.items()}


def _place(name: str) -> str:
    return name.removeprefix("services.").removeprefix("similar.").replace(".", "-")


EDITOR = Editor("admin/rulebook/_major_form.html", _shown, _sent, _read, placed=_placed)
