"""The citizen's pages, in Greek below /el and in English below /en."""

from helpdesk.web.portal import home
from helpdesk.web.portal.doors import doors, portal

__all__ = ["doors", "home", "portal"]
