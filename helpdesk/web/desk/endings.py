"""How a ticket ends, by the forms of the desk: resolved, checked, confirmed or not by the citizen, closed."""

from collections.abc import Mapping
from typing import Any

from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import tickets
from helpdesk.web.desk import given
from helpdesk.web.desk.deeds import Act, Before
from helpdesk.web.desk.given import Given


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def _facts(form: Given) -> dict[str, Any]:
    """What the checklist's fields say; an empty one says nothing. Without the tick no workaround was used."""
    workaround = form.get("workaround") == "yes" if "asks_workaround" in form else None
    facts = {
        "root_cause": form.get("root_cause") or None,
        "workaround": workaround,
        "verified_by": given.number(form, "verified_by"),
        "category_id": given.number(form, "category"),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _resolve(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    code, text, files = form.get("code", ""), form.get("text", ""), given.files()
    return tickets.resolve(actor, number, code, text, attachments=files, version=given.version(form), **_facts(form))


def _record(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.record_closure(actor, number, version=given.version(form), **_facts(form))


def _confirm(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    told_by, note = form.get("told_by") or None, form.get("note", "")
    return tickets.confirm(actor, number, told_by=told_by, note=note, version=given.version(form))


def _reject(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    told_by, text = form.get("told_by") or None, form.get("text", "")
    return tickets.reject(actor, number, text, told_by=told_by, version=given.version(form))


def _close(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    """With the checklist complete where the form asks for it, unless it is said that it cannot be."""
    complete = form.get("complete") == "yes" and form.get("with_gaps") != "yes"
    return tickets.close(actor, number, complete=complete, version=given.version(form), **_facts(form))


ACTS: Mapping[str, Act] = {
    "resolve": Act(_resolve, _("It is resolved, and the citizen is told."), leads_on=True),
    "record-closure": Act(_record, _("The closure checklist was filled in."), focus="closure"),
    "confirm": Act(_confirm, _("It is confirmed and closed."), leads_on=True),
    "reject": Act(_reject, _("It is open again."), focus="text"),
    "close": Act(_close, _("It is closed."), leads_on=True),
}
