"""What each verb of the table of moves takes."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from helpdesk.vocabulary import ResolutionCode, WaitingReason
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.words import Body, Id, KeyName, Line, Moment, Note


class Move(Incoming):
    """A move that needs nothing more; ``version`` guards against acting on an old state."""

    version: Id | None = None


class Assign(Move):
    """Whom to assign to; null takes it off everybody."""

    assignee_id: Id | None


class Transfer(Move):
    """Which department answers from now on, and why."""

    department: KeyName
    reason: Line
    note: Note = ""


class Wait(Move):
    """Why it waits and until when at the latest."""

    reason: Annotated[WaitingReason, Field(strict=False)]
    until: Moment | None = None
    note: Note = ""


class Resolve(Move):
    """How it ended; the text goes to the citizen."""

    code: Annotated[ResolutionCode, Field(strict=False)]
    text: Body


class Because(Move):
    """A move that needs a reason."""

    reason: Line


class Escalate(Because):
    """Why, and to which team (its key) or person who decides more; without either it goes to whoever is next above."""

    team: KeyName | None = None
    person: Id | None = None


class Reject(Move):
    """The citizen says that it is not solved."""

    text: Note = ""


MOVES: Mapping[str, type[Move]] = {
    "take": Move,
    "assign": Assign,
    "transfer": Transfer,
    "wait": Wait,
    "resume": Move,
    "escalate": Escalate,
    "resolve": Resolve,
    "confirm": Move,
    "reject": Reject,
    "close": Move,
    "reopen": Because,
    "cancel": Because,
}
