"""The life of a major incident, and what monitoring says of an incident."""

from dataclasses import dataclass, field

from helpdesk.events.base import Event


@dataclass(frozen=True)
class MajorCriteriaChecked(Event):
    """An incident was held against the criteria; ``criterion`` is the one it met, or "none".

    ``similar`` incidents were known of the same service within its ``minutes``, this one among them.
    """

    criterion: str
    criteria_id: int
    similar: int = 0
    minutes: int = 0


@dataclass(frozen=True)
class MajorProposed(Event):
    """Somebody, or a criterion, proposes to declare it a major incident."""

    proposal_id: int
    criterion: str


@dataclass(frozen=True)
class MajorProposalDismissed(Event):
    """A supervisor decided that it is none; the note says why."""

    proposal_id: int
    message_id: int | None = None


@dataclass(frozen=True)
class MajorDeclared(Event):
    """It is a major incident from now on, with a coordinator, for the reason of a criterion."""

    coordinator_id: int
    criterion: str
    service_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class MajorRevoked(Event):
    """It is none after all; the note says why."""

    message_id: int


@dataclass(frozen=True)
class CoordinatorChanged(Event):
    """Somebody else coordinates it from now on."""

    coordinator_id: int
    previous_id: int


@dataclass(frozen=True)
class MajorChildLinked(Event):
    """Two tickets are about one disturbance: the major incident's journal names the child, the child's the parent."""

    child_id: int | None = None
    parent_id: int | None = None


@dataclass(frozen=True)
class MajorChildReleased(Event):
    """That ticket stands by itself again."""

    child_id: int | None = None
    parent_id: int | None = None


@dataclass(frozen=True)
class MajorUpdatePublished(Event):
    """Everybody concerned is told how things stand; ``next_at`` is when they will hear again."""

    update_id: int
    next_at: str | None = None


@dataclass(frozen=True)
class MajorUpdateMissed(Event):
    """The promised update did not come; who coordinates it (1), then those who supervise (2), were told."""

    due_at: str
    alarm: int


@dataclass(frozen=True)
class MajorStakeholderAdded(Event):
    """One more is kept informed."""

    stakeholder_id: int


@dataclass(frozen=True)
class MajorReviewSaved(Event):
    """What was learned of it is written down; only then it may be closed."""

    number: int
    actions: int = 0


@dataclass(frozen=True)
class SignalReported(Event):
    """Monitoring reports something about it: an exception, or a warning that is noted."""

    level: str
    inbound_id: int
    message_id: int | None = None


@dataclass(frozen=True)
class SignalRecovered(Event):
    """Monitoring reports that it is over."""

    inbound_id: int
    message_id: int | None = None
