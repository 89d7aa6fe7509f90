"""How a ticket ends, and how it goes on: resolve, confirm, reject, close, reopen, cancel."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk import events
from helpdesk.db import unit
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import notices
from helpdesk.services.hands import Hand, moved
from helpdesk.services.notices import NewFile
from helpdesk.services.tickets import suppliers
from helpdesk.services.tickets.work import give
from helpdesk.vocabulary import ActorKind, ResolutionCode, Status


@unit()
def resolve(
    actor: Actor,
    number: int,
    code: str,
    text: str,
    *,
    attachments: Sequence[NewFile] = (),
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """It is done: with a code for the figures and a text that goes to the citizen, who may confirm or reject."""
    with moved(actor, number, "resolve", version, at, code=code, text=text) as hand:
        if code not in set(ResolutionCode):
            raise Invalid("There is no such code.", fields={"code": f"one of {', '.join(ResolutionCode)}"})
        ticket = hand.ticket
        if actor.id is not None and ticket.assignee_id is None and actor.is_staff:
            give(hand, actor.id, taken=True)
        suppliers.settle(hand)
        message = notices.resolution(hand, text, attachments)
        ticket.status, ticket.waiting_reason, ticket.waiting_until = Status.RESOLVED, None, None
        ticket.resolved_at, ticket.resolution_code, ticket.resolution_text = hand.at, code, text
        hand.record(events.TicketResolved(code, message.id))
        return ticket


@unit()
def confirm(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The citizen says it is solved; that closes it."""
    with moved(actor, number, "confirm", version, at) as hand:
        hand.ticket.confirmed_at = hand.at
        hand.record(events.ResolutionConfirmed())
        _close(hand, "confirmed")
        return hand.ticket


@unit()
def reject(
    actor: Actor, number: int, text: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The citizen says it is not solved; work goes on."""
    with moved(actor, number, "reject", version, at) as hand:
        message = notices.from_citizen(hand, text) if text.strip() else None
        hand.record(events.ResolutionRejected(message.id if message else None))
        _reopen(hand, "rejected")
        return hand.ticket


@unit()
def close(
    actor: Actor, number: int, *, reason: str = "by_staff", version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Nothing more will happen; closed is terminal."""
    with moved(actor, number, "close", version, at) as hand:
        _close(hand, reason)
        return hand.ticket


def _close(hand: Hand, reason: str) -> None:
    hand.ticket.status, hand.ticket.closed_at = Status.CLOSED, hand.at
    hand.record(events.TicketClosed(reason))


@unit()
def reopen(actor: Actor, number: int, reason: str, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """Work goes on after it was resolved; the reason is kept: by staff as a note, by the citizen as their words."""
    with moved(actor, number, "reopen", version, at, reason=reason) as hand:
        keep = notices.note if actor.kind is not ActorKind.CITIZEN else notices.from_citizen
        keep(hand, reason)
        _reopen(hand, "by_staff" if actor.is_staff else "requester_asked")
        return hand.ticket


def _reopen(hand: Hand, reason: str) -> None:
    ticket = hand.ticket
    ticket.status, ticket.resolved_at, ticket.confirmed_at = Status.OPEN, None, None
    ticket.resolution_code, ticket.resolution_text, ticket.forwarded_to = None, None, None
    ticket.reopened += 1
    hand.record(events.TicketReopened(reason))


@unit()
def cancel(actor: Actor, number: int, reason: str, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """It ends without a resolution: withdrawn, a mistake, spam."""
    with moved(actor, number, "cancel", version, at, reason=reason) as hand:
        notices.note(hand, reason)
        hand.ticket.supplier_id = None  # it has not answered: what it owed lapses with the ticket
        hand.ticket.status, hand.ticket.closed_at = Status.CANCELLED, hand.at
        hand.ticket.waiting_reason, hand.ticket.waiting_until = None, None
        hand.record(events.TicketCancelled("by_staff"))
        return hand.ticket
