"""Promised times: how a policy is shown and compared."""

from typing import Any

import sla
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook import raw
from helpdesk.web.admin.rulebook.chapter import Chapter, Said
from helpdesk.web.admin.rulebook.telling import ASKED, amount, spoken
from helpdesk.web.desk.words import CLOCK
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _says(value: sla.Policy) -> dict[str, Any]:
    titles = dict(words.calendars())
    targets = [
        (
            say(CLOCK.get(target.clock, target.clock)),
            spoken(target.when.to_dict()) or say("everything"),
            amount(target.seconds),
            titles.get(target.calendar, target.calendar) or say("of the department"),
        )
        for target in value.targets
    ]
    return {"targets": targets}


def _lines(value: sla.Policy) -> list[Said]:
    data: dict[str, Any] = value.to_dict()
    promises, part = _says(value)["targets"], say("Promised times")
    steps = [spoken(target.get("steps", [])) for target in data["targets"]]
    told = [
        Said(part, f"{clock}, {when}", "; ".join(filter(None, (within, hours, step))))
        for (clock, when, within, hours), step in zip(promises, steps, strict=True)
    ]
    others = {name: inner for name, inner in data.items() if name != "targets" and inner not in ({}, [], "", None)}
    return told + [Said("", say(ASKED.get(name, name)), spoken(inner, name)) for name, inner in others.items()]


CHAPTER = Chapter(
    about=_("How soon a citizen is answered and helped, in open hours, and who is told before it is too late."),
    template="admin/rulebook/_policy.html",
    says=_says,
    lines=_lines,
    editor=raw.EDITOR,
    several=True,
    new=_("New promises"),
)
