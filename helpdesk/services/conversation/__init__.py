"""One ticket with all that its page shows, read in few statements: names, timeline, files, clocks, relations."""

from helpdesk.services.conversation.parts import NEWEST, SILENT, Conversation, Happened, Said
from helpdesk.services.conversation.reading import allowed, heading, read
from helpdesk.services.conversation.said import attachment, enclosed, formatted

__all__ = [
    "NEWEST", "SILENT", "Conversation", "Happened", "Said", "allowed", "attachment", "enclosed", "formatted",
    "heading", "read",
]  # fmt: skip
