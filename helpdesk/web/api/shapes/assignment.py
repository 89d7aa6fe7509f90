"""Presence, offers, how departments hand out work, and tickets that say the same."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from helpdesk.vocabulary import AssignmentMode, OfferState, PresenceState, Status, WorkKind
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.outgoing import Outgoing, Ticket
from helpdesk.web.api.shapes.words import Email, KeyName, Phone, Text
from routing import Turn

Minutes = Annotated[int, Field(ge=0, le=20_160)]
Word = Annotated[Text, Field(min_length=1, max_length=40)]


class Presence(Outgoing):
    """How somebody is there: their state, until when it holds by choice, and the work they take."""

    person: int
    state: PresenceState
    until: datetime | None
    kinds: list[WorkKind]


class PresenceChoice(Incoming):
    """How the token's person is there: for some minutes or until changed; ``kinds`` as before where left out."""

    state: Annotated[str, Field(pattern="^(available|busy|away)$")]
    minutes: Annotated[int | None, Field(ge=1, le=720)] = None
    kinds: Annotated[list[WorkKind] | None, Field(max_length=3)] = None


class Offer(Outgoing):
    """Work on offer to the token's person; ``work`` is a ticket's number, or the id of a chat or call."""

    id: int
    kind: WorkKind
    work: int
    state: OfferState
    why: dict[str, Any]
    offered_at: datetime
    expires_at: datetime


class Answer(Incoming):
    """Nothing more is needed."""


class NextTicket(Outgoing):
    """The ticket that was taken; null where there is none for the token's person."""

    ticket: Ticket | None


class DepartmentAssignment(Outgoing):
    """How a department hands out its work; minutes of opening hours, null: never. ``skills`` by a service's key."""

    department: str
    mode: AssignmentMode
    turn: Turn
    sticky: bool
    offer_minutes: int
    skills: dict[str, list[str]]
    overflow_minutes: int | None
    overflow_department: str | None
    overflow_team: str | None
    take_back_minutes: int | None
    warn_minutes: int


class AssignmentChange(Incoming):
    """What is given changes, the rest stays."""

    mode: AssignmentMode | None = None
    turn: Turn | None = None
    sticky: bool | None = None
    offer_minutes: Minutes | None = None
    skills: Annotated[dict[KeyName, Annotated[list[Word], Field(max_length=20)]] | None, Field(max_length=500)] = None
    overflow_minutes: Minutes | None = None
    overflow_department: KeyName | None = None
    overflow_team: KeyName | None = None
    take_back_minutes: Minutes | None = None
    warn_minutes: Minutes | None = None


class Similar(Outgoing):
    """A ticket that says much the same: how much (0 to 1), and whether the same person asked it."""

    number: str
    subject: str
    status: Status
    received_at: datetime
    share: float
    same_person: bool


class SimilarTickets(Outgoing):
    """The likeliest first, those of the same person before the others."""

    items: list[Similar]


class Wording(Incoming):
    """What a request would say, and by whom."""

    subject: Annotated[Text, Field(max_length=300)] = ""
    text: Annotated[Text, Field(max_length=100_000)] = ""
    email: Email | None = None
    phone: Phone | None = None
