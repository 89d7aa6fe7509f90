"""What is kept of how a ticket ended, beside its code and text."""

from enum import StrEnum


class RootCause(StrEnum):
    """Why it had happened, as far as the ticket shows; a problem looks deeper (FitSM PR9.5, PR10)."""

    EQUIPMENT = "equipment"
    SOFTWARE = "software"
    NETWORK = "network"
    WEAR = "wear"
    WEATHER = "weather"
    THIRD_PARTY = "third_party"
    SUPPLIER = "supplier"
    OWN_PROCEDURE = "own_procedure"
    OWN_MISTAKE = "own_mistake"
    MISUNDERSTANDING = "misunderstanding"
    UNKNOWN = "unknown"


class ToldBy(StrEnum):
    """How a citizen told us what an agent records for them."""

    PHONE = "phone"
    COUNTER = "counter"
    EMAIL = "email"
    LETTER = "letter"
    OTHER = "other"


class ClosurePoint(StrEnum):
    """What the closure checklist asks for."""

    CATEGORY = "category"
    ROOT_CAUSE = "root_cause"
    VERIFIED_BY = "verified_by"
