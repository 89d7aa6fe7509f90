"""Conversations by chat: one order of lines, kept until the citizen has them; a request from the first word that is
meant for a person."""

from helpdesk.services.assignment import TAKERS
from helpdesk.services.chats.appointed import begin_on
from helpdesk.services.chats.beginning import Beginning, begin, begun, go_on
from helpdesk.services.chats.guarding import Crowded
from helpdesk.services.chats.holding import LONGEST, Kept, Key
from helpdesk.services.chats.keeping_out import REASONS, block, is_blocked, unblock
from helpdesk.services.chats.reaching import by_text, reach_by
from helpdesk.services.chats.reading import (
    MOST_LINES,
    Listed,
    Read,
    Standing,
    file,
    lines,
    mine,
    notes,
    of_ticket,
    one,
    resume,
    running,
    standing,
)
from helpdesk.services.chats.serving import accept, pass_on, take_over, whisper
from helpdesk.services.chats.serving import end as end_for_staff
from helpdesk.services.chats.serving import say as answer
from helpdesk.services.chats.settings import current as limits
from helpdesk.services.chats.talking import say
from helpdesk.services.chats.ticking import tick
from helpdesk.services.chats.watching import agent_seen, citizen_seen, end, read_until, staff_read_until
from helpdesk.vocabulary import WorkKind

__all__ = [
    "LONGEST", "MOST_LINES", "REASONS", "Beginning", "Crowded", "Kept", "Key", "Listed", "Read", "Standing", "accept",
    "agent_seen", "answer", "begin", "begin_on", "begun", "block", "by_text", "citizen_seen", "end", "end_for_staff",
    "file", "go_on", "is_blocked", "limits", "lines", "mine", "notes", "of_ticket", "one", "pass_on", "reach_by",
    "read_until", "register", "resume", "running", "say", "staff_read_until", "standing", "take_over", "tick",
    "unblock", "whisper",
]  # fmt: skip


def register() -> None:
    """Lets what is offered as a chat be accepted like any other work."""
    TAKERS[WorkKind.CHAT] = accept
