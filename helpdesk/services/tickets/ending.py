"""How a ticket ends, and how it goes on: resolve, confirm, reject, close, reopen, cancel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from helpdesk import events
from helpdesk.db import unit
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import checklist, closure, notices
from helpdesk.services.closure import Facts
from helpdesk.services.hands import Hand, moved
from helpdesk.services.notices import NewFile
from helpdesk.services.tickets import suppliers
from helpdesk.services.tickets.work import give
from helpdesk.vocabulary import ActorKind, ResolutionCode, Status, ToldBy


@unit()
def resolve(
    actor: Actor,
    number: int,
    code: str,
    text: str,
    *,
    root_cause: str | None = None,
    workaround: bool | None = None,
    verified_by: int | None = None,
    category_id: int | None = None,
    attachments: Sequence[NewFile] = (),
    letter: bool = True,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """It is done: with a code for the figures and a text that goes to the citizen, who may confirm or reject.

    Without ``letter`` the text stands on their page only: another letter of the same moment says it to them. The rest
    is asked for by the checklist before it is closed, and may be given now (see `closure.Facts`).
    """
    with moved(actor, number, "resolve", version, at, code=code, text=text) as hand:
        if code not in set(ResolutionCode):
            raise Invalid("There is no such code.", fields={"code": f"one of {', '.join(ResolutionCode)}"})
        if code == ResolutionCode.WORKAROUND and workaround is None:
            workaround = True
        facts = Facts(root_cause, workaround, verified_by, category_id)
        closure.check(hand, facts)
        ticket = hand.ticket
        if actor.id is not None and ticket.assignee_id is None and actor.is_staff:
            give(hand, actor.id, taken=True)
        suppliers.settle(hand)
        closure.apply(hand, facts)
        message = notices.resolution(hand, text, attachments, letter=letter)
        ticket.status, ticket.waiting_reason, ticket.waiting_until = Status.RESOLVED, None, None
        ticket.resolved_at, ticket.resolution_code, ticket.resolution_text = hand.at, code, text
        hand.record(events.TicketResolved(code, message.id, root_cause, workaround, verified_by))
        return ticket


@unit()
def record_closure(
    actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None, **facts: Any
) -> Ticket:
    """What the checklist asks for is known now (see `closure.Facts`); what is left out stays as it is."""
    with moved(actor, number, "record-closure", version, at) as hand:
        closure.record(hand, Facts(**facts))
        return hand.ticket


@unit()
def confirm(
    actor: Actor,
    number: int,
    *,
    told_by: str | None = None,
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The citizen says it is solved; that closes it. An agent says for them how they told it, and may note who did."""
    with moved(actor, number, "confirm", version, at) as hand:
        message_id = _noted(hand, told_by, note)
        hand.ticket.confirmed_at = hand.at
        hand.record(events.ResolutionConfirmed(told_by, message_id))
        _close(hand, "confirmed")
        return hand.ticket


def _noted(hand: Hand, told_by: str | None, note: str) -> int | None:
    """An agent's note of what a citizen told them; raises Invalid for a way that is none of ours."""
    if told_by is not None and told_by not in set(ToldBy):
        raise Invalid("There is no such way to tell us.", fields={"told_by": f"one of {', '.join(ToldBy)}"})
    return notices.note(hand, note).id if note.strip() and hand.actor.is_staff else None


@unit()
def reject(
    actor: Actor,
    number: int,
    text: str = "",
    *,
    told_by: str | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The citizen says it is not solved; work goes on. What an agent writes for them is an internal note."""
    with moved(actor, number, "reject", version, at) as hand:
        if actor.is_staff:
            message_id = _noted(hand, told_by, text)
        else:
            message_id = notices.from_citizen(hand, text).id if text.strip() else None
        hand.record(events.ResolutionRejected(message_id, told_by))
        _reopen(hand, "rejected")
        return hand.ticket


@unit()
def close(
    actor: Actor,
    number: int,
    *,
    reason: str = "by_staff",
    complete: bool = False,
    version: int | None = None,
    at: datetime | None = None,
    **facts: Any,
) -> Ticket:
    """Nothing more will happen; closed is terminal. What the checklist asks for may be given now (`closure.Facts`).

    ``complete``: refused while a point of it is open; else what was left open is on record.
    """
    with moved(actor, number, "close", version, at) as hand:
        closure.record(hand, Facts(**facts))
        if complete:
            checklist.require(hand.ticket)
        _close(hand, reason)
        return hand.ticket


def _close(hand: Hand, reason: str) -> None:
    hand.ticket.status, hand.ticket.closed_at = Status.CLOSED, hand.at
    open_points = [point.value for point in checklist.missing(hand.ticket)]
    hand.record(events.TicketClosed(reason, open_points or None))


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
    for name in closure.EMPTY:
        setattr(ticket, name, None)
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
