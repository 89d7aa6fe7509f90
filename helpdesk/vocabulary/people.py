"""Who acts here."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """Who did something."""

    STAFF = "staff"
    CITIZEN = "citizen"
    SYSTEM = "system"
