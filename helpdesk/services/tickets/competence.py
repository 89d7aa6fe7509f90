"""Who is competent (law 2690/1999, article 4): deny it, and forward to the body that is."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk import events
from helpdesk.db import flush_pending, unit
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal, notices, people
from helpdesk.services.hands import Hand, moved
from helpdesk.services.journal import Recorded
from helpdesk.services.tickets import suppliers
from helpdesk.vocabulary import ResolutionCode, Status


@unit()
def deny(actor: Actor, number: int, reason: str, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The department says that it is not competent; somebody forwards or transfers it in the few days of the law."""
    with moved(actor, number, "deny-competence", version, at, reason=reason) as hand:
        since, _ = _reached(hand.ticket)
        message = notices.note(hand, reason)
        hand.record(events.CompetenceDenied(since, message.id))
        return hand.ticket


def state_denied(hand: Hand, message_id: int | None = None) -> None:
    """States that the department it is with is not competent, where that is not on record yet."""
    since, denied = _reached(hand.ticket)
    if not denied:
        hand.record(events.CompetenceDenied(since, message_id))


def is_denied(ticket: Ticket) -> bool:
    """Whether it is on record that the department it is with is not competent."""
    return _reached(ticket)[1]


def _reached(ticket: Ticket) -> tuple[str, bool]:
    """When it reached the department it is with, and whether that one has denied its competence since."""
    flush_pending()
    since, denied = ticket.received_at.isoformat(), False
    for fact in journal.of(ticket.id):
        if isinstance(fact.event, events.TicketTransferred):
            since, denied = _moment(fact), False
        elif isinstance(fact.event, events.CompetenceDenied):
            denied = True
    return since, denied


def _moment(fact: Recorded) -> str:
    return fact.at.isoformat()


@unit()
def forward(
    actor: Actor,
    number: int,
    to: str,
    text: str,
    email: str = "",
    phone: str = "",
    *,
    attachments: Sequence[notices.NewFile] = (),
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Another body is competent and gets it: ``to`` names it, ``text`` tells the citizen, as the law wants.

    That ends it here. How it got there is the staff's to see to; what is known of the other body stays on the ticket.
    """
    with moved(actor, number, "forward", version, at, to=to, text=text) as hand:
        place = _place(to, email, phone)
        state_denied(hand)
        suppliers.settle(hand)
        message = notices.notice(hand, text, "forwarded", attachments, place=place)
        ticket = hand.ticket
        ticket.status, ticket.waiting_reason, ticket.waiting_until = Status.RESOLVED, None, None
        ticket.resolved_at, ticket.resolution_text = hand.at, text
        ticket.resolution_code, ticket.forwarded_to = ResolutionCode.NOT_COMPETENT, place
        hand.record(events.TicketForwarded(message.id))
        hand.record(events.TicketResolved(ResolutionCode.NOT_COMPETENT.value, message.id))
        return ticket


def _place(to: str, email: str, phone: str) -> dict[str, str]:
    """The other body as the ticket keeps it."""
    place = {"name": " ".join(to.split()), "email": email.strip().lower(), "phone": phone.strip()}
    wrong = {} if len(place["name"]) <= LONGEST_NAME else {"to": f"at most {LONGEST_NAME} characters"}
    if place["email"] and not people.EMAIL.fullmatch(place["email"]):
        wrong["email"] = "an address like name@example.org"
    if place["phone"] and not people.PHONE.fullmatch(place["phone"]):
        wrong["phone"] = "a number like +30 210 1234567"
    if wrong:
        raise Invalid("The other body cannot be noted like this.", fields=wrong)
    return place


LONGEST_NAME = 200
