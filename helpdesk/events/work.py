"""What was done about it: routed, assigned, moved, classified, handed to others, marked."""

from dataclasses import dataclass, field
from typing import Any

from helpdesk.events.base import Event


@dataclass(frozen=True)
class TicketRouted(Event):
    """A decision chose the department (null: triage) and says why; ``owner_id`` answers by default for the case."""

    by: str
    department_id: int | None
    service_id: int | None = None
    ruleset: str = ""
    reasons: list[dict[str, Any]] = field(default_factory=list)
    owner_id: int | None = None


@dataclass(frozen=True)
class TicketAcknowledged(Event):
    """The first act of a human on the ticket."""


@dataclass(frozen=True)
class TicketAssigned(Event):
    """A person is to work on it (null: nobody).

    ``why``: the reason where nobody chose: a code, and among how many. ``reason``: absence (with ``absence_id``),
    returned, left, where it changed hands because somebody is gone.
    """

    assignee_id: int | None
    previous_id: int | None = None
    taken: bool = False
    why: dict[str, Any] | None = None
    reason: str = ""
    absence_id: int | None = None


@dataclass(frozen=True)
class OwnerChanged(Event):
    """The case owner, one per triaged ticket, kept when the ticket moves.

    ``reason``: default (nobody has taken it yet), absence (with ``absence_id``), returned, left; empty where somebody
    took it or was chosen.
    """

    owner_id: int | None
    previous_id: int | None = None
    reason: str = ""
    absence_id: int | None = None


@dataclass(frozen=True)
class TicketTransferred(Event):
    """Another department answers from now on; the note says why."""

    department_id: int | None
    previous_id: int | None
    reason: str = ""
    message_id: int | None = None


@dataclass(frozen=True)
class TicketEscalated(Event):
    """It stands at another level: somebody asked for help, or a step of a clock did (``reason`` is its code).

    ``kind`` is functional (a group that knows more: ``team_id``), hierarchical (those who lead: ``person_id``), or
    empty where responsibility stays. ``told``: its citizen is told, once a level. ``before`` is who had it
    (``department_id``, ``team_id``, ``person_id``), to whom it is given back.
    """

    level: int
    message_id: int | None = None
    kind: str = ""
    team_id: int | None = None
    person_id: int | None = None
    reason: str = ""
    told: bool = False
    before: dict[str, int] = field(default_factory=dict)


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
class SupplierEngaged(Event):
    """A supplier is to do something under its contract; the note says what."""

    supplier_id: int
    message_id: int | None = None


@dataclass(frozen=True)
class SupplierAnswered(Event):
    """The supplier did it, or said what there is to say."""

    supplier_id: int
    message_id: int | None = None


@dataclass(frozen=True)
class TicketsLinked(Event):
    """This ticket and another belong together."""

    other_id: int
    kind: str


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
