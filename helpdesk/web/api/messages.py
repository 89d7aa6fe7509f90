"""What was said and what happened on a ticket, by machine."""

from flask import Response

from helpdesk.errors import Invalid
from helpdesk.permissions import Actor
from helpdesk.services import records, replies, undelivered
from helpdesk.web import attachments
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.tickets import files


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
    enclosed = files(given.attachments)
    if given.audience == "public":
        automatic = "api" if given.automatic else None
        written = replies.reply(
            actor, number, given.text or "", attachments=enclosed, automatic=automatic, by=given.by or "",
            approved=given.approved, values=given.values,
        )  # fmt: skip
    elif given.automatic:
        raise Invalid("A note goes to nobody.", fields={"automatic": "only for what is public"})
    else:
        written = replies.note(actor, number, given.text or "", attachments=enclosed)
    return shapes.Message(**records.message(written.id))


@operation("POST", "/tickets/{number}/messages/{id}/reached", scope="write", answer=shapes.Message)
def reached(actor: Actor, number: int, id: int) -> shapes.Message:
    """Says that the citizen was reached another way where a letter did not arrive."""
    undelivered.reached(actor, number, id)
    return shapes.Message(**records.message(id))


@operation("GET", "/tickets/{number}/events", scope="read", answer=shapes.Page[shapes.Event], queries=PAGING)
def list_events(actor: Actor, number: int, limit: int, cursor: str | None) -> shapes.Page[shapes.Event]:
    """The journal of a ticket, oldest first."""
    found, more = records.events(actor, number, cursor, limit)
    return shapes.Page(items=[shapes.Event(**item) for item in found], next=more)


@operation("GET", "/attachments/{id}", scope="read", answer=None)
def read_attachment(actor: Actor, id: int) -> Response:
    """The bytes of a file of a ticket that the token's person may read."""
    return attachments.serve(records.attachment(actor, id))
