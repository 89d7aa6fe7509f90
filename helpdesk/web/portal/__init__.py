"""The citizen's pages, in Greek below /el and in English below /en."""

from helpdesk.web.portal import articles, asking, calls, home, requests, saving, texts, tracking
from helpdesk.web.portal.doors import doors, portal

__all__ = ["articles", "asking", "calls", "doors", "home", "portal", "requests", "saving", "texts", "tracking"]
