"""Criteria of major incidents: how they are shown and compared."""

from typing import Any

from helpdesk.services import catalogue
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook import major_form
from helpdesk.web.admin.rulebook.chapter import Chapter, Said
from helpdesk.web.desk.words import LEVEL, PRIORITY
from helpdesk.web.templating import say
from sla import Criteria
from sla.major import Similar


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def many(one: Similar) -> str:
    """How many similar incidents in how long, in words."""
    return say(_("%(count)s incidents within %(minutes)s minutes"), count=one.count, minutes=one.minutes)


def _services() -> dict[str, str]:
    return {row.key: words.name(row.names) for row in catalogue.services(all_=True)}


def _says(value: Criteria) -> dict[str, Any]:
    return {"lines": [(said.name, said.text) for said in _lines(value)]}


def _lines(value: Criteria) -> list[Said]:
    names, part = _services(), say(_("Criteria"))
    told = [Said(part, say(_("Similar incidents of one service")), many(value.similar))]
    told += [Said(part, names.get(key, key), many(one)) for key, one in value.services]
    critical = ", ".join(names.get(key, key) for key in value.critical)
    told.append(Said(part, say(_("Critical services")), critical or say(_("none"))))
    urgent = ", ".join(say(PRIORITY[code]) for code in value.priorities)
    impacts = ", ".join(say(LEVEL[code]) for code in value.impacts)
    pair = say(_("Priority %(priority)s with impact %(impact)s"), priority=urgent, impact=impacts)
    told.append(Said(part, say(_("Single incidents")), pair if urgent and impacts else say(_("none"))))
    return told


CHAPTER = Chapter(
    about=_("When an incident is proposed as a major one. A person decides; nothing declares itself."),
    template="admin/rulebook/_major.html",
    says=_says,
    lines=_lines,
    editor=major_form.EDITOR,
)
