"""How it ended, went on, or became part of another."""

from dataclasses import dataclass

from helpdesk.events.base import Event


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
class TicketMerged(Event):
    """It goes on as part of another ticket; how it stood, for the case that it must stand so again."""

    into_id: int
    message_id: int | None = None
    previous: str = "open"
    reason: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class TicketUnmerged(Event):
    """It stands by itself again, as though it had never been merged."""

    from_id: int


@dataclass(frozen=True)
class MergeReceived(Event):
    """Another ticket goes on as part of this one."""

    other_id: int


@dataclass(frozen=True)
class MergeUndone(Event):
    """That other ticket stands by itself again."""

    other_id: int


@dataclass(frozen=True)
class CompetenceDenied(Event):
    """The department it is with is not competent; the law gives few days to pass it on.

    ``since`` is the moment it had reached that department.
    """

    since: str
    message_id: int | None = None


@dataclass(frozen=True)
class TicketForwarded(Event):
    """It was passed on to another body, which is competent; the public message says to whom."""

    message_id: int | None = None
