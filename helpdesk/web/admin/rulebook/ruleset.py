"""Routing rules: how a ruleset is shown and compared."""

from typing import Any

from helpdesk.web.admin.rulebook import raw
from helpdesk.web.admin.rulebook.chapter import Chapter, Said
from helpdesk.web.admin.rulebook.telling import spoken
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _says(value: Any) -> dict[str, Any]:
    data = value.to_dict()
    rules = [(rule["title"], spoken(rule["when"]), spoken(rule["then"])) for rule in data["rules"]]
    return {"rules": rules, "fallback": spoken(data["fallback"]) or say("Triage")}


def _lines(value: Any) -> list[Said]:
    data, part = value.to_dict(), say("Routing rules")
    told = [
        Said(part, f"{rule['title']} ({rule['key']})", f"{spoken(rule['when'])} → {spoken(rule['then'])}")
        for rule in data["rules"]
    ]
    order = ", ".join(said.name for said in told)
    places = [
        Said(say(name), spoken(code, about), spoken(department, "department"))
        for about, name in (("service", _("Service")), ("address", _("Address")))
        for code, department in data["services" if about == "service" else "addresses"].items()
    ]
    fallback = spoken(data["fallback"]) or say("Triage")
    return [*told, Said(part, say("Order"), order), *places, Said(part, say("What no rule knows"), fallback)]


CHAPTER = Chapter(
    about=_("Where a request goes by its words, its service or its address, and how pressing it is."),
    template="admin/rulebook/_ruleset.html",
    says=_says,
    lines=_lines,
    editor=raw.EDITOR,
)
