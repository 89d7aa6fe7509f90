"""The supervisor's pages: figures with their tickets, how things stand now, and post that needs a hand."""

from helpdesk.web.supervise import board, figures, post
from helpdesk.web.supervise.room import room

__all__ = ["board", "figures", "post", "room"]
