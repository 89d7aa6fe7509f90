"""How requests find their way: rules tried before they hold, the classifier's standing, and what was misrouted."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from helpdesk.vocabulary import ChannelKind, Level, RunState, Status
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.outgoing import Outgoing
from helpdesk.web.api.shapes.words import Email, Id, KeyName, Text

Address = Annotated[str, Field(max_length=254, pattern=r"^[^\s\x00]*$")]


class TrialText(Incoming):
    """What somebody might write, where to and where from, and the version of the rules that is tried on it."""

    number: Id
    subject: Annotated[Text, Field(max_length=300)] = ""
    text: Annotated[Text, Field(max_length=50_000)] = ""
    channel: ChannelKind = ChannelKind.EMAIL
    address: Address = ""
    sender: Email | None = None
    language: Annotated[str, Field(pattern="^(el|en)$")] = "el"
    service: KeyName | None = None


class Outcome(Outgoing):
    """Where a text goes by one version, and why; no department is triage."""

    ruleset: str
    by: str
    department: str | None
    service: str | None
    impact: Level
    urgency: Level
    tags: list[str]
    restricted: bool
    confidence: float | None
    reasons: list[dict[str, Any]]


class TriedText(Outgoing):
    """By the rules in force and by the version that is tried."""

    now: Outcome
    then: Outcome


class TrialWanted(Incoming):
    """A version of the rules, to be tried on all requests received on these days."""

    number: Id
    first: date
    last: date


class Move(Outgoing):
    """How many would go elsewhere, from where to where; null is triage."""

    now: str | None
    then: str | None
    count: int


class Trial(Outgoing):
    """How far a trial is and what it came to so far.

    Of the ``known`` (those that were resolved, whose right department is known) each version sends so many right at
    once and so many to a wrong department.
    """

    id: int
    ruleset: str
    against: str | None
    first: date
    last: date
    state: RunState
    error: str | None
    done: int
    total: int | None
    changed: int
    known: int
    right_now: int
    right_then: int
    wrong_now: int
    wrong_then: int
    triage_now: int
    triage_then: int
    moves: list[Move]


class ModelVersion(Outgoing):
    """A version of the classifier; from which confidence it may send to which department without a human."""

    number: int
    in_force: bool
    trained_at: datetime
    why: str
    examples: int
    alone_from: dict[str, float]


class Classifier(Outgoing):
    """The classifier's standing: what people made of its proposals in thirty days, and what is asked of it.

    ``missing``: proposals that people must still settle before it may send anything; ``before``: how many were right
    in the thirty days before; ``drift``: it has become worse.
    """

    precision: int
    proven: int
    missing: int
    settled: int
    right: float | None
    calibration_error: float | None
    routed: int
    routed_right: float | None
    before: float | None
    drift: bool
    versions: list[ModelVersion]


class PutBack(Incoming):
    """Which earlier version is asked from now on."""

    number: Id


class ClassifierDemands(Incoming):
    """How many of 100 that it sends must be right, and how many proposals people must have settled before."""

    precision: Annotated[int, Field(ge=80, le=99)]
    proven: Annotated[int, Field(ge=200, le=5_000)]


class ChosenDepartment(Incoming):
    """Where a request belongs that waits in triage or that the classifier sent."""

    department: KeyName
    version: Id | None = None


class Misrouted(Outgoing):
    """Of so many requests how many were handed on, came back, and what that cost, in seconds of calendar time."""

    n: int
    handed_on: int
    came_back: int
    lost_median: float | None
    lost_p90: float | None


class DepartmentMisrouted(Misrouted):
    """Of those that a department got first."""

    department: str


class MeansMisrouted(Misrouted):
    """Of those that were sent by a rule (its title), a service, an address, the classifier, or staff."""

    by: str
    title: str


class RoutingReport(Outgoing):
    """Of the requests that reached their first department within a period."""

    first: date
    last: date
    whole: Misrouted
    departments: list[DepartmentMisrouted]
    means: list[MeansMisrouted]


class SurgeTicket(Outgoing):
    """One of those that say the same."""

    number: str
    subject: str
    status: Status
    received_at: datetime


class Surge(Outgoing):
    """Open requests of one service that say the same within a day, and the words they share; people decide."""

    id: int
    department: str | None
    service: str | None
    words: list[str]
    found_at: datetime
    tickets: list[SurgeTicket]


class SurgeDecided(Outgoing):
    """``ticket``: the oldest, which stands for all from now on; null where it was dismissed."""

    ticket: str | None
