"""Tickets that say much the same, by machine: as a ticket, or as a text that is not one yet."""

from collections.abc import Sequence

from helpdesk.permissions import Actor
from helpdesk.services import duplicates, scope
from helpdesk.services.duplicates import Alike
from helpdesk.vocabulary import Status
from helpdesk.web.api.operations import operation
from helpdesk.web.api.shapes import assignment as shapes
from helpdesk.web.contact import phone


def _told(found: Sequence[Alike]) -> shapes.SimilarTickets:
    return shapes.SimilarTickets(
        items=[
            shapes.Similar(
                number=str(one.number),
                subject=one.subject,
                status=Status(one.status),
                received_at=one.received_at,
                share=round(one.share, 4),
                same_person=one.same_person,
            )
            for one in found
        ]
    )


@operation("GET", "/tickets/{number}/similar", scope="read", answer=shapes.SimilarTickets)
def list_similar(actor: Actor, number: int) -> shapes.SimilarTickets:
    """Tickets that say much the same as this one: perhaps its duplicates."""
    ticket = scope.find(actor, number)
    return _told(duplicates.of_ticket(actor, ticket.id, ticket.requester_id))


@operation("POST", "/similar-tickets", scope="read", answer=shapes.SimilarTickets, body=shapes.Wording)
def find_similar(actor: Actor, given: shapes.Wording) -> shapes.SimilarTickets:
    """Tickets that say much the same as a text: asked before a ticket is opened."""
    number = phone(given.phone or "")
    return _told(duplicates.of_text(actor, given.subject, given.text, given.email or "", number))
