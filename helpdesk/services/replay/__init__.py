"""Replay: what other rules would have made of past tickets, and other versions applied to open ones."""

from helpdesk.services.replay.applying import applications, applied, apply, concerned, is_undone, stop, touched, undo
from helpdesk.services.replay.asking import Choice, answers, tickets, what_if
from helpdesk.services.replay.comparing import AFTER, BEFORE, CHANGES, Flip, Found, Tally
from helpdesk.services.replay.kept import UNDER_WAY, application, ask, flips, nudge, record, runs
from helpdesk.services.replay.kept import stop as stop_run
from helpdesk.services.replay.rules import APPLIED
from helpdesk.services.replay.worlds import TRIED

__all__ = [
    "AFTER",
    "APPLIED",
    "BEFORE",
    "CHANGES",
    "TRIED",
    "UNDER_WAY",
    "Choice",
    "Flip",
    "Found",
    "Tally",
    "answers",
    "application",
    "applications",
    "applied",
    "apply",
    "ask",
    "concerned",
    "flips",
    "is_undone",
    "nudge",
    "record",
    "runs",
    "stop",
    "stop_run",
    "tickets",
    "touched",
    "undo",
    "what_if",
]
