"""Requests that come in while somebody waits: taken down by staff or sent by a machine through the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text

from helpdesk import clock, i18n, storage
from helpdesk.db import db, flush_pending, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.permissions import Actor, may
from helpdesk.services import tracking
from helpdesk.services.arrival import Arrival, StoredFile, Wish
from helpdesk.services.intake.batch import take_in
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ChannelKind


@dataclass(frozen=True)
class NewFile:
    """An attachment handed in with its bytes."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class NewTicket:
    """What is known of a request that somebody takes down. ``requester_id`` wins over the contact.

    What is None is decided by routing. ``first_contact_human``: whether staff spoke with the citizen, so
    that no first response is owed; a machine that hands a request in says False.
    """

    subject: str
    text: str
    contact: Contact = Contact()
    requester_id: int | None = None
    channel: str = ChannelKind.API
    language: str = i18n.DEFAULT
    type: str | None = None
    department_id: int | None = None
    service_id: int | None = None
    category_id: int | None = None
    impact: str | None = None
    urgency: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[NewFile] = ()
    received_at: datetime | None = None
    first_contact_human: bool = False


@dataclass(frozen=True)
class Opened:
    """What the citizen is told at once: number, department, promised moment, and the way back."""

    number: int
    message_id: int | None
    department_id: int | None
    promised_at: datetime | None
    tracking_code: str
    link: str


@unit()
def open_ticket(actor: Actor, new: NewTicket, *, at: datetime | None = None) -> Opened:
    """Opens a ticket that staff (or a machine acting for them) take down; routed and timed like any other."""
    at = at or clock.now()
    if not may(actor, "use-desk"):
        raise Forbidden("Only staff may open a request for somebody else.")
    _check(new)
    [taken] = take_in([_arrival(actor, new, at)], at)
    assert taken.ticket_id is not None
    return replace(opened(taken.ticket_id), message_id=taken.message_id)


def keep_files(files: Sequence[NewFile]) -> tuple[StoredFile, ...]:
    """Puts the bytes into storage."""
    return tuple(StoredFile(file.name, file.content_type, len(file.data), storage.keep(file.data)) for file in files)


def _check(new: NewTicket) -> None:
    missing = {name: "This is needed." for name in ("subject", "text") if not getattr(new, name).strip()}
    if missing:
        raise Invalid("Something is missing.", fields=missing)


def _arrival(actor: Actor, new: NewTicket, at: datetime) -> Arrival:
    return Arrival(
        channel=new.channel,
        received_at=new.received_at or at,
        contact=new.contact,
        subject=new.subject,
        text=new.text,
        language=i18n.chosen(new.language),
        files=keep_files(new.files),
        requester_id=new.requester_id,
        wish=Wish(new.department_id, new.service_id, new.category_id, new.type, new.impact, new.urgency, new.fields),
        actor=actor,
        by_staff=new.first_contact_human,
    )


_OPENED = text(
    """
    select ticket.id, ticket.department_id, ticket.tracking_version, ticket.language,
           (select min(ticket_clock.due_at) from ticket_clock
            where ticket_clock.ticket_id = ticket.id and ticket_clock.name = 'resolution') as promised_at
    from ticket where ticket.id = :id
    """
)


def opened(ticket_id: int) -> Opened:
    """What the citizen is told of a ticket; its clocks are started before, if they were not yet."""
    flush_pending()
    row = db.session.execute(_OPENED, {"id": ticket_id}).one()
    code = tracking.code_of(row.id, row.tracking_version)
    link = tracking.link(row.id, row.tracking_version, row.language)
    return Opened(row.id, None, row.department_id, row.promised_at, code, link)
