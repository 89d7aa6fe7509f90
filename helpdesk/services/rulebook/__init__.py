"""Configuration that decides, as versions: drafted, checked, put in force now or from a day, kept for its tickets."""

from helpdesk.services.rulebook.agreeing import OWN_CLOCK, PARTY, check_agreement
from helpdesk.services.rulebook.checking import READ, check
from helpdesk.services.rulebook.defaults import complete, defaults, ensure_defaults, lawful
from helpdesk.services.rulebook.drafting import discard, draft_again, make_draft, require
from helpdesk.services.rulebook.enacting import call_off, enact, put_in_force, retire, start, start_due
from helpdesk.services.rulebook.reading import (
    ALWAYS,
    DEFAULT,
    MATRICES,
    Version,
    all_in_force,
    calendar_for,
    held,
    in_force,
    matrix_for,
    matrix_key,
    numbered,
    record,
    records,
    suppose,
    version,
    versions,
)

__all__ = [
    "ALWAYS",
    "DEFAULT",
    "MATRICES",
    "OWN_CLOCK",
    "PARTY",
    "READ",
    "Version",
    "all_in_force",
    "calendar_for",
    "call_off",
    "check",
    "check_agreement",
    "complete",
    "defaults",
    "discard",
    "draft_again",
    "enact",
    "ensure_defaults",
    "held",
    "in_force",
    "lawful",
    "make_draft",
    "matrix_for",
    "matrix_key",
    "numbered",
    "put_in_force",
    "record",
    "records",
    "require",
    "retire",
    "start",
    "start_due",
    "suppose",
    "version",
    "versions",
]
