"""Citizens and agents in conversation, for tests of the chat."""

from datetime import datetime, timedelta
from typing import Any

from helpdesk.db import db
from helpdesk.models.catalogue import Department
from helpdesk.models.chats import Chat
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import assignment, chats
from helpdesk.services.chats import Beginning, Key
from helpdesk.vocabulary import ChatAuthor
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def a_chat(place: Department | None = None, text: str = "Ο κάδος ξεχείλισε.", at: datetime = NOON, **given: Any) -> Key:
    """A conversation that a citizen opened with these words."""
    return chats.begin(Beginning(text, department_id=place.id if place else None, **given), at)


def row_of(key: Key) -> Chat:
    """The conversation as it stands in the database."""
    db.session.expire_all()
    return db.session.get_one(Chat, key.id)


def ticket_of(key: Key) -> Ticket:
    """Its request."""
    return db.session.get_one(Ticket, row_of(key).ticket_id)


def accepted(actor: Actor, at: datetime = NOON) -> int:
    """The agent takes what is on offer to them; which conversation that is."""
    (offer,) = assignment.open_for(actor.id or 0, at)
    return assignment.accept(actor, offer.id, at=at).work_id


def said(key: Key) -> list[tuple[str, str]]:
    """Who said what, in the order of the conversation; of what the house says its code."""
    return [
        (line.author.value, line.code if line.author is ChatAuthor.HOUSE else line.text)
        for line in chats.lines(key.id, 0)
    ]
