"""Intake: whatever arrived becomes a message on a ticket, or a ticket, routed and timed."""

from helpdesk.services.arrival import Arrival, Bounced, StoredFile, Wish
from helpdesk.services.intake.batch import Taken, take_in
from helpdesk.services.intake.requests import NewTicket, Opened, keep_files, open_ticket, opened, take_down

__all__ = [
    "Arrival",
    "Bounced",
    "NewTicket",
    "Opened",
    "StoredFile",
    "Taken",
    "Wish",
    "keep_files",
    "open_ticket",
    "opened",
    "take_down",
    "take_in",
]
