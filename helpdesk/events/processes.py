"""What was done by a model of work, and which problem it was: versions, steps and problems by their ids and keys."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class ProcedureAttached(Event):
    """The ticket is worked by this version of a model from now on."""

    rulebook_id: int


@dataclass(frozen=True)
class ProcedureEnded(Event):
    """That model does not apply any more, since the ticket turned out to be something else."""

    rulebook_id: int


@dataclass(frozen=True)
class StepSettled(Event):
    """A step was done, skipped, verified or not, approved or refused: ``state``. The note has the words."""

    rulebook_id: int
    step: str
    state: str
    message_id: int | None = None


@dataclass(frozen=True)
class ApprovalAsked(Event):
    """Somebody who may is asked to approve; the note says what for."""

    rulebook_id: int
    step: str
    message_id: int | None = None


@dataclass(frozen=True)
class StepHandedOver(Event):
    """A step of another department is next: the ticket goes there. ``seconds`` is what the model gives it."""

    rulebook_id: int
    step: str
    department_id: int
    seconds: int | None = None


@dataclass(frozen=True)
class OutputDelivered(Event):
    """The citizen has what the model promises as its output."""

    rulebook_id: int


@dataclass(frozen=True)
class RequestFulfilled(Event):
    """It was resolved as fulfilled with every step and approval of its model settled."""

    rulebook_id: int


@dataclass(frozen=True)
class ProblemLinked(Event):
    """That problem caused it."""

    problem_id: int


@dataclass(frozen=True)
class ProblemUnlinked(Event):
    """That problem did not cause it after all."""

    problem_id: int


@dataclass(frozen=True)
class WorkaroundUsed(Event):
    """The way round a known error helped here."""

    problem_id: int
