"""Agreements in the browser: their list, the contract of each, its form."""

from helpdesk.web.admin.agreements import pages

__all__ = ["pages"]
