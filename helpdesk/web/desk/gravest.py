"""What the ticket's page says of major incidents: that it is one, is part of one, may be one, or that one is near."""

from collections.abc import Mapping
from typing import Any

from helpdesk.permissions import Actor, may
from helpdesk.services import majors
from helpdesk.services.conversation import Conversation
from helpdesk.vocabulary import FINISHED, TicketType
from helpdesk.web.desk.words import Words


def panel(actor: Actor, found: Conversation, known: Words) -> Mapping[str, Any] | None:
    """By one statement, of incidents and major incidents only."""
    ticket = found.ticket
    if not ticket.major and ticket.type != TicketType.INCIDENT:
        return None
    row = majors.around(ticket.id, ticket.service_id, ticket.status not in FINISHED)
    if row is None:
        return None
    return {"row": row, "kind": _kind(row, ticket), "works": may(actor, "declare-major", ticket)}


def _kind(row: Any, ticket: Any) -> str:
    if row.proposal_id is not None:
        return "proposed"
    if row.ticket_id == ticket.id:
        return "itself"
    return "part" if row.child_state is not None else "near"
