"""The chat: one line of a conversation, as a browser sends it, becomes a message; nothing is sent this way.

What we say stands in the conversation as soon as it is written: whoever looks at it reads it there.
"""

from channels.chat.parse import parse
from channels.message import InboundMessage
from channels.port import Capabilities, NoSettings, Raw


class Chat:
    """The chat on our own pages and where it is embedded."""

    kind = "chat"
    label = "Chat"
    can = Capabilities(subject=False, html=False, attachments=True, answers=True, max_characters=4_000)
    settings = NoSettings

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands a line; raises Unreadable for what is none."""
        return parse(raw.body if isinstance(raw, Raw) else raw)


CHANNEL = Chat()
