"""Keeping people informed: every change they can see, once, by the rules in force, with a note of what became of it."""

from helpdesk.services.informing.changes import SEEN
from helpdesk.services.informing.declining import decline
from helpdesk.services.informing.log import declined, log
from helpdesk.services.informing.noting import GRACE, Note, Rules, keep, replace, rules
from helpdesk.services.informing.telling import leaves, reached, sent, tell

__all__ = [
    "GRACE",
    "SEEN",
    "Note",
    "Rules",
    "decline",
    "declined",
    "keep",
    "leaves",
    "log",
    "reached",
    "replace",
    "rules",
    "sent",
    "tell",
]
