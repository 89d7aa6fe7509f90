"""Sentences for the timeline about major incidents and what monitoring reports."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.services.majors.chronicle import CRITERIA
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


PLAIN = {
    "major_proposal_dismissed": _("decided that it is no major incident"),
    "major_revoked": _("took back that it is a major incident"),
    "major_stakeholder_added": _("added somebody who is kept informed"),
    "signal_recovered": _("heard from monitoring that it is over"),
}


def _criterion(data: Data) -> str:
    return say(CRITERIA.get(data["criterion"], CRITERIA["by_hand"]))


def _checked(data: Data, telling: Telling) -> str:
    told = _("checked it against the criteria of major incidents: %(answer)s (similar: %(count)s)")
    return say(told, answer=_criterion(data), count=data.get("similar", 0))


def _proposed(data: Data, telling: Telling) -> str:
    return say(_("proposed it as a major incident: %(answer)s"), answer=_criterion(data))


def _declared(data: Data, telling: Telling) -> str:
    told = _("declared it a major incident; coordinator: %(person)s")
    return say(told, person=telling.person(data["coordinator_id"]))


def _appointed(data: Data, telling: Telling) -> str:
    return say(_("made %(person)s its coordinator"), person=telling.person(data["coordinator_id"]))


def _linked(data: Data, telling: Telling) -> str:
    if data.get("child_id"):
        return say(_("linked %(number)s to the major incident"), number=data["child_id"])
    return say(_("linked it to the major incident %(number)s"), number=data["parent_id"])


def _released(data: Data, telling: Telling) -> str:
    if data.get("child_id"):
        return say(_("released %(number)s from the major incident"), number=data["child_id"])
    return say(_("released it from the major incident %(number)s"), number=data["parent_id"])


def _told(data: Data, telling: Telling) -> str:
    if not data.get("next_at"):
        return say(_("told everybody concerned how things stand"))
    told = _("told everybody concerned how things stand; next time by %(moment)s")
    return say(told, moment=telling.moment(data["next_at"]))


def _missed(data: Data, telling: Telling) -> str:
    moment = telling.moment(data["due_at"])
    if data["alarm"] > 1:
        return say(_("told the supervisors that the update promised by %(moment)s is late"), moment=moment)
    return say(_("told the coordinator that the update promised by %(moment)s is late"), moment=moment)


def _reviewed(data: Data, telling: Telling) -> str:
    return say(_("saved the review (actions: %(count)s)"), count=data.get("actions", 0))


LEVELS = {
    "information": _("information"),
    "warning": _("warning"),
    "exception": _("exception"),
}


def _reported(data: Data, telling: Telling) -> str:
    level = LEVELS.get(data["level"], LEVELS["warning"])
    return say(_("heard from monitoring: %(level)s"), level=say(level))


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "major_criteria_checked": _checked,
    "major_proposed": _proposed,
    "major_declared": _declared,
    "coordinator_changed": _appointed,
    "major_child_linked": _linked,
    "major_child_released": _released,
    "major_update_published": _told,
    "major_update_missed": _missed,
    "major_review_saved": _reviewed,
    "signal_reported": _reported,
}
