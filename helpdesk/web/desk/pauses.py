"""How long a ticket waits and what follows, in sentences."""

from datetime import datetime

from helpdesk.services.waiting import Outlook
from helpdesk.web.desk.lines import moment
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say, say_many


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


ENDS = {"open": _("Then it is open again."), "resolved": _("Then it is resolved: the citizen was told.")}

NEXT = _("The next reminder leaves %(moment)s.")
LAST = _("The citizen gets the last reminder %(moment)s.")


def sentences(outlook: Outlook, now: datetime, words: Words) -> list[str]:
    """Since when it waits, what was done about it, what comes next, until when it waits and what happens then."""

    def at(when: datetime | None) -> str:
        return moment(when, now, words.language) if when else ""

    told = [say(_("It waits since %(moment)s."), moment=at(outlook.since))]
    if count := outlook.reminders:
        told.append(say_many("Reminded %(num)s time.", "Reminded %(num)s times.", count, num=count))
    if upcoming := outlook.reminder_at or outlook.warning_at:
        told.append(_next(outlook, at(upcoming)))
    if outlook.end_at is None:
        return [*told, say(_("Nobody said until when."))]
    told.append(say(_("It waits until %(moment)s at the latest."), moment=at(outlook.end_at)))
    return [*told, say(ENDS[outlook.ends_in])]


def _next(outlook: Outlook, at: str) -> str:
    if outlook.to_citizen:
        return say(LAST if outlook.reminder_at is None else NEXT, moment=at)
    return say(_("The colleagues are reminded %(moment)s."), moment=at)
