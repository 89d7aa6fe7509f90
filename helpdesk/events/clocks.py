"""What happened to its deadlines: set, changed, extended, steps done, the law's conditions met."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class ClockStarted(Event):
    """A clock was set with this target under these versions.

    ``why`` this policy and no other: only (one fits), order (it goes first), specific (it asks for more).
    ``since`` is when it began to run, where that was another moment than that of the fact.
    """

    clock: str
    cycle: int
    target_seconds: int
    policy_id: int
    calendar_id: int
    target_key: str
    why: str = ""
    since: str | None = None


@dataclass(frozen=True)
class ClockRetargeted(Event):
    """Another target applies from now on; elapsed and paused time stay.

    ``application_id`` names the act by which an administrator applied other versions to many tickets.
    """

    clock: str
    cycle: int
    target_seconds: int
    policy_id: int
    calendar_id: int
    target_key: str
    application_id: int | None = None


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
class ApplicationIncomplete(Event):
    """Documents are missing: the law's deadline has not begun."""

    message_id: int | None = None


@dataclass(frozen=True)
class ApplicationCompleted(Event):
    """All documents are there: the law's deadline begins."""


@dataclass(frozen=True)
class DeadlineExtended(Event):
    """The law's deadline was extended, once; the note says why."""

    clock: str
    days: int
    message_id: int | None = None
