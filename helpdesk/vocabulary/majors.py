"""Major incidents and what monitoring reports."""

from enum import StrEnum


class Criterion(StrEnum):
    """Which of the written criteria an incident met; ``none`` is an answer too (FitSM-2, MI-1)."""

    NONE = "none"
    SIMILAR = "similar"
    CRITICAL_SERVICE = "critical_service"
    PRIORITY = "priority"
    BY_HAND = "by_hand"


class ProposalState(StrEnum):
    """What became of the proposal to declare a major incident."""

    OPEN = "open"
    DECLARED = "declared"
    DISMISSED = "dismissed"


class ChildState(StrEnum):
    """How a ticket stands to the major incident it is part of."""

    LINKED = "linked"
    EXCLUDED = "excluded"
    RESOLVED = "resolved"


class SignalLevel(StrEnum):
    """How grave what monitoring reports is (ITIL event management)."""

    INFORMATION = "information"
    WARNING = "warning"
    EXCEPTION = "exception"


class SignalState(StrEnum):
    """Whether it still is so."""

    FIRING = "firing"
    RECOVERED = "recovered"
