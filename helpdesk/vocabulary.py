"""The field's closed sets of words (FitSM-0, ITIL), as they stand in the database and the API."""

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


class ChannelKind(StrEnum):
    """By which door a contact came; a channel's folder has the same name."""

    EMAIL = "email"
    WEBFORM = "webform"
    PHONE = "phone"
    CHAT = "chat"
    COUNTER = "counter"
    API = "api"


class Direction(StrEnum):
    """Which way a message went."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Audience(StrEnum):
    """Who may read a message."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Delivery(StrEnum):
    """What became of an outgoing message (the outbox row and its mirror on the message)."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"


class InboundState(StrEnum):
    """What became of a raw message."""

    KEPT = "kept"
    PROCESSED = "processed"
    UNREADABLE = "unreadable"
    HELD = "held"
    DISCARDED = "discarded"


class InboundOutcome(StrEnum):
    """Where a processed raw message went; together with the states above they account for every arrival."""

    OPENED = "opened"
    JOINED = "joined"
    AUTOMATIC = "automatic"
    SETTLED = "settled"


class ClockName(StrEnum):
    """The clocks of a ticket (design: SLA semantics §2)."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"
    OLA = "ola"
    UA = "ua"
    STATUTORY = "statutory"
    FORWARDING = "forwarding"
    CALLBACK = "callback"


class Role(StrEnum):
    """What a member of staff is."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """Who did something."""

    STAFF = "staff"
    CITIZEN = "citizen"
    SYSTEM = "system"


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


class CallOutcome(StrEnum):
    """How it went when the citizen was rung."""

    REACHED = "reached"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


class RulebookKind(StrEnum):
    """Configuration that decides, kept as versions."""

    RULESET = "ruleset"
    CALENDAR = "calendar"
    POLICY = "policy"
    MATRIX = "matrix"
    WAITING = "waiting"


class VersionState(StrEnum):
    """A version's life: at most one of a (kind, key) is in force; a scheduled one waits for its moment."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    DISCARDED = "discarded"


class RunKind(StrEnum):
    """What a piece of work over many tickets is: past or open tickets under other rules, or every clock verified."""

    PAST = "past"
    OPEN = "open"
    VERIFY = "verify"


class RunState(StrEnum):
    """How far such a piece of work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
