"""How far a ticket has come, finer than its status."""

from enum import StrEnum


class Stage(StrEnum):
    """The step of the process at which a ticket is (FitSM PR9); computed from what its row says, stored nowhere."""

    NEW = "new"
    CLASSIFIED = "classified"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    REOPENED = "reopened"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_SUPPLIER = "waiting_supplier"
    WAITING_INTERNAL = "waiting_internal"
    SCHEDULED = "scheduled"
    RESOLVED = "resolved"
    FORWARDED = "forwarded"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"
