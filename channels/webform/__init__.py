"""The web form: the checked fields of a request, kept as JSON, become a message; nothing is sent this way."""

from channels.message import InboundMessage
from channels.port import Capabilities, NoSettings, Raw
from channels.webform.parse import parse


class WebForm:
    """The form on our own pages."""

    kind = "webform"
    label = "Web form"
    can = Capabilities(subject=True, html=False, attachments=True, answers=False)
    settings = NoSettings

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands a form; raises Unreadable for what is none."""
        return parse(raw.body if isinstance(raw, Raw) else raw)


CHANNEL = WebForm()
