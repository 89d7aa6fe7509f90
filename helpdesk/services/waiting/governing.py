"""What supervisors do about waiting: they end it, or let it go on beyond its longest, always with a reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import notices, pauses, tickets
from helpdesk.services.hands import Hand, moved
from helpdesk.services.waiting.review import require
from sla.waiting import Wait


@unit()
def end(actor: Actor, number: int, why: str, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """Work goes on; the reason stays as a note. Raises Forbidden, Stale, Invalid."""
    require(actor)
    if not why.strip():
        raise Invalid("Say why.", code="missing-field", fields={"reason": "is needed"})
    with moved(actor, number, "resume", version, at) as hand:
        notices.note(hand, why)
    return tickets.resume(actor, number, why="reviewed", at=hand.at)


@unit()
def extend(
    actor: Actor, number: int, until: datetime, why: str, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """It may wait beyond its longest: from now on as long again at most. Raises Forbidden, Stale, Invalid."""
    require(actor)
    with moved(actor, number, "wait", version, at, reason=why) as hand:
        reason = hand.ticket.waiting_reason or ""
        before = pauses.standing(hand.ticket, reason)
        if before is None:
            raise Stale("This ticket does not wait.", code="illegal-move")
        found = pauses.terms(reason, hand.ticket.department_id)
        ends = pauses.end(found, hand.at, pauses.require_ahead(until, hand.at), hand.at)
        _let_wait(hand, before, Wait(before.since, ends, before.reminded_at), found, why)
        return hand.ticket


def _let_wait(hand: Hand, before: Row[Any], wait: Wait, found: pauses.Terms, why: str) -> None:
    """Another end, as a fact that points to the reason; the limit of before tells how long it should have been."""
    ticket, message = hand.ticket, notices.note(hand, why)
    ticket.waiting_until = wait.until
    until = wait.until.isoformat() if wait.until else None
    hand.record(events.StatusChanged(ticket.status, ticket.status, before.reason, until, message.id))
    db.session.flush()
    pauses.keep(ticket.id, found, wait, before.set_by_id, before.limit_at, before, extended=True)
