"""The facts of a ticket's life, as typed values in the past tense: ids, codes and reason codes only."""

import re
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Self

_KINDS: dict[str, type["Event"]] = {}


@dataclass(frozen=True)
class Event:
    """A fact. Its name in the journal is the class's name in snake case: ``TicketOpened`` → ``ticket_opened``."""

    type: ClassVar[str] = "event"

    def __init_subclass__(cls) -> None:
        cls.type = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        _KINDS[cls.type] = cls

    def data(self) -> dict[str, Any]:
        """What the journal keeps of it: JSON values; moments as ISO 8601."""
        return {name: _json(value) for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Reads it back; keys that a later version dropped are ignored, what is left out was null."""
        needed = [item.name for item in fields(cls) if item.default is MISSING and item.default_factory is MISSING]
        known: dict[str, Any] = dict.fromkeys(needed)
        return cls(**known | {name: value for name, value in data.items() if name in cls.__dataclass_fields__})


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def read(type_: str, data: dict[str, Any]) -> Event:
    """The event of that name; raises KeyError for a name no version knew."""
    return _KINDS[type_].from_data(data)


@dataclass(frozen=True)
class TicketOpened(Event):
    """A contact became a record. ``by_staff`` tickets owe no first response."""

    channel: str
    received_at: str
    message_id: int | None = None
    by_staff: bool = False
    automatic: str | None = None


@dataclass(frozen=True)
class TicketRouted(Event):
    """A decision chose the department (null: triage) and says why."""

    by: str
    department_id: int | None
    service_id: int | None = None
    ruleset: str = ""
    reasons: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class MessageReceived(Event):
    """The requester, a participant or a machine wrote."""

    message_id: int
    channel: str
    automatic: str | None = None
    unverified: bool = False


@dataclass(frozen=True)
class ReplySent(Event):
    """A public message left us; only one by a human answers (``automatic`` is a code or null)."""

    message_id: int
    channel: str
    automatic: str | None = None


@dataclass(frozen=True)
class ReplyWithdrawn(Event):
    """A reply was undone before it left; the clocks forget it."""

    message_id: int


@dataclass(frozen=True)
class NoteAdded(Event):
    """An internal note, which the citizen never sees."""

    message_id: int


@dataclass(frozen=True)
class TicketAcknowledged(Event):
    """The first act of a human on the ticket."""


@dataclass(frozen=True)
class TicketAssigned(Event):
    """A person is to work on it (null: nobody)."""

    assignee_id: int | None
    previous_id: int | None = None
    taken: bool = False


@dataclass(frozen=True)
class OwnerChanged(Event):
    """The case owner, one per triaged ticket, kept when the ticket moves."""

    owner_id: int | None
    previous_id: int | None = None


@dataclass(frozen=True)
class TicketTransferred(Event):
    """Another department answers from now on; the note says why."""

    department_id: int | None
    previous_id: int | None
    reason: str = ""
    message_id: int | None = None


@dataclass(frozen=True)
class TicketEscalated(Event):
    """Somebody asked those above for help; the note says why."""

    level: int
    message_id: int | None = None


@dataclass(frozen=True)
class StatusChanged(Event):
    """A legal move between statuses (ARCHITECTURE: settled point 5)."""

    status: str
    previous: str
    reason: str | None = None
    until: str | None = None
    message_id: int | None = None


@dataclass(frozen=True)
class TicketClassified(Event):
    """Type, service, category, impact, urgency or priority changed; targets follow."""

    ticket_type: str
    priority: str
    impact: str
    urgency: str
    service_id: int | None = None
    category_id: int | None = None
    previous: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    overridden: bool = False


@dataclass(frozen=True)
class TicketResolved(Event):
    """Resolved with a code; the text is the public message the event points to."""

    code: str
    message_id: int | None = None


@dataclass(frozen=True)
class ResolutionConfirmed(Event):
    """The citizen (or an agent for them) says it is solved."""


@dataclass(frozen=True)
class ResolutionRejected(Event):
    """The citizen says it is not solved."""

    message_id: int | None = None


@dataclass(frozen=True)
class TicketReopened(Event):
    """Work goes on after resolved."""

    reason: str
    message_id: int | None = None


@dataclass(frozen=True)
class TicketClosed(Event):
    """Terminal. ``reason``: confirmed, silence, by_staff."""

    reason: str


@dataclass(frozen=True)
class TicketCancelled(Event):
    """Ended without a resolution: withdrawn, spam, mistake."""

    reason: str


@dataclass(frozen=True)
class ClockStarted(Event):
    """A clock was set with this target under these versions.

    ``why`` this policy and no other: only (one fits), order (it goes first), specific (it asks for more).
    """

    clock: str
    cycle: int
    target_seconds: int
    policy_id: int
    calendar_id: int
    target_key: str
    why: str = ""


@dataclass(frozen=True)
class ClockRetargeted(Event):
    """Another target applies from now on; elapsed and paused time stay."""

    clock: str
    cycle: int
    target_seconds: int
    policy_id: int
    calendar_id: int
    target_key: str


@dataclass(frozen=True)
class ClockStepFired(Event):
    """A warning, breach or escalation step took effect, once. ``late_seconds``: fired after its moment."""

    clock: str
    cycle: int
    step: str
    do: str
    due_at: str
    late_seconds: int = 0


@dataclass(frozen=True)
class DeliverySettled(Event):
    """What became of an outgoing message: sent, refused, unknown, bounced."""

    message_id: int
    state: str


@dataclass(frozen=True)
class TicketsLinked(Event):
    """This ticket and another belong together."""

    other_id: int
    kind: str


@dataclass(frozen=True)
class ParticipantAdded(Event):
    """A person takes part in the conversation from now on."""

    person_id: int


@dataclass(frozen=True)
class SubjectChanged(Event):
    """An agent gave it another subject (the words stand on the ticket, not here)."""


@dataclass(frozen=True)
class TagsChanged(Event):
    """Labels were put on or taken off."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TrackingRevoked(Event):
    """Earlier tracking codes stopped working."""


@dataclass(frozen=True)
class RestrictionChanged(Event):
    """Hidden from other departments, or shown to them again."""

    restricted: bool
