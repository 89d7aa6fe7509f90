"""Major incidents as they come and go."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from helpdesk.vocabulary import ProposalState, ResolutionCode
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.moves import Move
from helpdesk.web.api.shapes.outgoing import Outgoing
from helpdesk.web.api.shapes.words import Body, Email, Id, KeyName, Line, Moment, Note, Number

Texts = dict[Annotated[str, Field(pattern="^(el|en)$")], Body]
"""The same words in Greek and English: citizens read them in their own language."""
Said = Texts | Body
"""In both languages; one text alone is read by everybody as it is."""
Minutes = Annotated[int, Field(ge=5, le=1440)]
Numbers = Annotated[list[Number], Field(max_length=500)]


class DeclareMajor(Move):
    """Who coordinates it, what citizens are told, which services are struck, and which tickets are about it, too.

    ``coordinator`` and ``coordinator_id`` are the same; one is needed. Without a title it is called by its services,
    without a summary citizens read that it is being worked on. ``services`` are those struck, by key or id; its own,
    when left out.
    """

    coordinator: Id | None = None
    coordinator_id: Id | None = None
    title: Said | None = None
    summary: Said | None = None
    services: Annotated[list[KeyName | Id], Field(max_length=500)] = Field(default_factory=list)
    update_minutes: Minutes = 60
    link: Numbers = Field(default_factory=list)


class ResolveMajor(Move):
    """How it ended, in words for everybody; ``exclude`` are linked tickets with a matter of their own."""

    code: Annotated[ResolutionCode, Field(strict=False)]
    text: Said
    exclude: Numbers = Field(default_factory=list)


class ProposeMajor(Incoming):
    """Why it may be a major incident; ``similar`` are tickets that are alike."""

    reason: Note = ""
    similar: Numbers = Field(default_factory=list)


class NewUpdate(Incoming):
    """How it stands, for everybody concerned, and in how many minutes they hear again."""

    text: Said
    next_minutes: Minutes | None = None


class Children(Incoming):
    """Tickets about the same disturbance."""

    tickets: Annotated[list[Number], Field(min_length=1, max_length=500)]


class NewStakeholder(Incoming):
    """Who is kept informed: a colleague or a customer body by id, or anybody by address."""

    email: Email | None = None
    name: Line | None = None
    language: Annotated[str, Field(pattern="^(el|en)$")] = "el"
    person_id: Id | None = None
    customer_id: Id | None = None


class ReviewLine(Incoming):
    """A moment and what happened then."""

    at: Moment
    text: Line


class ReviewAction(Incoming):
    """What is to be done, by whom, until when."""

    text: Line
    owner_id: Id | None = None
    due_on: Annotated[date | None, Field(strict=False)] = None


class NewReview(Incoming):
    """What was learned. Only a finished review, which has no gaps, lets the incident be closed.

    Without a ``timeline`` it stays as it is kept; before the first, it is the course from the journal.
    """

    timeline: Annotated[list[ReviewLine], Field(max_length=200)] | None = None
    cause: Note = ""
    went_well: Note = ""
    went_badly: Note = ""
    actions: Annotated[list[ReviewAction], Field(max_length=200)] = Field(default_factory=list)
    finished: bool = True


class ActionOfReview(Incoming):
    """Which action of the review, counted from 1."""

    action: Annotated[int, Field(ge=1, le=200)]


class Review(Outgoing):
    """The review as it stands; before the first is saved, the course from the journal."""

    number: int
    timeline: list[dict[str, str]]
    cause: str
    went_well: str
    went_badly: str
    actions: list[dict[str, str | int | None]]
    finished: bool
    saved_at: datetime | None


class Update(Outgoing):
    """What everybody was told; ``letters`` is how many people got one."""

    id: int
    text: dict[str, str]
    at: datetime
    author_id: int | None
    next_at: datetime | None
    letters: int
    done: bool


class MajorIncident(Outgoing):
    """A major incident: ``criterion`` is why, ``children`` are the tickets about it by number and state."""

    number: str
    criterion: str
    title: dict[str, str]
    summary: dict[str, str]
    coordinator_id: int
    services: list[int]
    declared_at: datetime
    ended_at: datetime | None
    revoked_at: datetime | None
    next_update_at: datetime | None
    reached: int
    updates: list[Update]
    children: list[dict[str, str]]
    stakeholders: list[dict[str, str]]
    reviewed: bool


class Proposal(Outgoing):
    """A proposal; while it is open it waits for a supervisor."""

    id: int
    state: ProposalState
    criterion: str
    ticket: str
    service_id: int | None
    similar: int
    minutes: int
    at: datetime


class Announced(Outgoing):
    """What everybody may be told of a major incident that lasts; ``spoken`` is for a greeting read aloud."""

    title: str
    text: str
    spoken: str
    services: list[str]
    since: datetime
    told_at: datetime
    next_at: datetime | None
