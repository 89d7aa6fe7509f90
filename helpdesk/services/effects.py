"""What a message by the requester does to a ticket, for many at once; the one place that decides it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update

from helpdesk.db import db, table
from helpdesk.events import MessageReceived, StatusChanged, TicketReopened
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal, patience
from helpdesk.services.standings import Standing
from helpdesk.vocabulary import TERMINAL, Status

REASON = "requester_wrote"
_ROWS = table(Ticket)


class Effect(StrEnum):
    """What follows for the ticket."""

    JOINS = "joins"
    RESUMES = "resumes"
    REOPENS = "reopens"
    FOLLOWS_UP = "follows_up"


@dataclass(frozen=True)
class Said:
    """A message that was just written by somebody who takes part, with the standing of where its ticket goes on."""

    standing: Standing
    message_id: int
    channel: str
    actor: Actor
    at: datetime
    automatic: str | None = None
    unverified: bool = False


def effect(standing: Standing, at: datetime, *, automatic: bool = False) -> Effect:
    """What a message does to a ticket that stands so; machines change nothing and never open a follow-up."""
    if automatic:
        return Effect.JOINS
    if standing.status in TERMINAL:
        return Effect.FOLLOWS_UP
    if standing.status == Status.RESOLVED:
        since = standing.resolved_at or at
        return Effect.REOPENS if at - since <= patience.reopens_within(standing.type) else Effect.FOLLOWS_UP
    return Effect.RESUMES if standing.status == Status.WAITING_REQUESTER else Effect.JOINS


def apply(said: Sequence[Said], at: datetime) -> None:
    """Changes the tickets and states the facts; whoever calls holds the tickets' locks.

    Several messages on one ticket take effect once.
    """
    done: set[int] = set()
    by_effect: dict[Effect, list[int]] = {}
    for item in said:
        _record(item, MessageReceived(item.message_id, item.channel, item.automatic, item.unverified))
        ticket_id = item.standing.ticket_id
        if ticket_id not in done and (what := effect(item.standing, item.at, automatic=bool(item.automatic))):
            by_effect.setdefault(what, []).append(ticket_id)
            _state(item, what)
            done |= {ticket_id} if what in _CHANGES else set()
    for what, ticket_ids in by_effect.items():
        changed = update(_ROWS).where(_ROWS.c.id.in_(ticket_ids)).values(updated_at=at, **_CHANGES.get(what, {}))
        db.session.execute(changed)


_CHANGES: Mapping[Effect, Mapping[str, object]] = {
    Effect.RESUMES: {
        "status": Status.OPEN,
        "waiting_reason": None,
        "waiting_until": None,
        "version": _ROWS.c.version + 1,
    },
    Effect.REOPENS: {
        "status": Status.OPEN,
        "resolved_at": None,
        "confirmed_at": None,
        "resolution_code": None,
        "resolution_text": None,
        "forwarded_to": None,
        "root_cause": None,
        "workaround_used": None,
        "verified_by_id": None,
        "reopened": _ROWS.c.reopened + 1,
        "version": _ROWS.c.version + 1,
    },
}


def _state(item: Said, what: Effect) -> None:
    if what is Effect.RESUMES:
        _record(item, StatusChanged(Status.OPEN.value, item.standing.status, REASON, message_id=item.message_id))
    if what is Effect.REOPENS:
        _record(item, TicketReopened(REASON, item.message_id))


def _record(item: Said, event: MessageReceived | StatusChanged | TicketReopened) -> None:
    journal.record(item.standing.ticket_id, event, item.actor, item.at)
