"""The administrator's pages: the house, its people, its addresses."""

from helpdesk.web.admin import log, outages, overview, pages, people
from helpdesk.web.admin.room import room

__all__ = ["log", "outages", "overview", "pages", "people", "room"]
