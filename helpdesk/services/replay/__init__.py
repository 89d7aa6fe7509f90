"""Replay: what other rules would have made of past tickets, and other versions applied to open ones."""

from helpdesk.services.replay.asking import Choice, answers, require_tried, tickets, what_if
from helpdesk.services.replay.comparing import AFTER, BEFORE, CHANGES, Flip, Found, Tally
from helpdesk.services.replay.worlds import TRIED

__all__ = [
    "AFTER",
    "BEFORE",
    "CHANGES",
    "TRIED",
    "Choice",
    "Flip",
    "Found",
    "Tally",
    "answers",
    "require_tried",
    "tickets",
    "what_if",
]
