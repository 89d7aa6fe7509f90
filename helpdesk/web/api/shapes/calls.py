"""Telephone calls: where one is rung, the call in hand, who waits, and what is done with a call."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from helpdesk.vocabulary import CallResult, CallState, Direction, WrapUp
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.outgoing import Outgoing
from helpdesk.web.api.shapes.words import Id, Note, Text

Told = Annotated[Text, Field(max_length=40)]


class Caller(Outgoing):
    """Somebody who is known by the number of a call, with those of their open tickets that the reader may see."""

    person: int
    name: str
    email: str
    tickets: list[int]


class CallInHand(Outgoing):
    """A call that is on offer to the token's person (``offer``), that they have, or that they have to write down.

    ``candidates`` is everybody of that number; nobody is chosen by themselves. ``checked``: their identity was
    confirmed. ``consulted`` is how whoever was brought in stands.
    """

    id: int
    state: CallState
    direction: Direction
    number: str
    language: str
    since: datetime
    offer: int | None
    person: int | None
    checked: bool
    ticket: int | None
    held: bool
    recorded: bool
    paused: bool
    consulted: Literal["", "ringing", "there"]
    candidates: list[Caller]


class Waiting(Outgoing):
    """How many wait for a department, and since when the first."""

    department: str | None
    count: int
    since: datetime


class PastCall(Outgoing):
    """A call that is over, with what came of it."""

    id: int
    direction: Direction
    number: str | None
    started_at: datetime
    result: CallResult | None
    outcome: WrapUp | None
    ticket: int | None


class Telephone(Outgoing):
    """The telephone of the token's person: where they are rung, the call in hand, who waits, their last calls."""

    number: str
    call: CallInHand | None
    waiting: list[Waiting]
    lately: list[PastCall]


class TelephoneChoice(Incoming):
    """Where the token's person is rung; empty: nowhere, and no calls come to them."""

    number: Told


class NewCall(Incoming):
    """Calls a number: the telephone of the token's person rings first. 422 for a number that the body does not ring."""

    number: Told
    ticket: Id | None = None
    person: Id | None = None


class Hold(Incoming):
    """The citizen hears music, or the agent again."""

    on: bool


class BringIn(Incoming):
    """Rings a colleague who has told a telephone, or a number; one of the two."""

    colleague: Id | None = None
    number: Told = ""


class RecordingPause(Incoming):
    """Nothing is recorded while somebody tells what is nobody's business, or it goes on."""

    paused: bool


class CallSubject(Incoming):
    """Who it is, and which ticket it is about; what is left out stays."""

    person: Id | None = None
    ticket: Id | None = None


class CallOutcome(Incoming):
    """What came of a talk; the note stands as an internal message on its ticket, or on a new one."""

    outcome: WrapUp
    note: Note = ""


class WrittenUp(Outgoing):
    """The ticket on which a talk stands."""

    ticket: int
