"""What we are sent: strict types, unknown fields refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from helpdesk.vocabulary import Level, Priority, TicketType
from helpdesk.web.api.shapes.words import Body, Bytes, Email, Id, KeyName, Line, Moment, Phone, Text

People = Annotated[list[Id], Field(max_length=50)]
Tags = Annotated[list[KeyName], Field(max_length=20)]


class Incoming(BaseModel):
    """Base of what we are sent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewRequester(Incoming):
    """Who asks; found by e-mail, else by phone, else made anew. With nothing in it the request is anonymous."""

    name: Annotated[Text, Field(max_length=200)] = ""
    email: Email | None = None
    phone: Phone | None = None


class NewFile(Incoming):
    """A file, its bytes in base64."""

    name: Line
    content_type: Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9_.+-]+/[A-Za-z0-9_.+-]+$")] = (
        "application/octet-stream"
    )
    content: Bytes


Files = Annotated[list[NewFile], Field(max_length=10)]


class NewTicket(Incoming):
    """A request. Without ``requester`` the token's person asks; what is left out is decided by routing.

    ``channel`` says how it came: ``phone`` and ``counter`` are those that somebody took down and answered at once.
    ``on_behalf_of`` is for whom they ask, where that is somebody else. ``complained_of``: ids of the members of staff
    whom it is about, which makes it a complaint.
    """

    subject: Line
    text: Body
    requester: NewRequester | None = None
    on_behalf_of: NewRequester | None = None
    channel: Literal["api", "phone", "counter"] = "api"
    language: Literal["el", "en"] | None = None
    service: KeyName | None = None
    department: KeyName | None = None
    category: KeyName | None = None
    type: Annotated[TicketType, Field(strict=False)] | None = None
    impact: Annotated[Level, Field(strict=False)] | None = None
    urgency: Annotated[Level, Field(strict=False)] | None = None
    tags: Tags = []
    restricted: bool = False
    complained_of: People = []
    received_at: Moment | None = None
    attachments: Files = []


class TicketChange(Incoming):
    """What changes; ``version`` is the one that was read. A priority of one's own needs a ``reason``.

    ``complained_of``: whom of the staff a complaint is about; it does not exist for them from then on.
    ``on_behalf_of``: for whom it is asked; null is nobody but who asked.
    """

    version: Id
    subject: Line | None = None
    type: Annotated[TicketType, Field(strict=False)] | None = None
    service: KeyName | None = None
    category: KeyName | None = None
    impact: Annotated[Level, Field(strict=False)] | None = None
    urgency: Annotated[Level, Field(strict=False)] | None = None
    priority: Annotated[Priority, Field(strict=False)] | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""
    tags: Tags | None = None
    restricted: bool | None = None
    complained_of: People | None = None
    on_behalf_of: NewRequester | None = None


class NewMessage(Incoming):
    """A public reply or an internal note. It counts as a human's unless ``automatic``.

    ``by``: the channel it goes by; without it the first that reaches the citizen. ``approved``: words that WhatsApp has
    approved, by their id, with the ``values`` of their gaps; they need no ``text``.
    """

    text: Body | None = None
    audience: Literal["public", "internal"] = "public"
    automatic: bool = False
    attachments: Files = []
    by: Literal["email", "sms", "whatsapp"] | None = None
    approved: Id | None = None
    values: Annotated[list[Annotated[Text, Field(max_length=200)]], Field(max_length=9)] = []
