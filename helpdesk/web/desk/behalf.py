"""For whom something is asked, where that is somebody else: read from a form, and changed on a ticket."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import scope, tickets
from helpdesk.services.people import Contact
from helpdesk.web.contact import is_mail, phone
from helpdesk.web.desk import given
from helpdesk.web.desk.deeds import Act, Before
from helpdesk.web.desk.given import Given
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

NOBODY = Contact()


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def contact(form: Mapping[str, str], spoken: str, told: str) -> Contact:
    """Who it is; `NOBODY` where nothing is said. Raises Invalid that tells this and names the fields."""
    name, email, number = (form.get(f"behalf_{what}", "").strip()[:200] for what in ("name", "email", "phone"))
    wrong = {}
    if email and not is_mail(email):
        wrong["behalf_email"] = "an address like name@example.org"
    if number and not phone(number):
        wrong["behalf_phone"] = "a telephone number, like 2101234567"
    if wrong:
        raise Invalid(told, fields=wrong)
    return Contact(email.lower(), name, phone(number), spoken) if name or email or number else NOBODY


def _change(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    spoken = scope.find(actor, number).language
    whom = contact(form, spoken, say(_("Nothing was changed: something is wrong.")))
    return tickets.concern(actor, number, whom, version=given.version(form))


ACTS: Mapping[str, Act] = {"on-behalf-of": Act(_change, _("It is kept for whom it is asked."))}
"""By the name that stands in the address."""


def _changed(data: Mapping[str, Any], telling: Telling) -> str:
    if data.get("person_id") is None:
        return say(_("noted that nobody else is concerned"))
    return say(_("noted for whom it is asked"))


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Telling], str]] = {"concerned_changed": _changed}
