"""Rules of waiting: how they are shown and compared."""

from helpdesk.web.admin import waiting
from helpdesk.web.admin.rulebook import waiting_form
from helpdesk.web.admin.rulebook.chapter import Chapter, Said
from helpdesk.web.templating import say
from sla.waiting import WaitingRules


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _lines(value: WaitingRules) -> list[Said]:
    told = []
    for reason, longest, reminders, ends in waiting.told(value)["reasons"]:
        told.append(Said(reason, say("At most"), longest))
        told.append(Said(reason, say("Reminders"), reminders))
        told.append(Said(reason, say("Then"), ends))
    return told


CHAPTER = Chapter(
    about=_("For what a request may wait, how long at most, who is reminded when, and what happens then."),
    template="admin/_waiting.html",
    says=waiting.told,
    lines=_lines,
    editor=waiting_form.EDITOR,
)
