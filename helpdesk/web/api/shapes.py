"""The JSON that comes and goes, as strict pydantic models; the OpenAPI description is made of them."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field

from helpdesk.vocabulary import Level, Priority, ResolutionCode, TicketType, WaitingReason

Shape = TypeVar("Shape", bound=BaseModel)


def _storable(text: str) -> str:
    """PostgreSQL keeps every character but NUL, and no half of a surrogate pair."""
    if "\x00" in text:
        raise ValueError("may not contain the character NUL")
    text.encode()
    return text


def _in_reach(at: datetime) -> datetime:
    if not 1970 <= at.year <= 9000:
        raise ValueError("must lie between 1970 and 9000")
    return at


Text = Annotated[str, AfterValidator(_storable)]
Line = Annotated[
    str, Field(min_length=1, max_length=300, pattern=r"^[^\r\n\x00]*\S[^\r\n\x00]*$"), AfterValidator(_storable)
]
Body = Annotated[str, Field(min_length=1, max_length=100_000, pattern=r"\S"), AfterValidator(_storable)]
KeyName = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Id = Annotated[int, Field(ge=1, le=2**62)]
Version = Annotated[int, Field(ge=1, le=2**62)]
Moment = Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_reach)]


class Outgoing(BaseModel):
    """Base of what we answer."""

    model_config = ConfigDict(extra="forbid")


class Incoming(BaseModel):
    """Base of what we are sent: strict types, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


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

    reason: str
    until: datetime | None


class Routing(Outgoing):
    """Which decision chose the department, and why."""

    by: str
    reasons: list[dict[str, Any]]
    ruleset: str | None
    confidence: float | None


class Resolution(Outgoing):
    """How it ended."""

    code: str
    text: str | None


class LinkTo(Outgoing):
    """Another ticket that belongs to this one."""

    kind: str
    number: str


class Clock(Outgoing):
    """A promise about time: what was promised and how it stands. Seconds are worked time of its calendar."""

    name: str
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
    type: str
    status: str
    status_category: str
    waiting: Waiting | None
    channel: str
    subject: str
    requester: Contact | None
    on_behalf_of: Contact | None
    customer: str | None
    department: str | None
    service: str | None
    category: str | None
    owner: Contact | None
    assignee: Contact | None
    impact: str
    urgency: str
    priority: str
    priority_reason: str
    routing: Routing
    escalation_level: int
    major: bool
    restricted: bool
    language: str
    received_at: datetime
    acknowledged_at: datetime | None
    first_response_at: datetime | None
    resolved_at: datetime | None
    confirmed_at: datetime | None
    closed_at: datetime | None
    resolution: Resolution | None
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

    state: str
    at: datetime | None
    detail: str | None


class Message(Outgoing):
    """One thing said on a ticket."""

    id: int
    direction: str
    audience: str
    channel: str
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

    kind: str
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
    names: dict[str, str]
    descriptions: dict[str, str]
    phase: str
    type: str
    fields: list[dict[str, Any]]


class Person(Contact):
    """A person with the language they prefer."""

    language: str


class NewRequester(Incoming):
    """Who asks; found by e-mail, else by phone, else made anew."""

    name: Annotated[Text, Field(max_length=200)] = ""
    email: (
        Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), AfterValidator(_storable)] | None
    ) = None
    phone: Annotated[str, Field(max_length=40, pattern=r"^\+?[0-9 ()./-]{5,39}$")] | None = None


class NewFile(Incoming):
    """A file, its bytes in base64."""

    name: Line
    content_type: Annotated[str, Field(max_length=120, pattern=r"^[\w.+-]+/[\w.+-]+$")] = "application/octet-stream"
    content: Annotated[Base64Bytes, Field(max_length=20 * 1024 * 1024, strict=False)]


class NewTicket(Incoming):
    """A request told on behalf of its requester."""

    subject: Line
    text: Body
    requester: NewRequester | None = None
    channel: Literal["api", "phone", "counter", "email", "chat", "webform"] = "api"
    language: Literal["el", "en"] = "el"
    service: KeyName | None = None
    department: KeyName | None = None
    type: Annotated[TicketType, Field(strict=False)] | None = None
    impact: Annotated[Level, Field(strict=False)] | None = None
    urgency: Annotated[Level, Field(strict=False)] | None = None
    tags: Annotated[list[KeyName], Field(max_length=20)] = []
    restricted: bool = False
    received_at: Moment | None = None
    attachments: Annotated[list[NewFile], Field(max_length=10)] = []


class TicketChange(Incoming):
    """What changes; ``version`` is the one that was read. A priority of one's own needs a ``reason``."""

    version: Version
    subject: Line | None = None
    type: Annotated[TicketType, Field(strict=False)] | None = None
    service: KeyName | None = None
    category: KeyName | None = None
    impact: Annotated[Level, Field(strict=False)] | None = None
    urgency: Annotated[Level, Field(strict=False)] | None = None
    priority: Annotated[Priority, Field(strict=False)] | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""
    tags: Annotated[list[KeyName], Field(max_length=20)] | None = None
    restricted: bool | None = None


class NewMessage(Incoming):
    """A public reply or an internal note. It counts as a human's unless ``automatic``."""

    text: Body
    audience: Literal["public", "internal"] = "public"
    automatic: bool = False
    attachments: Annotated[list[NewFile], Field(max_length=10)] = []


class Move(Incoming):
    """A move that needs nothing more; ``version`` guards against acting on an old state."""

    version: Version | None = None


class Assign(Move):
    """Whom to assign to; null takes it off everybody."""

    assignee_id: Id | None


class Transfer(Move):
    """Which department answers from now on, and why."""

    department: KeyName
    reason: Line
    note: Annotated[Text, Field(max_length=20_000)] = ""


class Wait(Move):
    """Why it waits and until when at the latest."""

    reason: Annotated[WaitingReason, Field(strict=False)]
    until: Moment | None = None
    note: Annotated[Text, Field(max_length=20_000)] = ""


class Resolve(Move):
    """How it ended; the text goes to the citizen."""

    code: Annotated[ResolutionCode, Field(strict=False)]
    text: Body


class Because(Move):
    """A move that needs a reason."""

    reason: Line


class Reject(Move):
    """The citizen says that it is not solved."""

    text: Annotated[Text, Field(max_length=20_000)] = ""
