"""The supervisor's pages: figures with their tickets, how things stand now, what waits, and post for a hand."""

from helpdesk.web.supervise import board, figures, held, post, waiting, waiting_report
from helpdesk.web.supervise.room import room

__all__ = ["board", "figures", "held", "post", "room", "waiting", "waiting_report"]
