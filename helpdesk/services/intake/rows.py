"""An arrival as rows of the tables; asks no database."""

from datetime import datetime, timedelta
from typing import Any

from helpdesk.clock import NEVER
from helpdesk.services import ownership, tracking
from helpdesk.services.arrival import Arrival, StoredFile
from helpdesk.services.automatic import MAY_NOT_ANSWER
from helpdesk.services.intake.threads import FOLLOW_UP, SPLIT, Place
from helpdesk.services.triage import Decided
from helpdesk.vocabulary import Audience, Direction, Status

LONGEST_SUBJECT = 250
FIRST_LOOK = timedelta(days=1)
"""After this the clock looks whether a new ticket has gone silent: no body calls less than a day silence."""
REPEATED_ID = "message-id-repeated"
"""The warning on a message whose Message-ID another one bore before it."""


def ticket(
    arrival: Arrival, decided: Decided | None, person_id: int | None, place: Place, ticket_id: int, at: datetime
) -> dict[str, Any]:
    """A new ticket; its clocks are started by what follows from its opening.

    Whom an older ticket was about is not told of the newer one either; what goes on hidden stays hidden.
    """
    assert decided is not None
    return {
        "id": ticket_id,
        "type": decided.type,
        "status": Status.NEW,
        "channel": arrival.channel,
        "subject": tracking.without_codes(clean(arrival.subject), ticket_id, arrival.language)[:LONGEST_SUBJECT],
        "language": arrival.language,
        "requester_id": person_id,
        "department_id": decided.department_id,
        "service_id": decided.service_id,
        "category_id": decided.category_id,
        "opening_category_id": decided.category_id,
        "customer_id": decided.customer_id,
        "owner_id": (owner := ownership.turn(decided.owners, ticket_id)),
        "owner_by_default": owner is not None,
        "silent_at": at + FIRST_LOOK,
        "impact": decided.impact,
        "urgency": decided.urgency,
        "priority": decided.priority,
        "priority_reason": decided.priority_reason,
        "matrix_id": decided.matrix_id,
        "routing": decided.routing(),
        "tags": list(decided.tags),
        "restricted": decided.restricted or (place.link in (FOLLOW_UP, SPLIT) and place.guarded),
        "complained_of": sorted({*arrival.wish.complained_of, *place.complained_of}) or None,
        "automatic": arrival.automatic,
        "form": dict(arrival.wish.fields),
        "received_at": arrival.received_at,
        "created_at": at,
        "updated_at": at,
        "next_due_at": NEVER,
    }


def message(arrival: Arrival, person_id: int | None, place: Place, ticket_id: int, message_id: int) -> dict[str, Any]:
    """What was said, as it came in; a quoted letter of ours loses the citizen's link and code."""

    def told(words: str) -> str:
        return tracking.without_codes(clean(words), ticket_id, arrival.language)

    text = told(arrival.text)
    reply_text = told(arrival.reply_text) if arrival.reply_text is not None else None
    return {
        "id": message_id,
        "ticket_id": ticket_id,
        "direction": Direction.INBOUND,
        "audience": Audience.PUBLIC,
        "channel": arrival.channel,
        "author_id": person_id,
        "at": arrival.received_at,
        "subject": told(arrival.subject),
        "text": text,
        "html": told(arrival.html) if arrival.html else None,
        "reply_text": None if reply_text == text else reply_text,
        "language": arrival.language,
        "automatic": arrival.automatic,
        "external_id": arrival.external_id or None,
        "inbound_id": arrival.inbound_id,
        "authentication": dict(arrival.authentication) if arrival.authentication else None,
        "warnings": _warnings(arrival, place),
    }


def _warnings(arrival: Arrival, place: Place) -> list[str]:
    own = {MAY_NOT_ANSWER: not arrival.may_answer, REPEATED_ID: place.repeats}
    return [*map(clean, arrival.warnings), *(warning for warning, holds in own.items() if holds)]


def attachment(file: StoredFile, message_id: int) -> dict[str, Any]:
    """A file of a message."""
    return {
        "message_id": message_id,
        "name": clean(file.name),
        "content_type": clean(file.content_type),
        "size": file.size,
        "sha256": file.sha256,
        "inline": file.inline,
        "content_id": clean(file.content_id) if file.content_id else None,
    }


def link(place: Place, ticket_id: int, at: datetime) -> dict[str, Any]:
    """The older ticket leads to the newer."""
    return {"kind": place.link, "from_id": place.linked_to, "to_id": ticket_id, "at": at}


def clean(text: str) -> str:
    """Without the one character that PostgreSQL's text cannot hold."""
    return text.replace("\x00", "�")
