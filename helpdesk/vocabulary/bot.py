"""Who may read a help article; what the bot does in a conversation, and why it hands over."""

from enum import StrEnum


class Readership(StrEnum):
    """Who may read a published help article: everybody, all colleagues, those of its department."""

    PUBLIC = "public"
    STAFF = "staff"
    DEPARTMENT = "department"


class BotState(StrEnum):
    """Where a conversation with the bot stands."""

    LISTENING = "listening"
    ANSWERED = "answered"
    OFFERING = "offering"
    COLLECTING = "collecting"
    SOLVED = "solved"
    HANDED_OVER = "handed_over"


class BotOutcome(StrEnum):
    """What the bot did with one thing that somebody said."""

    ANSWERED = "answered"
    REFUSED = "refused"
    TRANSLATION_OFFERED = "translation_offered"
    COLLECTED = "collected"
    SOLVED = "solved"
    DID_NOT_HELP = "did_not_help"
    REPORTED_WRONG = "reported_wrong"
    STATUS = "status"
    TALKED = "talked"
    HANDED_OVER = "handed_over"


class HandOverReason(StrEnum):
    """Why a human goes on."""

    ASKED = "asked"
    FAILED = "failed"
    EMERGENCY = "emergency"
    PERSONAL = "personal"
    FORM = "form"
    TOO_LONG = "too_long"
