"""What is done about letters that did not arrive, by the forms of the desk."""

from collections.abc import Mapping

from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import undelivered
from helpdesk.web.desk import given
from helpdesk.web.desk.deeds import Act, Before
from helpdesk.web.desk.given import Given


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def _reached(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    message = given.number(form, "message")
    if message is None:
        raise Invalid("Say which letter.", fields={"message": "is needed"})
    return undelivered.reached(actor, number, message)


ACTS: Mapping[str, Act] = {"reached": Act(_reached, _("Noted: the citizen was reached another way."))}
