"""The citizen's pages, in Greek below /el and in English below /en."""

from helpdesk.web.portal import articles, asking, calls, chat, home, requests, saving, texts, tracking
from helpdesk.web.portal.doors import doors, portal

__all__ = [
    "articles", "asking", "calls", "chat", "doors", "home", "portal", "requests", "saving", "texts", "tracking",
]  # fmt: skip
