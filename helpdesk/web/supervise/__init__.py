"""The supervisor's pages: figures with their tickets, how things stand now, what waits, and post that needs a hand."""

from helpdesk.web.supervise import board, figures, post, waiting, waiting_report
from helpdesk.web.supervise.room import room

__all__ = ["board", "figures", "post", "room", "waiting", "waiting_report"]
