"""The table of who is told what: how it is shown and compared."""

from collections.abc import Mapping
from typing import Any

from helpdesk import i18n
from helpdesk.services.rulebook.informing import InformingRules, TellingRule, written
from helpdesk.vocabulary import PublicChange, Reader
from helpdesk.web.admin.rulebook import informing_form
from helpdesk.web.admin.rulebook.chapter import Chapter, Said
from helpdesk.web.desk.informing_words import CHANGES, READERS
from helpdesk.web.templating import say, say_many


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _says(value: InformingRules) -> dict[str, Any]:
    """Each change with everybody who is told of it, how; then the hours in which letters wait."""
    rows = [
        (say(word), [(say(READERS[reader]), _manner(rule)) for reader, rule in _told(value, change).items()])
        for change, word in CHANGES.items()
    ]
    return {"rows": rows, "quiet": _quiet(value), "within": _within(value)}


def _told(value: InformingRules, change: PublicChange) -> Mapping[Reader, TellingRule]:
    found = {reader: value.of(change, reader) for reader in READERS}
    return {reader: rule for reader, rule in found.items() if rule is not None}


def _manner(rule: TellingRule) -> str:
    """``by e-mail, not at night, may be declined``."""
    parts = [say(_("by e-mail"))]
    if rule.language:
        parts.append(say(_("always in: %(language)s"), language=i18n.LANGUAGES[rule.language]))
    if rule.keeps_quiet:
        parts.append(say(_("not in quiet hours")))
    if rule.may_decline:
        parts.append(say(_("may be declined")))
    return ", ".join(parts)


def _quiet(value: InformingRules) -> str:
    if value.quiet.begins == value.quiet.ends:
        return say(_("None: letters leave at every hour."))
    told = say(_("From %(begins)s to %(ends)s."), begins=written(value.quiet.begins), ends=written(value.quiet.ends))
    return f"{told} {say(_('Also on days on which the usual hours are closed.'))}" if value.quiet.closed_days else told


def _within(value: InformingRules) -> str:
    return say_many("%(num)s minute", "%(num)s minutes", value.within_minutes, num=value.within_minutes)


def _lines(value: InformingRules) -> list[Said]:
    told = [
        Said(say(word), say(READERS[reader]), _manner(rule))
        for change, word in CHANGES.items()
        for reader, rule in _told(value, change).items()
    ]
    whole = say(_("All letters"))
    told.append(Said(whole, say(_("Quiet hours")), _quiet(value)))
    return [*told, Said(whole, say(_("Should leave within")), _within(value))]


CHAPTER = Chapter(
    about=_("Who is told of which change, by what, in which language, and at which hours no letter leaves."),
    template="admin/rulebook/_informing.html",
    says=_says,
    lines=_lines,
    editor=informing_form.EDITOR,
)
