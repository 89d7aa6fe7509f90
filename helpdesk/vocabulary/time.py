"""Clocks, the rulebook's versions, and work over many tickets."""

from enum import StrEnum


class ClockName(StrEnum):
    """The clocks of a ticket (design: SLA semantics §2)."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"
    OLA = "ola"
    UA = "ua"
    STATUTORY = "statutory"
    FORWARDING = "forwarding"
    CALLBACK = "callback"


class RulebookKind(StrEnum):
    """Configuration that decides, kept as versions."""

    RULESET = "ruleset"
    CALENDAR = "calendar"
    POLICY = "policy"
    MATRIX = "matrix"
    WAITING = "waiting"
    MAJOR_CRITERIA = "major_criteria"
    INFORMING = "informing"
    MODEL = "model"


class VersionState(StrEnum):
    """A version's life: at most one of a (kind, key) is in force; a scheduled one waits for its moment."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    DISCARDED = "discarded"


class RunKind(StrEnum):
    """What a piece of work over many tickets is: past or open tickets under other rules, or every clock verified."""

    PAST = "past"
    OPEN = "open"
    VERIFY = "verify"


class RunState(StrEnum):
    """How far such a piece of work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
