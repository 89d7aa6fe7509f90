"""Governed waiting: reminded, warned and ended by the clock, reviewed and extended by supervisors."""

from helpdesk.services.waiting.governing import end, extend
from helpdesk.services.waiting.prospects import Outlook, outlook
from helpdesk.services.waiting.review import Listed, Wanted, listed, setters
from helpdesk.services.waiting.ticking import act_on, next_of, set_aside, tick

__all__ = [
    "Listed", "Outlook", "Wanted", "act_on", "end", "extend", "listed", "next_of", "outlook", "set_aside", "setters",
    "tick",
]  # fmt: skip
