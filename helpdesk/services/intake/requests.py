"""Requests that come in while somebody waits: taken down by staff or sent by a machine through the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, text

from helpdesk import clock, i18n, storage
from helpdesk.db import db, flush_pending, table, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.catalogue import Department, Service
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, complaints, tracking
from helpdesk.services.arrival import Arrival, StoredFile, Wish
from helpdesk.services.intake.batch import Taken, take_in
from helpdesk.services.notices import NewFile
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ChannelKind, TicketType

SPOKEN = frozenset({ChannelKind.PHONE, ChannelKind.COUNTER})
"""Channels on which whoever takes the request down has answered already: no first response is owed."""


@dataclass(frozen=True)
class NewTicket:
    """What is known of a request that somebody takes down; what is empty or None is decided by routing.

    ``requester_id`` wins over name, e-mail and phone; ``service`` and ``department`` are keys. ``complained_of``: the
    members of staff whom it is about, which makes it a complaint. ``on_behalf_of``: for whom it is asked, where that
    is somebody else.
    """

    subject: str
    text: str
    name: str = ""
    email: str | None = None
    phone: str | None = None
    requester_id: int | None = None
    on_behalf_of: Contact | None = None
    channel: str = ChannelKind.API
    language: str | None = None
    service: str | None = None
    department: str | None = None
    category_id: int | None = None
    type: str | None = None
    impact: str | None = None
    urgency: str | None = None
    tags: tuple[str, ...] = ()
    restricted: bool = False
    complained_of: Sequence[int] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    attachments: Sequence[NewFile] = ()
    received_at: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """What the citizen is told at once: number, department, promised moment, and the way back."""

    number: int
    message_id: int | None
    department_id: int | None
    promised_at: datetime | None
    tracking_code: str
    link: str
    tracking_version: int = 1
    protocol_number: str | None = None


@unit()
def open_ticket(actor: Actor, new: NewTicket, *, at: datetime | None = None) -> Opened:
    """Takes a request down and tells what its citizen is told."""
    taken = take_down(actor, new, at=at)
    assert taken.ticket_id is not None
    return replace(opened(taken.ticket_id), message_id=taken.message_id)


@unit()
def take_down(actor: Actor, new: NewTicket, *, at: datetime | None = None) -> Taken:
    """Opens a ticket that staff (or a machine acting for them) take down; routed and timed like any other."""
    at = at or clock.now()
    if not may(actor, "use-desk"):
        raise Forbidden("Only staff may open a request for somebody else.")
    _check(new)
    [taken] = take_in([_arrival(actor, new, at)], at)
    return taken


def keep_files(files: Sequence[NewFile]) -> tuple[StoredFile, ...]:
    """Puts the bytes into storage."""
    return tuple(StoredFile(file.name, file.content_type, len(file.data), storage.keep(file.data)) for file in files)


def _check(new: NewTicket) -> None:
    missing = {name: "This is needed." for name in ("subject", "text") if not getattr(new, name).strip()}
    if missing:
        raise Invalid("Something is missing.", fields=missing)


def _arrival(actor: Actor, new: NewTicket, at: datetime) -> Arrival:
    language = i18n.chosen(new.language, actor.language)
    email = (new.email or "").strip().lower()
    return Arrival(
        channel=str(new.channel),
        received_at=new.received_at or at,
        contact=Contact(email, new.name.strip(), new.phone or "", language),
        subject=new.subject,
        text=new.text,
        language=language,
        files=keep_files(new.attachments),
        requester_id=new.requester_id,
        on_behalf_of=new.on_behalf_of,
        wish=_wish(new),
        actor=actor,
        by_staff=new.channel in SPOKEN,
    )


def _wish(new: NewTicket) -> Wish:
    complained_of = complaints.checked(new.complained_of, new.type) if new.complained_of else ()
    return Wish(
        department_id=_id_of(table(Department), "department", new.department),
        service_id=_service(new.service),
        category_id=catalogue.chosen(new.category_id) if new.category_id else None,
        type=new.type or (TicketType.COMPLAINT if complained_of else None),
        impact=new.impact,
        urgency=new.urgency,
        fields=new.fields,
        tags=new.tags,
        restricted=new.restricted,
        complained_of=complained_of,
    )


def _service(key: str | None) -> int | None:
    """The service that takes requests under that key; raises Invalid where none does."""
    if not key:
        return None
    rows = table(Service).c
    found = db.session.execute(select(rows.id, rows.phase).where(rows.key == key)).one_or_none()
    if found is None:
        raise Invalid("There is no such service.", fields={"service": f"{key} is not known"})
    return int(found.id) if found.phase == "live" else catalogue.live(found.id)


def _id_of(rows: Table, name: str, key: str | None) -> int | None:
    if not key:
        return None
    found: int | None = db.session.execute(select(rows.c.id).where(rows.c.key == key)).scalar()
    if found is None:
        raise Invalid(f"There is no such {name}.", fields={name: f"{key} is not known"})
    return found


_OPENED = text(
    """
    select ticket.id, ticket.department_id, ticket.tracking_version, ticket.language, ticket.protocol_number,
           (select ticket_clock.due_at from ticket_clock
            where ticket_clock.ticket_id = ticket.id and ticket_clock.name = 'resolution'
            order by ticket_clock.cycle desc limit 1) as promised_at
    from ticket where ticket.id = :id
    """
)


def opened(ticket_id: int) -> Opened:
    """What the citizen is told of a ticket; its clocks are started before, if they were not yet."""
    flush_pending()
    row = db.session.execute(_OPENED, {"id": ticket_id}).one()
    code = tracking.code_of(row.id, row.tracking_version)
    link = tracking.link(row.id, row.tracking_version, row.language)
    told = (row.promised_at, code, link, row.tracking_version, row.protocol_number)
    return Opened(row.id, None, row.department_id, *told)
