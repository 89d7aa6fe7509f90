"""Sentences for the timeline about how work reached somebody: given, offered, taken back, passed on, and why."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


PLAIN = {"offer_declined": _("declined the offer")}
BECAUSE = {
    "same_agent": _("answered this person before"),
    "only_one": _("the only one present who can take it"),
    "least_loaded": _("has least to do of the %(able)s present who can take it"),
    "longest_idle": _("next in turn of the %(able)s present who can take it"),
}


def assigned(data: Data, telling: Telling) -> str:
    """Taken, given by somebody or by the rules, or taken off somebody."""
    if data.get("taken"):
        return say(_("took it"))
    why = data.get("why") or {}
    if data.get("assignee_id") is None:
        told = _("took it off %(person)s, who is absent and had not begun") if why else _("took it off %(person)s")
        return say(told, person=telling.person(data.get("previous_id")))
    person = telling.person(data["assignee_id"])
    if data.get("reason") == "absence":
        return say(_("gave it to %(person)s, who stands in"), person=person)
    if not why:
        return say(_("gave it to %(person)s"), person=person)
    return say(_("gave it to %(person)s: %(because)s"), person=person, because=because(why, telling))


def because(why: Data, telling: Telling) -> str:
    """The reason for a choice, and what was asked of whoever gets it."""
    template = BECAUSE.get(why["reason"], BECAUSE["only_one"])
    told = say(template, able=why.get("able", 1)) if "%(" in template else say(template)
    asked = [telling.words["languages"].get(why["language"], why["language"])] if why.get("language") else []
    asked += why.get("skills", ())
    return f"{told} ({', '.join(asked)})" if asked else told


def _offered(data: Data, telling: Telling) -> str:
    return say(
        _("offered it to %(person)s until %(moment)s: %(because)s"),
        person=telling.person(data["person_id"]),
        moment=telling.moment(data["until"]),
        because=because(data["why"], telling),
    )


def _expired(data: Data, telling: Telling) -> str:
    return say(_("ended the offer to %(person)s, who did not answer"), person=telling.person(data["person_id"]))


def _noticed(data: Data, telling: Telling) -> str:
    told = _("noticed that %(person)s is absent and has not begun: at %(moment)s it goes to others")
    return say(told, person=telling.person(data["person_id"]), moment=telling.moment(data["until"]))


def _overflowed(data: Data, telling: Telling) -> str:
    choices = telling.choices
    where = choices.team(data["team_id"]) if data.get("team_id") else choices.department(data.get("department_id"))
    told = _("passed it on to %(where)s, since nobody took it in %(minutes)s open minutes")
    return say(told, where=where, minutes=data["minutes"])


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "ticket_assigned": assigned,
    "work_offered": _offered,
    "offer_expired": _expired,
    "absence_noticed": _noticed,
    "work_overflowed": _overflowed,
}
