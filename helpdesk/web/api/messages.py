"""What was said and what happened on a ticket, by machine."""

from helpdesk.permissions import Actor
from helpdesk.services import journal, records, replies
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.tickets import PAGING, files


@operation("GET", "/tickets/{number}/messages", scope="read", answer=shapes.Page[shapes.Message], queries=PAGING)
def list_messages(actor: Actor, number: int, limit: int, cursor: str | None) -> shapes.Page[shapes.Message]:
    """Messages and notes, oldest first."""
    found, more = records.messages(actor, number, cursor, limit)
    return shapes.Page(items=[shapes.Message(**item) for item in found], next=more)


@operation(
    "POST", "/tickets/{number}/messages", scope="write", answer=shapes.Message, body=shapes.NewMessage, status=201
)
def add_message(actor: Actor, number: int, given: shapes.NewMessage) -> shapes.Message:
    """Replies to the citizen or adds an internal note."""
    attachments = files(given.attachments)
    if given.audience == "internal":
        written = replies.note(actor, number, given.text, attachments=attachments)
    else:
        automatic = "api" if given.automatic else None
        written = replies.reply(actor, number, given.text, attachments=attachments, automatic=automatic)
    return shapes.Message(**records.message(actor, number, written.id))


@operation("GET", "/tickets/{number}/events", scope="read", answer=shapes.Page[shapes.Event])
def list_events(actor: Actor, number: int) -> shapes.Page[shapes.Event]:
    """The whole journal of a ticket, oldest first."""
    records.require(actor, number)
    found = [
        shapes.Event(
            id=fact.id or 0,
            type=fact.type,
            at=fact.at,
            actor=shapes.Actor(kind=fact.actor_kind, id=fact.actor_id),
            data=fact.event.data(),
        )
        for fact in journal.of(number)
    ]
    return shapes.Page(items=found, next=None)
