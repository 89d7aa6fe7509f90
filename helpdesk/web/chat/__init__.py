"""The chat's own doors: lines as JSON and as a stream, for our page and for what embeds it."""

from helpdesk.web.chat import api, stream
from helpdesk.web.chat.room import room
from helpdesk.web.chat.widget import embedded

__all__ = ["api", "embedded", "room", "stream"]
