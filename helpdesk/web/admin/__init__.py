"""The administrator's pages: the house, its people, its addresses."""

from helpdesk.web.admin.room import room

__all__ = ["room"]
