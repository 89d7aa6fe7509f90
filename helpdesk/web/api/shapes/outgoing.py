"""What we answer. Moments are ISO 8601 in UTC, durations are seconds."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from helpdesk.vocabulary import (
    ActorKind,
    Audience,
    Care,
    ChannelKind,
    ClockName,
    ClosurePoint,
    Delivery,
    Direction,
    Level,
    Priority,
    ResolutionCode,
    RootCause,
    Stage,
    Status,
    TicketType,
    WaitingReason,
)

Shape = TypeVar("Shape", bound=BaseModel)


class Outgoing(BaseModel):
    """Base of what we answer."""

    model_config = ConfigDict(extra="forbid")


class Page(Outgoing, Generic[Shape]):
    """A part of a list; ``next`` is the cursor of the following part, null at the end."""

    items: list[Shape]
    next: str | None


class Contact(Outgoing):
    """A person as far as the reader may know."""

    id: int
    name: str
    email: str | None
    phone: str | None


class Waiting(Outgoing):
    """Why a ticket waits and until when at the latest."""

    reason: WaitingReason
    until: datetime | None


class Choice(Outgoing):
    """A department the classifier thinks of."""

    department: str
    confidence: float


class DepartmentProposal(Outgoing):
    """What the classifier said, and by which of its versions; ``routed``: it was sure enough to send it alone."""

    model: int
    known: bool
    routed: bool
    choices: list[Choice]
    reasons: list[dict[str, Any]]


class Routing(Outgoing):
    """Which decision chose the department, and why; ``proposal`` is null where the classifier was not asked."""

    by: str
    reasons: list[dict[str, Any]]
    ruleset: str | None
    confidence: float | None
    proposal: DepartmentProposal | None


class Resolution(Outgoing):
    """How it ended."""

    code: ResolutionCode
    text: str | None


class Closure(Outgoing):
    """What else is known of its end. ``verified_by``: the id of who tested it; ``missing``: what the list lacks."""

    root_cause: RootCause | None
    workaround: bool | None
    verified_by: int | None
    missing: list[ClosurePoint]


class OtherBody(Outgoing):
    """To whom it was forwarded; what is not known is empty."""

    name: str
    email: str
    phone: str


class LinkTo(Outgoing):
    """Another ticket that belongs to this one."""

    kind: str
    number: str


class Clock(Outgoing):
    """A promise about time: what was promised and how it stands. Seconds are worked time of its calendar."""

    name: ClockName
    cycle: int
    state: Literal["running", "paused", "met", "breached", "withdrawn"]
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    target_seconds: int
    elapsed_seconds: int
    paused_seconds: int
    breached_at: datetime | None
    late_seconds: int
    policy: str
    calendar: str


class Ticket(Outgoing):
    """One record of one request."""

    number: str
    protocol_number: str | None
    type: TicketType
    status: Status
    status_category: Status
    stage: Stage
    waiting: Waiting | None
    channel: ChannelKind
    subject: str
    requester: Contact | None
    on_behalf_of: Contact | None
    customer: str | None
    supplier: str | None
    department: str | None
    service: str | None
    category: str | None
    opening_category: str | None
    owner: Contact | None
    assignee: Contact | None
    impact: Level
    urgency: Level
    priority: Priority
    priority_reason: str
    routing: Routing
    escalation_level: int
    major: bool
    restricted: bool
    complained_of: list[int]
    language: str
    received_at: datetime
    acknowledged_at: datetime | None
    first_response_at: datetime | None
    resolved_at: datetime | None
    confirmed_at: datetime | None
    closed_at: datetime | None
    resolution: Resolution | None
    closure: Closure | None
    forwarded_to: OtherBody | None
    merged_into: str | None
    incomplete_since: datetime | None
    extended_days: int | None
    clocks: list[Clock]
    tags: list[str]
    links: list[LinkTo]
    version: int


class File(Outgoing):
    """An attachment; its bytes are at ``/attachments/{id}``."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool


class DeliveryState(Outgoing):
    """What became of an outgoing message."""

    state: Delivery
    at: datetime | None
    detail: str | None


class Message(Outgoing):
    """One thing said on a ticket. ``ticket``: its number, or that of one merged into it on which it stands."""

    id: int
    ticket: str
    direction: Direction
    audience: Audience
    channel: ChannelKind
    author: Contact | None
    at: datetime
    text: str
    html: str | None
    reply_text: str
    attachments: list[File]
    delivery: DeliveryState | None
    automatic: bool


class Actor(Outgoing):
    """Who did something."""

    kind: ActorKind
    id: int | None


class Event(Outgoing):
    """A fact of the ticket's journal."""

    id: int
    type: str
    at: datetime
    actor: Actor
    data: dict[str, Any]


class Department(Outgoing):
    """Who answers requests."""

    key: str
    names: dict[str, str]
    descriptions: dict[str, str]
    active: bool


class Service(Outgoing):
    """What can be asked for."""

    key: str
    department: str
    customer: str | None
    names: dict[str, str]
    descriptions: dict[str, str]
    phase: str
    type: TicketType
    application: bool
    fields: list[dict[str, Any]]


class Category(Outgoing):
    """A node of the tree by which requests are sorted; ``successor`` is chosen instead of one that is not active."""

    key: str
    parent: str | None
    names: dict[str, str]
    path: dict[str, str]
    descriptions: dict[str, str]
    examples: dict[str, str]
    active: bool
    successor: str | None


class Party(Outgoing):
    """A customer body or a supplier; how its people are reached stands in the register alone."""

    id: int
    key: str
    names: dict[str, str]
    active: bool


class Person(Contact):
    """A person with the language they prefer; ``care``: whether, and why, they are to be handled with care."""

    language: str
    care: Care | None
    care_reason: str
