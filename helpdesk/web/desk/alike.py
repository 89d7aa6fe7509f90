"""Tickets that say much the same: beside a ticket, and while a new one is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import duplicates
from helpdesk.services.conversation import Conversation
from helpdesk.services.duplicates import Alike
from helpdesk.vocabulary import TERMINAL
from helpdesk.web.contact import phone
from helpdesk.web.desk.words import Words


@dataclass(frozen=True)
class Line:
    """One of them, ready to print."""

    number: int
    subject: str
    status: str
    share: str
    same_person: bool


def panel(actor: Actor, found: Conversation, known: Words) -> Mapping[str, Any] | None:
    """Beside a ticket that is not finished: what is like it and does not belong to it yet."""
    row = found.ticket
    if row.status in TERMINAL:
        return None
    linked = [other.id for other in found.links]
    lines = _lines(duplicates.of_ticket(actor, row.id, row.requester_id, linked), known)
    return {"lines": lines} if lines else None


def while_writing(actor: Actor, typed: Mapping[str, str], known: Words) -> Sequence[Line]:
    """What is like what stands in the form of a new ticket."""
    subject, said = (typed.get(name, "").replace("\x00", "") for name in ("subject", "text"))
    return _lines(
        duplicates.of_text(actor, subject, said, typed.get("email", ""), phone(typed.get("phone", ""))), known
    )


def _lines(found: Sequence[Alike], known: Words) -> list[Line]:
    return [
        Line(one.number, one.subject, known["status"][one.status], f"{one.share:.0%}", one.same_person) for one in found
    ]
