"""Clocks of tickets: set when tickets open, read anew when facts move them, fired when due, explained and verified."""

from helpdesk.services.timers.ledgers import Account, Difference, explain, verify
from helpdesk.services.timers.promises import Opening, expect, promised_at, retarget, start
from helpdesk.services.timers.readings import follow, read_all, readings, refresh
from helpdesk.services.timers.ticking import fire, set_aside, tick

__all__ = [
    "Account",
    "Difference",
    "Opening",
    "expect",
    "explain",
    "fire",
    "follow",
    "promised_at",
    "read_all",
    "readings",
    "refresh",
    "retarget",
    "set_aside",
    "start",
    "tick",
    "verify",
]
