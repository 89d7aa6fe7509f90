"""Call-backs: how a promise stands, how one attempt to keep it stands, who asked for it, and how it ended."""

from enum import StrEnum


class PromiseState(StrEnum):
    """How a promised call stands."""

    SCHEDULED = "scheduled"
    RINGING = "ringing"
    RETRY_WAIT = "retry_wait"
    FULFILLED = "fulfilled"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"


OPEN_PROMISES = frozenset({PromiseState.SCHEDULED, PromiseState.RINGING, PromiseState.RETRY_WAIT})
"""Somebody still waits to be rung."""


class PromiseOrigin(StrEnum):
    """By which door a call was asked for."""

    PORTAL = "portal"
    AGENT = "agent"
    QUEUE = "queue"
    CHAT = "chat"
    API = "api"


class PromiseWay(StrEnum):
    """How somebody wants to be spoken with at the time that was promised: who cannot hear or speak writes instead."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"


class PromiseEnd(StrEnum):
    """Why nobody is rung any more; ``moved_by_us`` is a promise that we did not keep."""

    REACHED = "reached"
    UNREACHABLE = "unreachable"
    CITIZEN = "citizen"
    STAFF = "staff"
    MOVED_BY_CITIZEN = "moved_by_citizen"
    MOVED_BY_US = "moved_by_us"
    TICKET_ENDED = "ticket_ended"


class AttemptState(StrEnum):
    """How one attempt to ring stands; ``unknown``: the carrier's answer was lost, nobody rings until it is found."""

    DIALING_AGENT = "dialing_agent"
    AGENT_READY = "agent_ready"
    DIALING_CITIZEN = "dialing_citizen"
    CONNECTED = "connected"
    WRAP_UP = "wrap_up"
    UNKNOWN = "unknown"
    DONE = "done"
