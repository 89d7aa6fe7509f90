"""Models of work and problems: what a step is, how it stands, what a problem is."""

from enum import StrEnum


class StepKind(StrEnum):
    """What a step of an incident or request model wants of people (FitSM I-S8, I-S9)."""

    TASK = "task"
    CHECK = "check"
    ASK = "ask"
    VERIFY = "verify"
    APPROVE = "approve"
    DELIVER = "deliver"


class StepState(StrEnum):
    """How a step of a ticket's procedure stands; one that nobody touched has no row and is open."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


SETTLED = frozenset({StepState.DONE, StepState.SKIPPED, StepState.APPROVED, StepState.NOT_NEEDED})
"""States of a step after which the procedure goes on."""


class ProblemState(StrEnum):
    """A problem's life (FitSM PR10): a known error is unresolved, with a way round it or an explicit none."""

    OPEN = "open"
    KNOWN_ERROR = "known_error"
    RESOLVED = "resolved"
