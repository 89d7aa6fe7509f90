"""The ledger of a ticket as we answer it; seconds are whole and add up."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from helpdesk.vocabulary import ClockName

ClockState = Literal["running", "paused", "met", "breached", "withdrawn"]


class Told(BaseModel):
    """Base of the parts of a ledger; some of their names are words of the language we write in."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)


class LedgerRow(Told):
    """What a clock did from one moment to the next, how much of its time that was, and the fact that began it.

    ``total_seconds``: what the activity has come to in its cycle by then.
    """

    begin: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    activity: Literal["running", "paused", "stopped", "closed-hours"]
    seconds: int
    total_seconds: int
    why: str
    event: int | None


class LedgerStep(Told):
    """A step: when it is due as things stand, and when it was done."""

    step: str
    do: str
    to: str
    state: Literal["fired", "late", "due", "to-come", "never"]
    due_at: datetime | None
    fired_at: datetime | None
    late_seconds: int
    event: int | None


class LedgerChange(Told):
    """Another target that applied from a moment on."""

    at: datetime
    target_seconds: int
    policy: str
    calendar: str
    application: int | None
    event: int


class LedgerMiss(Told):
    """A deadline that had passed when the target was changed."""

    target_seconds: int
    due_at: datetime
    retargeted_at: datetime


class LedgerAnswer(Told):
    """The first word to the citizen, machines' words counted."""

    at: datetime
    elapsed_seconds: int
    automatic: bool
    event: int | None


class LedgerRisk(Told):
    """The share that missed of ``n`` past cycles alike that were once as old; ``group`` says how alike."""

    share: float
    missed: int
    n: int
    low: float
    high: float
    group: Literal["alike", "department-priority", "department", "clock"]


class LedgerClock(Told):
    """One cycle of a clock. The running rows come to ``elapsed_seconds``, the paused ones to ``paused_seconds``."""

    name: ClockName
    cycle: int
    state: ClockState
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None
    paused_since: datetime | None
    target_seconds: int
    elapsed_seconds: int
    paused_seconds: int
    late_seconds: int
    retargeted_after_breach: int
    missed: list[LedgerMiss]
    policy: str
    policy_why: str
    target: str
    calendar: str
    changes: list[LedgerChange]
    rows: list[LedgerRow]
    steps: list[LedgerStep]
    answered: LedgerAnswer | None
    risk: LedgerRisk | None


class Ledger(Told):
    """Every cycle of every clock of a ticket, and the version of the time zones it was computed with."""

    number: str
    now: datetime
    tzdata: str
    clocks: list[LedgerClock]
