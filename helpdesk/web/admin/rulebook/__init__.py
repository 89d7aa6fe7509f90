"""The rulebook in the browser: read, compared, edited as drafts, put in force now or from a day."""

from helpdesk.web.admin.rulebook import acts, days, editing, pages

__all__ = ["acts", "days", "editing", "pages"]
