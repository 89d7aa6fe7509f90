"""The supervisor's pages: figures with their tickets, how things stand now, what waits, what is at risk, the post."""

from helpdesk.web.supervise import (
    board,
    bot,
    calls,
    escalation_report,
    figures,
    held,
    lessons,
    majors,
    models,
    post,
    risk,
    routing,
    waiting,
    waiting_report,
)
from helpdesk.web.supervise.room import room

__all__ = [
    "board", "bot", "calls", "escalation_report", "figures", "held", "lessons", "majors", "models", "post", "risk",
    "room", "routing", "waiting", "waiting_report",
]  # fmt: skip
