"""What people are told of: changes they can see, who is told, and what became of it."""

from enum import StrEnum


class PublicChange(StrEnum):
    """A change of a request that concerns people outside."""

    OPENED = "opened"
    TAKEN_UP = "taken_up"
    TRANSFERRED = "transferred"
    NEEDS_CITIZEN = "needs_citizen"
    WAITS_SUPPLIER = "waits_supplier"
    WAITS_INTERNAL = "waits_internal"
    SCHEDULED = "scheduled"
    RESUMED = "resumed"
    ESCALATED = "escalated"
    DELAYED = "delayed"
    EXTENDED = "extended"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    FORWARDED = "forwarded"
    MERGED = "merged"
    UNMERGED = "unmerged"
    CALL_PROMISED = "call_promised"
    CALL_OFF = "call_off"
    IN_DANGER = "in_danger"
    MISSED = "missed"
    MAJOR = "major"


class Reader(StrEnum):
    """Who may be told."""

    REQUESTER = "requester"
    ON_BEHALF = "on_behalf"
    PARTICIPANT = "participant"
    CUSTOMER = "customer"
    OWNER = "owner"


class Telling(StrEnum):
    """What became of telling somebody: a letter, words that said it already, or why none was written."""

    LETTER = "letter"
    COVERED = "covered"
    REPLACED = "replaced"
    OWN_ACT = "own_act"
    SILENCED = "silenced"
    NO_ADDRESS = "no_address"
    UNWELCOME = "unwelcome"
    MACHINE = "machine"
    NO_CHANNEL = "no_channel"
