"""What an agent can do to a ticket by a form: how each form is read, what is said afterwards, how it is undone."""

from collections.abc import Mapping
from typing import Any

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import escalations, learning, participation, scope, tickets
from helpdesk.web.desk import (
    behalf,
    call_back,
    checklist,
    endings,
    given,
    known_errors,
    letters,
    procedures,
    registering,
)
from helpdesk.web.desk.deeds import Act, Before, Undo
from helpdesk.web.desk.given import Given
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


_KEPT = (
    "status", "waiting_reason", "waiting_until", "subject", "department_id", "owner_id", "assignee_id", "restricted",
    "type", "service_id", "category_id", "impact", "urgency", "priority", "merged_into_id",
)  # fmt: skip
CLASSES = ("type", "service_id", "category_id", "impact", "urgency", "priority")
_NUMBERS = frozenset({"service_id", "category_id"})


def before(actor: Actor, number: int) -> Before:
    """The ticket as it stands; raises NotFound for one that the actor may not see."""
    ticket = scope.find(actor, number)
    return {name: getattr(ticket, name) for name in _KEPT} | {"tags": list(ticket.tags)}


def _take(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.take(actor, number, version=given.version(form))


def _assign(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.assign(actor, number, given.number(form, "assignee_id"), version=given.version(form))


def _give_back(before: Before, after: Ticket) -> Undo | None:
    if before["assignee_id"] == after.assignee_id:
        return None
    return "assign", {"assignee_id": str(before["assignee_id"] or "")}


def _own(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    person_id = given.number(form, "owner_id")
    if person_id is None:
        raise Invalid("Choose who answers for it.", fields={"owner_id": "is needed"})
    return tickets.set_owner(actor, number, person_id, version=given.version(form))


def _disown(before: Before, after: Ticket) -> Undo | None:
    return ("set-owner", {"owner_id": str(before["owner_id"])}) if before["owner_id"] else None


def _transfer(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    place, reason, note = given.number(form, "department_id"), form.get("reason", ""), form.get("note", "")
    not_competent = form.get("not_competent") == "yes"
    along = form.get("hand_over") == "yes"
    return tickets.transfer(actor, number, place, reason, note, not_competent, along, version=given.version(form))


def _transfer_back(before: Before, after: Ticket) -> Undo | None:
    if before["department_id"] is None:
        return None
    return "transfer", {"department_id": str(before["department_id"]), "reason": say(_("Transferred by mistake."))}


def _choose(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return learning.choose(actor, number, form.get("department", ""), version=given.version(form))


def _escalate(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    """``to`` is "team:key", "person:id", "next:team" for the next level, or empty for whoever is next above."""
    kind, _, to = form.get("to", "").partition(":")
    if kind == "person" and not to.isdecimal():
        raise Invalid("Choose who gets it.", fields={"to": "one of the list"})
    if kind == "next":
        return tickets.escalate(
            actor, number, form.get("reason", ""), kind=escalations.FUNCTIONAL, version=given.version(form)
        )
    whom: dict[str, Any] = {"team": to} if kind == "team" else {"person": int(to)} if kind == "person" else {}
    return tickets.escalate(actor, number, form.get("reason", ""), version=given.version(form), **whom)


def _deescalate(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.deescalate(actor, number, form.get("reason", ""), version=given.version(form))


def _wait(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    reason, until, note = form.get("reason", ""), given.moment(form, "until"), form.get("note", "")
    return tickets.wait(actor, number, reason, until, note, version=given.version(form))


def _resume(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.resume(actor, number, version=given.version(form))


def _stand_again(before: Before, after: Ticket) -> Undo | None:
    """Back to what was waited for, or to work where nothing was."""
    if not before["waiting_reason"]:
        return ("resume", {}) if after.waiting_reason else None
    until = before["waiting_until"]
    local = until.astimezone(i18n.ZONE).strftime("%Y-%m-%dT%H:%M") if until else ""
    return "wait", {"reason": before["waiting_reason"], "until": local}


def _reopen(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.reopen(actor, number, form.get("reason", ""), version=given.version(form))


def _cancel(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.cancel(actor, number, form.get("reason", ""), version=given.version(form))


def _classify(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    """Only what differs is told to the service: a priority chosen on purpose stays when nothing about it changes."""
    wished = {name: given.number(form, name) if name in _NUMBERS else form[name] for name in CLASSES if name in form}
    changed = {name: value for name, value in wished.items() if value not in (None, "", before[name])}
    return tickets.classify(actor, number, reason=form.get("reason", ""), version=given.version(form), **changed)


def _classify_back(before: Before, after: Ticket) -> Undo | None:
    changed = [name for name in CLASSES if before[name] != getattr(after, name)]
    if not changed or any(before[name] is None for name in changed):
        return None
    derived = {"impact", "urgency"} & set(changed)
    fields = {name: str(before[name]) for name in changed if name != "priority" or not derived}
    return "classify", fields | {"reason": say(_("Changed by mistake."))}


def _tag(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    wanted, had = given.tags(form), before["tags"]
    gone = [label for label in had if label not in wanted]
    return tickets.tag(actor, number, wanted, gone, version=given.version(form))


def _tag_back(before: Before, after: Ticket) -> Undo | None:
    return ("tag", {"tags": ", ".join(before["tags"])}) if before["tags"] != after.tags else None


def _rename(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.rename(actor, number, form.get("subject", ""), version=given.version(form))


def _rename_back(before: Before, after: Ticket) -> Undo | None:
    return ("rename", {"subject": before["subject"]}) if before["subject"] != after.subject else None


def _link(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    other = given.number(form, "other")
    if other is None:
        raise Invalid("Give the number of the other ticket.", fields={"other": "is needed"})
    return tickets.link(actor, number, other, form.get("kind", "related"), version=given.version(form))


def _join(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    other = given.number(form, "other")
    if other is None:
        raise Invalid("Give the number of the other ticket.", fields={"other": "is needed"})
    return participation.join(actor, number, other, version=given.version(form))


def _restrict(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.restrict(actor, number, form.get("restricted") == "yes", version=given.version(form))


def _restrict_back(before: Before, after: Ticket) -> Undo | None:
    return "restrict", {"restricted": "yes" if before["restricted"] else "no"}


def _revoke(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.revoke_tracking(actor, number, version=given.version(form))


ACTS: Mapping[str, Act] = {
    "take": Act(_take, _("It is yours now."), _give_back, focus="text"),
    "assign": Act(_assign, _("It was given on."), _give_back),
    "set-owner": Act(_own, _("It has another owner."), _disown),
    "transfer": Act(_transfer, _("It was transferred."), _transfer_back, leads_on=True),
    "choose": Act(_choose, _("Thank you: it is where it belongs, and the classifier learns."), leads_on=True),
    "escalate": Act(_escalate, _("It was escalated; those who have it now were told.")),
    "de-escalate": Act(_deescalate, _("It is one level down again; those who have it now were told.")),
    "wait": Act(_wait, _("It waits."), _stand_again, leads_on=True),
    "resume": Act(_resume, _("Work goes on."), _stand_again, focus="text"),
    "reopen": Act(_reopen, _("It is open again."), focus="text"),
    "cancel": Act(_cancel, _("It is cancelled."), leads_on=True),
    "classify": Act(_classify, _("The classification was changed."), _classify_back, focus="act-classify"),
    "tag": Act(_tag, _("The tags were changed."), _tag_back, focus="act-tag"),
    "rename": Act(_rename, _("It has another subject."), _rename_back),
    "link": Act(_link, _("The tickets are linked."), focus="act-link"),
    "join": Act(_join, _("This person takes part in that conversation from now on."), focus="act-link"),
    "restrict": Act(_restrict, _("Who may read it was changed."), _restrict_back),
    "revoke-tracking": Act(_revoke, _("Earlier tracking links no longer work.")),
    **endings.ACTS,
    **procedures.ACTS,
    **call_back.ACTS,
    **letters.ACTS,
    **known_errors.ACTS,
    **checklist.ACTS,
    **registering.ACTS,
    **behalf.ACTS,
}
"""By the name that stands in the address; the API's verbs have the same names."""
