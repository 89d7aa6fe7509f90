"""The agent's pages: the queue, one ticket, and what keeps both live."""

from helpdesk.web.desk import (
    articles,
    away,
    chats,
    files,
    help_pages,
    ledger,
    live,
    major_review,
    majors,
    moves,
    new,
    phone,
    presence,
    priorities,
    problems,
    queue,
    receipts,
    ticket,
    told,
)
from helpdesk.web.desk.live import streams
from helpdesk.web.desk.room import room

__all__ = [
    "articles",
    "away",
    "chats",
    "files",
    "help_pages",
    "ledger",
    "live",
    "major_review",
    "majors",
    "moves",
    "new",
    "phone",
    "presence",
    "priorities",
    "problems",
    "queue",
    "receipts",
    "room",
    "streams",
    "ticket",
    "told",
]
