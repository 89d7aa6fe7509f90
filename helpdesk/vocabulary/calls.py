"""Telephone calls: how far one is, how it went, who takes part, and what becomes of recordings."""

from enum import StrEnum


class CallState(StrEnum):
    """Where a call stands; it speaks accordingly, whichever request is repeated."""

    LANGUAGE = "language"
    MENU = "menu"
    QUEUED = "queued"
    OFFERED = "offered"
    NUMBER = "number"
    CLOSED = "closed"
    RECORDING = "recording"
    RINGING_AGENT = "ringing_agent"
    RINGING_CITIZEN = "ringing_citizen"
    TALKING = "talking"
    PARTING = "parting"
    WRAP_UP = "wrap_up"
    DONE = "done"


class CallResult(StrEnum):
    """How a call went, once it is over."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    CLOSED = "closed"
    VOICEMAIL = "voicemail"
    CALL_BACK = "call_back"
    INFORMED = "informed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


class LegRole(StrEnum):
    """Who is on a line of a call."""

    CITIZEN = "citizen"
    AGENT = "agent"
    CONSULTED = "consulted"


class WrapUp(StrEnum):
    """What came of a talk, as its agent says afterwards."""

    SETTLED = "settled"
    TAKEN_DOWN = "taken_down"
    PASSED_ON = "passed_on"
    RINGS_AGAIN = "rings_again"
    WRONG_NUMBER = "wrong_number"
    SILENT = "silent"


class Consent(StrEnum):
    """Whether the citizen lets their talk be recorded; silence after the question is a yes, 9 a no."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


class RecordingKind(StrEnum):
    """What was recorded."""

    VOICEMAIL = "voicemail"
    TALK = "talk"


class RecordingState(StrEnum):
    """What became of a recording's file."""

    EXPECTED = "expected"
    READY = "ready"
    KEPT = "kept"
    ABSENT = "absent"
    FAILED = "failed"
    DELETED = "deleted"
