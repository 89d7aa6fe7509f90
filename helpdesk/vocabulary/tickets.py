"""What a ticket is and how it stands and ends."""

from enum import StrEnum


class Status(StrEnum):
    """Where a ticket stands; also its ``status_category``."""

    NEW = "new"
    OPEN = "open"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_SUPPLIER = "waiting_supplier"
    WAITING_INTERNAL = "waiting_internal"
    SCHEDULED = "scheduled"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


FINISHED = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED, Status.MERGED})
WAITING = frozenset({Status.WAITING_REQUESTER, Status.WAITING_SUPPLIER, Status.WAITING_INTERNAL, Status.SCHEDULED})
TERMINAL = frozenset({Status.CLOSED, Status.CANCELLED, Status.MERGED})


class TicketType(StrEnum):
    """What kind of record it is (FitSM PR9, PR7.5)."""

    INCIDENT = "incident"
    REQUEST = "request"
    COMPLAINT = "complaint"
    INFORMATION = "information"
    SECURITY_INCIDENT = "security_incident"
    ACCESSIBILITY = "accessibility"
    DATA_PROTECTION = "data_protection"


class Level(StrEnum):
    """Impact or urgency."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """Derived from impact and urgency by the matrix; overriding it needs a reason."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class ResolutionCode(StrEnum):
    """How it ended; asked for at resolution (FitSM PR9.5)."""

    SOLVED = "solved"
    FULFILLED = "fulfilled"
    ANSWERED = "answered"
    WORKAROUND = "workaround"
    NOT_REPRODUCIBLE = "not_reproducible"
    NOT_COMPETENT = "not_competent"
    REJECTED = "rejected"
    NO_REPLY = "no_reply"


class WaitingReason(StrEnum):
    """Why a ticket waits; each belongs to one waiting status."""

    NEEDS_INFORMATION = "needs_information"
    NEEDS_DOCUMENT = "needs_document"
    NEEDS_CONFIRMATION = "needs_confirmation"
    SUPPLIER_WORKS = "supplier_works"
    OTHER_DEPARTMENT = "other_department"
    APPROVAL = "approval"
    APPOINTMENT = "appointment"
    AGREED_DATE = "agreed_date"


WAITING_STATUS = {
    WaitingReason.NEEDS_INFORMATION: Status.WAITING_REQUESTER,
    WaitingReason.NEEDS_DOCUMENT: Status.WAITING_REQUESTER,
    WaitingReason.NEEDS_CONFIRMATION: Status.WAITING_REQUESTER,
    WaitingReason.SUPPLIER_WORKS: Status.WAITING_SUPPLIER,
    WaitingReason.OTHER_DEPARTMENT: Status.WAITING_INTERNAL,
    WaitingReason.APPROVAL: Status.WAITING_INTERNAL,
    WaitingReason.APPOINTMENT: Status.SCHEDULED,
    WaitingReason.AGREED_DATE: Status.SCHEDULED,
}


class NoReplyReason(StrEnum):
    """Why what the citizen wrote last wants no answer."""

    THANKS = "thanks"
    ACKNOWLEDGEMENT = "acknowledgement"
    DUPLICATE = "duplicate"
    OTHER = "other"
