"""Facts of the journal as sentences for the timeline."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.services.journal import Recorded
from helpdesk.web.desk import (
    behalf,
    called,
    chatted,
    clocked,
    gravity,
    handed,
    passages,
    refused,
    registering,
    texted,
    worked,
)
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def sentence(fact: Recorded, telling: Telling) -> str:
    """What happened, in one sentence without its subject and time."""
    told = SENTENCES.get(fact.type)
    return told(fact.event.data(), telling) if told else say(OTHERS.get(fact.type, fact.type))


def who(fact: Recorded, telling: Telling) -> str:
    """Who did it."""
    if fact.actor_id is not None:
        return telling.person(fact.actor_id)
    return say(_("The system")) if fact.actor_kind == "system" else say(_("The citizen"))


OTHERS = {
    "closure_recorded": _("filled in the closure checklist"),
    "subject_changed": _("changed the subject"),
    "tracking_revoked": _("made earlier tracking links invalid"),
    **handed.PLAIN,
    **passages.PLAIN,
    **gravity.PLAIN,
    **called.PLAIN,
}

CLOSED = {
    "confirmed": _("closed it, since the citizen confirmed"),
    "silence": _("closed it, since nobody objected"),
    "by_staff": _("closed it"),
}


OWNED = {
    "": _("made %(person)s its owner"),
    "default": _("made %(person)s its owner, until somebody takes it"),
    "absence": _("made %(person)s its owner while its owner is away"),
    "returned": _("made %(person)s its owner again"),
    "left": _("made %(person)s its owner: who was works here no more"),
}


def _opened(data: Mapping[str, Any], telling: Telling) -> str:
    return say(_("opened it (%(channel)s)"), channel=telling.words["channel"].get(data["channel"], data["channel"]))


def _routed(data: Mapping[str, Any], telling: Telling) -> str:
    if not data.get("department_id"):
        return say(_("found no department: triage"))
    return say(_("sent it to %(department)s"), department=telling.choices.department(data["department_id"]))


def _owned(data: Mapping[str, Any], telling: Telling) -> str:
    who = telling.person(data.get("owner_id"))
    return say(OWNED.get(data.get("reason", ""), OWNED[""]), person=who)


def _transferred(data: Mapping[str, Any], telling: Telling) -> str:
    return say(_("transferred it to %(department)s"), department=telling.choices.department(data.get("department_id")))


def _classified(data: Mapping[str, Any], telling: Telling) -> str:
    before, words = data.get("previous") or {}, telling.words
    tables = {"priority": "priority", "type": "type", "impact": "level", "urgency": "level"}
    now = {**data, "type": data["ticket_type"]}
    parts = []
    for name in (name for name in tables if name in before):
        kinds = words[tables[name]]
        parts.append(
            f"{words['field'][name]}: {kinds.get(before[name], before[name])} → {kinds.get(now[name], now[name])}"
        )
    if "service_id" in before:
        parts.append(f"{words['field']['service']}: {telling.choices.service(data.get('service_id')) or '–'}")
    if "category_id" in before:
        parts.append(words["field"]["category"])
    return say(_("changed %(what)s"), what=", ".join(parts)) if parts else say(_("classified it"))


def _resolved(data: Mapping[str, Any], telling: Telling) -> str:
    return say(_("resolved it: %(how)s"), how=telling.words["resolution"].get(data["code"], data["code"]))


def _reopened(data: Mapping[str, Any], telling: Telling) -> str:
    return say(_("reopened it"))


def _closed(data: Mapping[str, Any], telling: Telling) -> str:
    told = say(CLOSED.get(data["reason"], CLOSED["by_staff"]))
    fields = [telling.words["field"].get(name, name) for name in data.get("missing") or ()]
    return say(_("%(told)s; open points: %(fields)s"), told=told, fields=", ".join(fields)) if fields else told


def _confirmed(data: Mapping[str, Any], telling: Telling) -> str:
    how = telling.words["told_by"].get(data.get("told_by") or "")
    return (
        say(_("noted the citizen's word that it is solved (%(how)s)"), how=how)
        if how
        else say(_("confirmed that it is solved"))
    )


def _rejected(data: Mapping[str, Any], telling: Telling) -> str:
    how = telling.words["told_by"].get(data.get("told_by") or "")
    return (
        say(_("noted the citizen's word that it is not solved (%(how)s)"), how=how)
        if how
        else say(_("said that it is not solved"))
    )


def _cancelled(data: Mapping[str, Any], telling: Telling) -> str:
    return say(_("cancelled it"))


def _linked(data: Mapping[str, Any], telling: Telling) -> str:
    kind = telling.words["link"].get(data["kind"], data["kind"])
    return say(_("linked it with %(number)s (%(kind)s)"), number=data["other_id"], kind=kind)


def _joined(data: Mapping[str, Any], telling: Telling) -> str:
    return say(_("added %(person)s to the conversation"), person=telling.person(data["person_id"]))


def _tagged(data: Mapping[str, Any], telling: Telling) -> str:
    tags = [f"+{tag}" for tag in data.get("added") or ()] + [f"−{tag}" for tag in data.get("removed") or ()]
    return say(_("changed its tags: %(tags)s"), tags=", ".join(tags))


def _restricted(data: Mapping[str, Any], telling: Telling) -> str:
    return say(_("hid it from other departments")) if data["restricted"] else say(_("showed it to all departments"))


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Telling], str]] = {
    "ticket_opened": _opened,
    "ticket_routed": _routed,
    "owner_changed": _owned,
    "ticket_transferred": _transferred,
    "status_changed": clocked.moved,
    "ticket_classified": _classified,
    "ticket_resolved": _resolved,
    "ticket_reopened": _reopened,
    "ticket_closed": _closed,
    "ticket_cancelled": _cancelled,
    "ticket_escalated": clocked.escalated,
    "ticket_deescalated": clocked.given_back,
    "silence_noted": clocked.silent,
    "clock_step_fired": clocked.stepped,
    "waiting_reminded": clocked.reminded,
    "tickets_linked": _linked,
    "participant_added": _joined,
    "tags_changed": _tagged,
    "resolution_confirmed": _confirmed,
    "resolution_rejected": _rejected,
    "move_refused": refused.sentence,
    **chatted.SENTENCES,
    **handed.SENTENCES,
    **passages.SENTENCES,
    **worked.SENTENCES,
    **gravity.SENTENCES,
    **called.SENTENCES,
    **texted.SENTENCES,
    **registering.SENTENCES,
    **behalf.SENTENCES,
    "restriction_changed": _restricted,
}
