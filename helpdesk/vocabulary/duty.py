"""Who answers for a case, and what becomes of it while they are away."""

from enum import StrEnum


class Handing(StrEnum):
    """What becomes of somebody's open cases while they are away."""

    KEEP = "keep"
    RETURN = "return"
    STAY = "stay"


class Capacity(StrEnum):
    """In which capacity somebody had a ticket that was handed over."""

    OWNER = "owner"
    ASSIGNEE = "assignee"
