"""Agreements with customers, departments and suppliers: which there are, which are overdue, whether they hold up."""

from helpdesk.services.agreements.reading import Agreed, find, known, overdue, today
from helpdesk.services.agreements.support import weak

__all__ = ["Agreed", "find", "known", "overdue", "today", "weak"]
