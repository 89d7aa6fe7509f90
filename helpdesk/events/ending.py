"""How it ended, went on, or became part of another."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class TicketResolved(Event):
    """Resolved with a code; the text is the public message the event points to.

    What else was known of its end then: why it had happened, whether a workaround did it, who tested it.
    """

    code: str
    message_id: int | None = None
    root_cause: str | None = None
    workaround: bool | None = None
    verified_by_id: int | None = None


@dataclass(frozen=True)
class ClosureRecorded(Event):
    """What is known of its end now, after it was resolved."""

    root_cause: str | None = None
    workaround: bool | None = None
    verified_by_id: int | None = None


@dataclass(frozen=True)
class ResolutionConfirmed(Event):
    """The citizen says it is solved; ``told_by``: how they told an agent, who records it and keeps their words."""

    told_by: str | None = None
    message_id: int | None = None


@dataclass(frozen=True)
class ResolutionRejected(Event):
    """The citizen says it is not solved; ``told_by`` as at a confirmation."""

    message_id: int | None = None
    told_by: str | None = None


@dataclass(frozen=True)
class TicketReopened(Event):
    """Work goes on after resolved."""

    reason: str
    message_id: int | None = None


@dataclass(frozen=True)
class TicketClosed(Event):
    """Terminal. ``reason``: confirmed, silence, by_staff. ``missing``: points of the checklist that were left open."""

    reason: str
    missing: list[str] | None = None


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
