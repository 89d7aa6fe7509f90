"""The supervisor's pages: figures with their tickets, and post that needs a hand."""

from helpdesk.web.supervise.room import room

__all__ = ["room"]
