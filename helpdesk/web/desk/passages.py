"""Sentences for the timeline about merging, suppliers, competence, documents, deadlines and calls."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


PLAIN = {
    "ticket_forwarded": _("forwarded it to another body"),
    "application_incomplete": _("told the citizen that documents are missing"),
    "application_completed": _("noted that all documents are there"),
    "call_back_cancelled": _("cancelled the promised call"),
}


def _merged(data: Data, telling: Telling) -> str:
    return say(_("merged it into %(number)s"), number=data["into_id"])


def _received(data: Data, telling: Telling) -> str:
    return say(_("merged %(number)s into it"), number=data["other_id"])


def _parted(data: Data, telling: Telling) -> str:
    return say(_("parted it from %(number)s again"), number=data["from_id"])


def _undone(data: Data, telling: Telling) -> str:
    return say(_("parted %(number)s from it again"), number=data["other_id"])


def _engaged(data: Data, telling: Telling) -> str:
    return say(_("engaged the supplier %(supplier)s"), supplier=telling.choices.supplier(data["supplier_id"]))


def _answered(data: Data, telling: Telling) -> str:
    told = _("noted that the supplier %(supplier)s is done")
    return say(told, supplier=telling.choices.supplier(data["supplier_id"]))


def _denied(data: Data, telling: Telling) -> str:
    told = _("said that the department it came to (%(moment)s) is not competent")
    return say(told, moment=telling.moment(data["since"]))


def _nothing(data: Data, telling: Telling) -> str:
    reason = telling.words["no_reply"].get(data["reason"], data["reason"])
    return say(_("said that nothing needs an answer: %(reason)s"), reason=reason)


def _extended(data: Data, telling: Telling) -> str:
    return say(_("extended the deadline of the law by days: %(days)s"), days=data["days"])


def _promised(data: Data, telling: Telling) -> str:
    begins, ends = telling.moment(data["begins_at"]), telling.moment(data["ends_at"])
    if data.get("way", "phone") != "phone":
        return say(_("promised to write between %(begins)s and %(ends)s"), begins=begins, ends=ends)
    return say(_("promised a call between %(begins)s and %(ends)s"), begins=begins, ends=ends)


def _dialled(data: Data, telling: Telling) -> str:
    outcome = telling.words["outcome"].get(data["outcome"], data["outcome"])
    if data.get("way", "phone") != "phone":
        return say(_("kept the appointment in writing: %(outcome)s"), outcome=outcome)
    return say(_("rang the citizen: %(outcome)s"), outcome=outcome)


def _rung(data: Data, telling: Telling) -> str:
    return say(_("rings the citizen, attempt %(number)s"), number=data["attempt"])


def _retried(data: Data, telling: Telling) -> str:
    return say(_("will have them rung again at %(moment)s"), moment=telling.moment(data["again_at"]))


def _given_up(data: Data, telling: Telling) -> str:
    return say(_("could not have them reached, after %(number)s attempts; they were told"), number=data["attempts"])


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "ticket_merged": _merged,
    "merge_received": _received,
    "ticket_unmerged": _parted,
    "merge_undone": _undone,
    "supplier_engaged": _engaged,
    "supplier_answered": _answered,
    "competence_denied": _denied,
    "no_reply_needed": _nothing,
    "deadline_extended": _extended,
    "call_back_promised": _promised,
    "call_back_dialled": _dialled,
    "call_back_rung": _rung,
    "call_back_retried": _retried,
    "call_back_given_up": _given_up,
}
