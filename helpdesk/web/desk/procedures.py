"""Merging, suppliers, competence, documents and deadlines, by the forms of the desk."""

from collections.abc import Mapping

from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import tickets
from helpdesk.web.desk import given
from helpdesk.web.desk.deeds import Act, Before, Undo
from helpdesk.web.desk.given import Given


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def _merge(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    into = given.number(form, "into")
    if into is None:
        raise Invalid("Give the number of the other ticket.", fields={"into": "is needed"})
    meant = form.get("different_people") == "yes"
    return tickets.merge(actor, number, into, meant, form.get("note", ""), version=given.version(form))


def _part(before: Before, after: Ticket) -> Undo | None:
    return "unmerge", {}


def _unmerge(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.unmerge(actor, number, version=given.version(form))


def _merge_again(before: Before, after: Ticket) -> Undo | None:
    return "merge", {"into": str(before["merged_into_id"]), "different_people": "yes"}


def _engage(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    supplier = given.number(form, "supplier")
    if supplier is None:
        raise Invalid("Choose a supplier.", fields={"supplier": "is needed"})
    return tickets.suppliers.engage(actor, number, supplier, form.get("text", ""), version=given.version(form))


def _answered(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.suppliers.answered(actor, number, form.get("text", ""), version=given.version(form))


def _deny(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.deny(actor, number, form.get("reason", ""), version=given.version(form))


def _forward(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    place = (form.get("to", ""), form.get("text", ""), form.get("email", ""), form.get("phone", ""))
    return tickets.forward(actor, number, *place, attachments=given.files(), version=given.version(form))


def _nothing_to_answer(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    reason, note = form.get("reason", ""), form.get("note", "")
    return tickets.no_reply_needed(actor, number, reason, note, version=given.version(form))


def _incomplete(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    text, until = form.get("text", ""), given.moment(form, "until")
    return tickets.mark_incomplete(actor, number, text, until, version=given.version(form))


def _complete(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.mark_complete(actor, number, form.get("note", ""), version=given.version(form))


def _extend(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    days = given.number(form, "days")
    if days is None:
        raise Invalid("Say by how many days.", fields={"days": "is needed"})
    return tickets.extend(actor, number, days, form.get("reason", ""), version=given.version(form))


ACTS: Mapping[str, Act] = {
    "merge": Act(_merge, _("It was merged; who asked will be told in a minute."), _part),
    "unmerge": Act(_unmerge, _("It stands by itself again."), _merge_again),
    "engage-supplier": Act(_engage, _("The supplier is engaged; the ticket waits."), leads_on=True),
    "supplier-answered": Act(_answered, _("The supplier has answered; work goes on."), focus="text"),
    "deny-competence": Act(_deny, _("It is on record that this department is not competent.")),
    "forward": Act(_forward, _("It went to the other body, and the citizen is told."), leads_on=True),
    "no-reply-needed": Act(_nothing_to_answer, _("Nothing waits for an answer.")),
    "mark-incomplete": Act(_incomplete, _("The citizen is told what is missing; the ticket waits."), leads_on=True),
    "mark-complete": Act(_complete, _("Everything is there; work goes on."), focus="text"),
    "extend": Act(_extend, _("The deadline is extended, and the citizen reads why.")),
}
"""By the name that stands in the address; the API's verbs have the same names."""
