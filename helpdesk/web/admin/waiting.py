"""Rules of waiting in words."""

from typing import Any

from helpdesk.web.desk.words import WAITING
from helpdesk.web.templating import say, say_many
from sla.waiting import WaitingEnd, WaitingRule, WaitingRules


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


ENDS = {"open": _("it is open again"), "resolved": _("it is resolved, if the citizen was told before")}


def told(rules: WaitingRules) -> dict[str, Any]:
    """Each reason with its longest wait, its reminders and its end, as sentences."""
    known = dict(rules.rules)
    rows = [(say(word), *_row(known[code])) for code, word in WAITING.items() if code in known]
    return {"kind": "waiting", "reasons": rows}


def _row(rule: WaitingRule) -> tuple[str, str, str]:
    return days(rule.longest_days), _reminders(rule), say(ENDS[WaitingEnd(rule.end).value])


def days(number: int) -> str:
    """``1 day``, ``30 days``."""
    return say_many("%(num)s day", "%(num)s days", number, num=number)


def _reminders(rule: WaitingRule) -> str:
    parts = []
    if rule.first_days:
        parts.append(say(_("after %(days)s"), days=days(rule.first_days)))
    if rule.again_days:
        parts.append(say(_("then every %(days)s"), days=days(rule.again_days)))
    if rule.warn_days:
        parts.append(say(_("for the last time %(days)s before the end"), days=days(rule.warn_days)))
    return ", ".join(parts) or say(_("none"))
