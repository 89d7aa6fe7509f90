"""What the clock did, as sentences for the timeline: steps, escalations, reminders, ends of waiting."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpdesk import i18n
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


STEPS = {
    "warn": _("warned: %(clock)s is due soon"),
    "notify-owner": _("reminded the owner: %(clock)s"),
    "notify-team": _("reminded the department: %(clock)s"),
    "notify-customer": _("told the customer body: %(clock)s"),
    "raise-priority": _("raised the priority: %(clock)s"),
    "reassign": _("gave it to others: %(clock)s"),
    "escalate-to-group": _("called for a team that knows more: %(clock)s"),
    "escalate-to-supervisor": _("called for those who lead: %(clock)s"),
    "tell-citizen": _("told the citizen that it takes longer: %(clock)s"),
}
WHY = {
    "waited_out": _("it has waited long enough"),
    "came_back": _("our letter came back"),
    "reviewed": _("a supervisor ended the waiting"),
    "requester_wrote": _("the citizen wrote"),
}


def stepped(data: Mapping[str, Any], telling: Telling) -> str:
    """A step of a clock, and by how much it came too late."""
    clock = telling.words["clock"].get(data["clock"], data["clock"])
    if data["do"] == "breach":
        told = say(_("%(clock)s is late since %(moment)s"), clock=clock, moment=telling.moment(data["due_at"]))
    else:
        told = say(STEPS.get(data["do"], STEPS["warn"]), clock=clock)
    late = data.get("late_seconds")
    if not late:
        return told
    time = i18n.duration(timedelta(seconds=late), telling.words.language)
    return say(_("%(told)s (noticed %(time)s too late)"), told=told, time=time)


def escalated(data: Mapping[str, Any], telling: Telling) -> str:
    """To whom, to which level, and which clock made it so."""
    level = data["level"]
    if data.get("team_id"):
        team = telling.choices.team(data["team_id"])
        told = say(_("escalated it to the team %(team)s, level %(level)s"), team=team, level=level)
    elif data.get("person_id"):
        person = telling.person(data["person_id"])
        told = say(_("escalated it to %(person)s, level %(level)s"), person=person, level=level)
    else:
        told = say(_("escalated it to level %(level)s"), level=level)
    clock = telling.words["clock"].get((data.get("reason") or "").partition(" ")[0])
    return say(_("%(told)s: %(why)s"), told=told, why=clock) if clock else told


def given_back(data: Mapping[str, Any], telling: Telling) -> str:
    """An escalation taken back: who has it again."""
    level = data["level"]
    if data.get("person_id"):
        person = telling.person(data["person_id"])
        return say(_("took the escalation back: %(person)s has it again, level %(level)s"), person=person, level=level)
    return say(_("took the escalation back, level %(level)s"), level=level)


def silent(data: Mapping[str, Any], telling: Telling) -> str:
    """For how long nobody said anything, and who was reminded."""
    told = SILENT.get(data["told"], SILENT["owner"])
    return say(told, days=data["days"], moment=telling.moment(data["since"]))


SILENT = {
    "owner": _("reminded the owner: no word since %(moment)s (%(days)s working days)"),
    "lead": _("told who leads the department: no word since %(moment)s (%(days)s working days)"),
}


def reminded(data: Mapping[str, Any], telling: Telling) -> str:
    """Who was reminded that we wait, and whether it was the last time."""
    if data.get("to") == "staff":
        return say(_("reminded the colleagues that it waits"))
    if data.get("last"):
        return say(_("reminded the citizen for the last time"))
    return say(_("reminded the citizen"))


def moved(data: Mapping[str, Any], telling: Telling) -> str:
    """Another status, or a longer wait in the same, with its reason and end."""
    status = telling.words["status"].get(data["status"], data["status"])
    until, reason = telling.moment(data.get("until")), data.get("reason") or ""
    if data["status"] == data.get("previous") and until:
        return say(_("lets it wait longer, until %(moment)s"), moment=until)
    why = say(WHY[reason]) if reason in WHY else telling.words["waiting"].get(reason, "")
    parts = (
        say(_("set it to “%(status)s”"), status=status),
        why,
        telling.words["time"]["until"].format(moment=until) if until else "",
    )
    return ", ".join(part for part in parts if part)
