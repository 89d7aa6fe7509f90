"""How a citizen is reached who has left the chat: by letter, or by short message where the body sends them."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from channels.carrier import text_refusal
from helpdesk.db import db, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.services import accounts, people
from helpdesk.services.chats import holding
from helpdesk.services.chats.holding import Key
from helpdesk.services.people import Contact
from helpdesk.services.texting import limits, routes
from helpdesk.vocabulary import ChatTold


def by_text() -> bool:
    """Whether a telephone number is of use: the body sends short messages."""
    return routes.texts_with(accounts.book())


@unit()
def reach_by(key: Key, email: str, name: str, at: datetime, *, phone: str = "") -> None:
    """Where the answer goes when the citizen is not there: kept with the request, or until there is one.

    An address, or, where the body sends short messages, a number (E.164): answers then go there, and what is answered
    stands on the same request. Raises Invalid for what is neither, Stale where one is known already.
    """
    address = email.strip().lower()
    if address or not phone:
        if not people.EMAIL.fullmatch(address):
            raise Invalid("That is no e-mail address.", fields={"email": "like name@example.com"})
    elif not by_text() or text_refusal(phone, limits.countries()):
        raise Invalid("We cannot send messages to this number.", fields={"phone": "a mobile number"})
    contact = Contact(address, name.strip()[: people.LONGEST_NAME], "" if address else phone)
    holding.hold_with_ticket(key.id)
    chat = holding.hold_for(key)
    if chat.ticket_id is None:
        chat.email, chat.name, chat.phone = contact.email, contact.name, contact.phone
    elif not _names(chat.ticket_id, replace(contact, language=chat.language), at):
        raise Stale("We know already how to reach you about this request.", code="address-known")
    holding.say_so(chat, ChatTold.LETTER if address else ChatTold.TEXTS, at)


_ASKED_BY = text(
    """
    with before as (
      select ticket.id, ticket.requester_id from ticket left join person on person.id = ticket.requester_id
      where ticket.id = :id and person.email is null and person.phone is null
    ), said as (
      update message set author_id = :person from before
      where message.ticket_id = before.id and direction = 'inbound'
        and message.author_id is not distinct from before.requester_id
    )
    update ticket set requester_id = :person, version = version + 1, updated_at = :at from before
    where ticket.id = before.id returning ticket.id
    """
)


def _names(ticket_id: int, contact: Contact, at: datetime) -> bool:
    """A request of whom nobody knew an address is theirs from now on; False where one was known."""
    person = people.known([contact], at)[contact]
    values = {"person": person, "id": ticket_id, "at": at}
    return db.session.execute(_ASKED_BY, values).one_or_none() is not None
