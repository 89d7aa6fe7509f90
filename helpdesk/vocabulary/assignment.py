"""Who is there to work, and how work reaches people."""

from enum import StrEnum


class PresenceState(StrEnum):
    """Whether somebody takes new work: chosen by hand; nobody is offline by choice but by leaving."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


class AssignmentMode(StrEnum):
    """How a department's work reaches its people: they take it, it is offered to them, or it is given to them."""

    PULL = "pull"
    OFFER = "offer"
    PUSH = "push"


class WorkKind(StrEnum):
    """What can be offered to somebody; each takes part of one and the same capacity."""

    TICKET = "ticket"
    CHAT = "chat"
    CALL = "call"


class OfferState(StrEnum):
    """An offer's life: open until its lease ends; an accepted chat or call takes capacity until it has ended."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class SurgeState(StrEnum):
    """What became of the proposal that many requests have one cause."""

    PROPOSED = "proposed"
    DECLARED = "declared"
    GATHERED = "gathered"
    DISMISSED = "dismissed"
