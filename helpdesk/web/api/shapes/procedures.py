"""A ticket's procedure as it comes and goes."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from helpdesk.vocabulary import StepKind, StepState
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.words import Body, Id, Note

Answers = Annotated[list[Annotated[int, Field(ge=0, le=99)]], Field(max_length=60)]


class StepMove(Incoming):
    """An act on a step; with ``version`` only if nobody changed the ticket meanwhile."""

    version: Id | None = None


class DoStep(StepMove):
    """A check of identity wants its ``outcome`` and no note, a script its ``answers`` by their places."""

    outcome: Literal["", "verified", "not-verified"] = ""
    answers: Answers | None = None
    note: Note = ""


class SkipStep(StepMove):
    """Why it is left out."""

    reason: Body


class AskApproval(StepMove):
    """What those who may approve should know; internal."""

    note: Note = ""


class ApproveStep(StepMove):
    """A word with it, where one is needed; internal."""

    note: Note = ""


class RefuseStep(StepMove):
    """Why not; internal."""

    reason: Body


class ScriptAnswer(BaseModel):
    """An answer, the key of the question that follows (empty: none), and what to do then."""

    texts: dict[str, str]
    next: str
    advice: dict[str, str]


class ScriptQuestion(BaseModel):
    """A question of a script."""

    key: str
    texts: dict[str, str]
    answers: list[ScriptAnswer]


class ProcedureStep(BaseModel):
    """A step as it stands. ``next``: the procedure is here; ``waits_for`` the step that must be settled before it."""

    key: str
    kind: StepKind
    texts: dict[str, str]
    guide: dict[str, str]
    mandatory: bool
    department: str | None
    team: str | None
    hours: int
    questions: list[ScriptQuestion]
    state: StepState
    next: bool
    waits_for: str | None
    at: datetime | None
    by: int | None
    asked_at: datetime | None
    asked_by: int | None
    amount: str | None


class Procedure(BaseModel):
    """The model a ticket is worked by, in the version it was attached in (``key@number``), with its steps in order."""

    model: str
    kind: Literal["incident", "request"]
    names: dict[str, str]
    output: dict[str, str]
    attached_at: datetime
    delivered_at: datetime | None
    fulfilled_at: datetime | None
    missing: list[str]
    steps: list[ProcedureStep]


class Approval(BaseModel):
    """An approval that the token's person is asked for."""

    ticket: int
    subject: str
    step: str
    texts: dict[str, str]
    asked_at: datetime
    asked_by: str
    amount: str | None
    note: str


class FollowedMeasure(BaseModel):
    """Of tickets with a model: how many, fulfilled, never reopened; steps that had to be done, and were. Percent."""

    n: int
    fulfilled: int
    at_once: int
    at_once_share: float | None
    steps: int
    done: int
    adherence: float | None


class ModelMeasure(FollowedMeasure):
    """The same of one model, by its key."""

    model: str


class ModelsReport(BaseModel):
    """The tickets received within a period, how many have a model, and how those were worked."""

    first: date
    last: date
    received: int
    share: float | None
    whole: FollowedMeasure
    models: list[ModelMeasure]
