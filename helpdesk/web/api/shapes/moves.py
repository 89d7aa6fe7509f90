"""What each verb of the table of moves takes."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from helpdesk.vocabulary import CallOutcome, NoReplyReason, ResolutionCode, RootCause, ToldBy, WaitingReason
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.words import Body, Email, Id, KeyName, Line, Moment, Note, Number, Phone


class Move(Incoming):
    """A move that needs nothing more; ``version`` guards against acting on an old state."""

    version: Id | None = None


class Assign(Move):
    """Whom to assign to; null takes it off everybody."""

    assignee_id: Id | None


class Transfer(Move):
    """Which department answers from now on, and why. ``not_competent``: because by law the present one is not.

    ``hand_over``: whoever answers there for cases is the owner from now on; else the owner stays.
    """

    department: KeyName
    reason: Line
    note: Note = ""
    not_competent: bool = False
    hand_over: bool = False


class Wait(Move):
    """Why it waits and until when at the latest."""

    reason: Annotated[WaitingReason, Field(strict=False)]
    until: Moment | None = None
    note: Note = ""


class ClosureFacts(Move):
    """What the closure checklist asks for; what is left out stays as it is.

    ``verified_by`` is who tested it, one of us or who asked; ``category`` the one it belongs to as it turned out.
    """

    root_cause: Annotated[RootCause, Field(strict=False)] | None = None
    workaround: bool | None = None
    verified_by: Id | None = None
    category: KeyName | None = None


class Resolve(ClosureFacts):
    """How it ended; the text goes to the citizen."""

    code: Annotated[ResolutionCode, Field(strict=False)]
    text: Body


class Because(Move):
    """A move that needs a reason."""

    reason: Line


class Escalate(Because):
    """Why, and to which team (its key) or person who decides more.

    Without either: ``functional`` to the team of the next level, else to whoever is next above.
    """

    kind: Literal["functional", "hierarchical"] | None = None
    team: KeyName | None = None
    person: Id | None = None


class Close(ClosureFacts):
    """``complete``: refused while a point of the checklist is open."""

    complete: bool = False


class Confirm(Move):
    """The citizen says that it is solved: how they told it, and what there is to note of that."""

    told_by: Annotated[ToldBy, Field(strict=False)] | None = None
    note: Note = ""


class Reject(Move):
    """The citizen says that it is not solved, and how they told it; what we write for them is internal."""

    text: Note = ""
    told_by: Annotated[ToldBy, Field(strict=False)] | None = None


class Merge(Move):
    """Into which ticket. Where other people asked in it, ``different_people`` says that all shall read our answers."""

    into: Number
    different_people: bool = False
    note: Note = ""


class EngageSupplier(Move):
    """Which supplier, by key or id, is to do what; the text is internal."""

    supplier: KeyName | Id
    text: Body


class SupplierAnswered(Move):
    """What it said; internal."""

    text: Note = ""


class Forward(Move):
    """Which other body is competent; the text goes to the citizen."""

    to: Annotated[Line, Field(max_length=200)]
    text: Body
    email: Email | None = None
    phone: Phone | None = None


class NoReplyNeeded(Move):
    """Why what the citizen wrote last wants no answer."""

    reason: Annotated[NoReplyReason, Field(strict=False)]
    note: Note = ""


class MarkIncomplete(Move):
    """What is missing, in words for the citizen; until when we wait for it at the latest."""

    text: Body
    until: Moment | None = None


class Noted(Move):
    """A move that an internal note may go with."""

    note: Note = ""


class Extend(Move):
    """By how many days the law's deadline is extended; the reason goes to the citizen."""

    days: Annotated[int, Field(ge=1, le=90)]
    reason: Body


class PromiseCallBack(Move):
    """Between which moments the citizen will be rung; without an end in the window that is offered from then on."""

    begins_at: Moment
    ends_at: Moment | None = None
    note: Note = ""


class DialCallBack(Move):
    """How it went when the citizen was rung."""

    outcome: Annotated[CallOutcome, Field(strict=False)]
    note: Note = ""


MOVES: Mapping[str, type[Move]] = {
    "take": Move,
    "assign": Assign,
    "transfer": Transfer,
    "wait": Wait,
    "resume": Move,
    "escalate": Escalate,
    "de-escalate": Because,
    "resolve": Resolve,
    "confirm": Confirm,
    "reject": Reject,
    "close": Close,
    "record-closure": ClosureFacts,
    "reopen": Because,
    "cancel": Because,
    "merge": Merge,
    "unmerge": Move,
    "engage-supplier": EngageSupplier,
    "supplier-answered": SupplierAnswered,
    "forward": Forward,
    "deny-competence": Because,
    "no-reply-needed": NoReplyNeeded,
    "mark-incomplete": MarkIncomplete,
    "mark-complete": Noted,
    "extend": Extend,
    "promise-call-back": PromiseCallBack,
    "move-call-back": PromiseCallBack,
    "ring-call-back": Move,
    "dial-call-back": DialCallBack,
    "cancel-call-back": Noted,
}
