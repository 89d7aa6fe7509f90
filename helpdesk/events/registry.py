"""What was put on record about a ticket: whom it is about, its entry in the protocol, what was split off."""

from dataclasses import dataclass, field

from helpdesk.events.base import Event


@dataclass(frozen=True)
class ComplaintNamed(Event):
    """Which members of staff a complaint is about changed."""

    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ProtocolEntered(Event):
    """The protocol has it: an application by law."""

    number: str


@dataclass(frozen=True)
class TicketSplit(Event):
    """Another matter of the same contact became a ticket of its own; ``message_ids`` are what it begins with."""

    other_id: int
    message_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class SplitFrom(Event):
    """It was split off another ticket of the same contact."""

    other_id: int
    message_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ConcernedChanged(Event):
    """For whom it is asked is somebody else now, or nobody but who asked."""

    person_id: int | None
    previous_id: int | None = None
