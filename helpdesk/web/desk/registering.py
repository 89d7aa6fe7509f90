"""What is put on record about a ticket, by the forms of the desk: whom it is about, its parts, who wants care."""

from collections.abc import Callable, Mapping
from textwrap import shorten
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import care, scope, splitting, tickets
from helpdesk.services.conversation import Conversation, Said
from helpdesk.vocabulary import TERMINAL, Audience, Direction, rules
from helpdesk.web.desk import choices, given
from helpdesk.web.desk.deeds import Act, Before
from helpdesk.web.desk.given import Given
from helpdesk.web.desk.telling import Telling
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def complaint(actor: Actor, found: Conversation, known: Words) -> Mapping[str, Any] | None:
    """The panel of a complaint: whom it is about, and everybody it could be about."""
    named = found.ticket.complained_of or []
    if not named and not rules(found.ticket.type).names_staff:
        return None
    people = choices.of(known.language).people
    return {"named": [name for id_, name in people if id_ in named], "people": people, "chosen": named}


def _complain_of(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return tickets.complain_of(actor, number, given.numbers("people"), version=given.version(form))


def parts(actor: Actor, found: Conversation, known: Words) -> Mapping[str, Any] | None:
    """The panel that splits a contact: what the citizen wrote on the ticket itself."""
    if not may(actor, "split", found.ticket) or found.ticket.status in TERMINAL:
        return None
    said = [one.message for one in found.timeline if isinstance(one, Said) and one.elsewhere is None]
    theirs = [one for one in said if one.direction == Direction.INBOUND and one.audience == Audience.PUBLIC]
    return {"said": [(one.id, one.at, _beginning(one.reply_text or one.text)) for one in theirs]}


def _beginning(words: str) -> str:
    return shorten(words, 90, placeholder=" …")


def _split(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    words, subject = form.get("words", ""), form.get("subject", "")
    service_id, version = given.number(form, "service_id"), given.version(form)
    return splitting.split(
        actor, number, given.numbers("messages"), words, subject, service_id=service_id, version=version
    )


def _care(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    ticket = scope.find(actor, number)
    if ticket.requester_id is None:
        raise Invalid("Nobody is known who asked.", fields={"care": "of a known person only"})
    care.mark(actor, ticket.requester_id, form.get("care") or None, form.get("reason", ""))
    return ticket


ACTS: Mapping[str, Act] = {
    "split": Act(_split, _("A ticket of its own was made of it; the citizen is told.")),
    "care": Act(_care, _("It is kept, and stands in the log.")),
    "complain-of": Act(_complain_of, _("Kept. Whom it is about sees nothing of it.")),
}
"""By the name that stands in the address."""


def _named(data: Data, telling: Telling) -> str:
    people = dict(telling.choices.people)
    parts = [
        say(told, people=", ".join(people.get(id_, "?") for id_ in data[name]))
        for name, told in (
            ("added", _("said that it is about %(people)s")),
            ("removed", _("said that it is not about %(people)s")),
        )
        if data.get(name)
    ]
    return ", ".join(parts)


def _entered(data: Data, telling: Telling) -> str:
    return say(_("entered it in the protocol as %(number)s"), number=data["number"])


def _split_off(data: Data, telling: Telling) -> str:
    return say(_("made %(number)s of a part of it"), number=data["other_id"])


def _split_from(data: Data, telling: Telling) -> str:
    return say(_("made it of a part of %(number)s"), number=data["other_id"])


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "complaint_named": _named,
    "protocol_entered": _entered,
    "ticket_split": _split_off,
    "split_from": _split_from,
}
