"""Letters that nobody wrote by hand: they also stand on their ticket, as automatic messages that stop no clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.events import ReplySent
from helpdesk.permissions import SYSTEM
from helpdesk.services import correspondence, journal, outbox, tracking
from helpdesk.services.correspondence import Notice
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import Audience, Delivery, Direction

MAY_NOT_ANSWER = "no-automatic-answer"
"""The warning on a message whose sender wants no automatic answer."""

RECEIPT = "acknowledgement"
"""The code of what only says that something has arrived."""

_WELCOME = text(
    """
    select ticket.id from ticket
    where ticket.id = any(:ids) and ticket.automatic is null
      and not exists (select from message where message.ticket_id = ticket.id and :quiet = any(message.warnings))
    order by ticket.id
    """
)


def welcome(ticket_ids: Sequence[int]) -> list[int]:
    """Those of the tickets whose requester may be written to by a machine: none of machines, none who want no such."""
    return list(db.session.execute(_WELCOME, {"ids": list(ticket_ids), "quiet": MAY_NOT_ANSWER}).scalars())


def send(notices: Sequence[Notice], code: str, at: datetime) -> list[Parcel]:
    """Writes to the requesters and shows it on their tickets; who has no address is left out of the answer."""
    return put(correspondence.compose(notices, at), code, at)


def put(parcels: Sequence[Parcel], code: str, at: datetime) -> list[Parcel]:
    """Puts finished letters into the outbox, each with its message, which ``code`` marks as automatic."""
    if not parcels:
        return []
    sent = outbox.put_with([_message(parcel, code, at) for parcel in parcels], parcels, at)
    for parcel in sent:
        assert parcel.ticket_id is not None
        assert parcel.message_id is not None
        journal.record(parcel.ticket_id, ReplySent(parcel.message_id, parcel.kind, code), SYSTEM, at)
    return sent


def _message(parcel: Parcel, code: str, at: datetime) -> Mapping[str, Any]:
    """As it stands on the ticket: without link and code, which are the citizen's."""
    return {
        "ticket_id": parcel.ticket_id,
        "direction": Direction.OUTBOUND,
        "audience": Audience.PUBLIC,
        "channel": parcel.kind,
        "at": at,
        "subject": parcel.subject,
        "text": tracking.without_codes(parcel.text, parcel.ticket_id or 0, parcel.language),
        "automatic": code,
        "external_id": parcel.external_id,
        "delivery_state": Delivery.HELD if parcel.held else Delivery.WAITING,
        "delivery_at": at,
    }
