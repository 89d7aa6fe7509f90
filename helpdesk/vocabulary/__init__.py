"""The field's closed sets of words (FitSM-0, ITIL), as they stand in the database and the API."""

from helpdesk.vocabulary.assignment import (
    AssignmentMode,
    OfferState,
    PresenceState,
    SurgeState,
    WorkKind,
)
from helpdesk.vocabulary.bot import BotOutcome, BotState, HandOverReason, Readership
from helpdesk.vocabulary.callbacks import (
    OPEN_PROMISES,
    AttemptState,
    PromiseEnd,
    PromiseOrigin,
    PromiseState,
    PromiseWay,
)
from helpdesk.vocabulary.calls import CallResult, CallState, LegRole, RecordingKind, RecordingState, WrapUp
from helpdesk.vocabulary.chats import CHAT_OVER, WITH_PEOPLE, ChatAuthor, ChatChoice, ChatState, ChatTold
from helpdesk.vocabulary.closure import ClosurePoint, RootCause, ToldBy
from helpdesk.vocabulary.duty import (
    Capacity,
    Handing,
)
from helpdesk.vocabulary.informing import (
    PublicChange,
    Reader,
    Telling,
)
from helpdesk.vocabulary.kinds import RULES, Care, TypeRules, rules
from helpdesk.vocabulary.majors import (
    ChildState,
    Criterion,
    ProposalState,
    SignalLevel,
    SignalState,
)
from helpdesk.vocabulary.people import (
    ActorKind,
    Role,
)
from helpdesk.vocabulary.processes import (
    SETTLED,
    ProblemState,
    StepKind,
    StepState,
)
from helpdesk.vocabulary.stages import Stage
from helpdesk.vocabulary.talk import (
    LEFT,
    TEXTS,
    Audience,
    CallOutcome,
    ChannelKind,
    Delivery,
    Direction,
    InboundOutcome,
    InboundState,
)
from helpdesk.vocabulary.tickets import (
    FINISHED,
    TERMINAL,
    WAITING,
    WAITING_STATUS,
    Level,
    NoReplyReason,
    Priority,
    ResolutionCode,
    Status,
    TicketType,
    WaitingReason,
)
from helpdesk.vocabulary.time import (
    ClockName,
    RulebookKind,
    RunKind,
    RunState,
    VersionState,
)

__all__ = [
    "CHAT_OVER",
    "FINISHED",
    "LEFT",
    "OPEN_PROMISES",
    "RULES",
    "SETTLED",
    "TERMINAL",
    "TEXTS",
    "WAITING",
    "WAITING_STATUS",
    "WITH_PEOPLE",
    "ActorKind",
    "AssignmentMode",
    "AttemptState",
    "Audience",
    "BotOutcome",
    "BotState",
    "CallOutcome",
    "CallResult",
    "CallState",
    "Capacity",
    "Care",
    "ChannelKind",
    "ChatAuthor",
    "ChatChoice",
    "ChatState",
    "ChatTold",
    "ChildState",
    "ClockName",
    "ClosurePoint",
    "Criterion",
    "Delivery",
    "Direction",
    "HandOverReason",
    "Handing",
    "InboundOutcome",
    "InboundState",
    "LegRole",
    "Level",
    "NoReplyReason",
    "OfferState",
    "PresenceState",
    "Priority",
    "ProblemState",
    "PromiseEnd",
    "PromiseOrigin",
    "PromiseState",
    "PromiseWay",
    "ProposalState",
    "PublicChange",
    "Reader",
    "Readership",
    "RecordingKind",
    "RecordingState",
    "ResolutionCode",
    "Role",
    "RootCause",
    "RulebookKind",
    "RunKind",
    "RunState",
    "SignalLevel",
    "SignalState",
    "Stage",
    "Status",
    "StepKind",
    "StepState",
    "SurgeState",
    "Telling",
    "TicketType",
    "ToldBy",
    "TypeRules",
    "VersionState",
    "WaitingReason",
    "WorkKind",
    "WrapUp",
    "rules",
]
