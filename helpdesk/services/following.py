"""What citizens see of their own request: let in by number and code, told in plain facts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text

from helpdesk.db import db, table, unit
from helpdesk.errors import NotFound
from helpdesk.models.access import FormReceipt
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import family, publicly, replies
from helpdesk.services.access.secrets import digest
from helpdesk.services.notices import NewFile

_TICKETS, _RECEIPTS = table(Ticket), table(FormReceipt)


def followed_by(number: int, version: int) -> int | None:
    """The requester's id while that version of the code is good, else None."""
    query = select(_TICKETS.c.requester_id).where(_TICKETS.c.id == number, _TICKETS.c.tracking_version == version)
    return db.session.execute(query).scalar()


def request(number: int) -> Row[Any]:
    """The facts a citizen may know of the request."""
    return publicly.facts([number])[number]


def ahead(row: Row[Any]) -> Row[Any] | None:
    """The request in which a merged one goes on; None for one that stands by itself.

    Of one that somebody else sent, its citizen may know how it stands, not who asked, nor what was said.
    """
    return request(row.survivor_id) if row.survivor_id is not None else None


_MESSAGES = text(
    f"""
    select id, direction, at, text, reply_text, automatic, author_id, copy_of_id,
           (select name from person where person.id = message.author_id) as author
    from message
    where ticket_id = any({family.OWN}) and audience = 'public' and automatic is null
      and coalesce(delivery_state, '') <> 'withdrawn'
      and not exists (select 1 from outbound where outbound.message_id = message.id and outbound.state = 'waiting'
                      and outbound.attempts = 0 and outbound.due_at > :at)
    order by at desc, id desc limit 500
    """  # noqa: S608 - our own words
)

_FILES = text(
    f"""
    select attachment.id, attachment.message_id, attachment.name, attachment.size, attachment.content_type,
           attachment.sha256
    from attachment join message on message.id = attachment.message_id
    where message.ticket_id = any({family.OWN}) and message.audience = 'public' and not attachment.inline
      and message.automatic is null and coalesce(message.delivery_state, '') <> 'withdrawn'
      and not exists (select 1 from outbound where outbound.message_id = message.id and outbound.state = 'waiting'
                      and outbound.attempts = 0 and outbound.due_at > :at)
      and (cast(:id as bigint) is null or attachment.id = :id)
    order by attachment.id
    """  # noqa: S608 - our own words
)


def messages(number: int, at: datetime) -> Sequence[Row[Any]]:
    """What was said in public, the newest first; machines' receipts and what may still be undone are left out.

    What the same person said in requests merged into this one belongs to it; what others said does not.
    """
    return db.session.execute(_MESSAGES, {"number": number, "at": at}).all()


def files(number: int, at: datetime) -> Sequence[Row[Any]]:
    """The files of those messages."""
    return db.session.execute(_FILES, {"number": number, "id": None, "at": at}).all()


def file(number: int, attachment_id: int, at: datetime) -> Row[Any]:
    """One of these files; raises NotFound for any other, whosever it is."""
    asked = {"number": number, "id": attachment_id, "at": at}
    found = db.session.execute(_FILES, asked).one_or_none()
    if found is None:
        raise NotFound("This file is no longer here.")
    return found


_FIRST_TIME = text(
    """
    insert into form_receipt (key, ticket_id, created_at) values (:key, :number, :at)
    on conflict do nothing returning key
    """
)
_ENDED_ON = text("update form_receipt set ticket_id = :number where key = :key")


@unit()
def write(actor: Actor, number: int, words: str, files: Sequence[NewFile], key: str, at: datetime) -> int:
    """The requester says more; the same form sent twice is one message. The request it ended on.

    That is another one where the first has been over for too long.
    """
    receipt = {"key": digest(f"{number}:{key}"), "number": number, "at": at}
    if db.session.execute(_FIRST_TIME, receipt).one_or_none() is None:
        known = select(_RECEIPTS.c.ticket_id).where(_RECEIPTS.c.key == receipt["key"])
        return int(db.session.execute(known).scalar_one())
    ticket_id = replies.citizen_writes(actor, number, words, attachments=files, at=at).ticket_id
    if ticket_id != number:
        db.session.execute(_ENDED_ON, {"key": receipt["key"], "number": ticket_id})
    return ticket_id
