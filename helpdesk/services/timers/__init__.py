"""Clocks of tickets: set when tickets open, read anew when facts move them, fired when due, explained and verified."""

from helpdesk.services.timers.accounts import Account, Ledger, Planned, explain, ledger
from helpdesk.services.timers.offers import Opening
from helpdesk.services.timers.promises import expect, promised_at, start
from helpdesk.services.timers.readings import follow, read_all, readings, refresh
from helpdesk.services.timers.rebinding import rebind
from helpdesk.services.timers.renewals import renew
from helpdesk.services.timers.retargeting import extend, retarget
from helpdesk.services.timers.ticking import fire, set_aside, tick
from helpdesk.services.timers.verification import Difference, differences, verify

__all__ = [
    "Account",
    "Difference",
    "Ledger",
    "Opening",
    "Planned",
    "differences",
    "expect",
    "explain",
    "extend",
    "fire",
    "follow",
    "ledger",
    "promised_at",
    "read_all",
    "readings",
    "rebind",
    "refresh",
    "renew",
    "retarget",
    "set_aside",
    "start",
    "tick",
    "verify",
]
