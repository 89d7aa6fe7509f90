"""E-mail: `CHANNEL` with what it can, its settings, and the wiring of parsing and sending."""

from channels.email.parse import parse
from channels.email.send import deliver, probe
from channels.email.settings import EmailSettings
from channels.message import InboundMessage, OutboundMessage, Receipt
from channels.port import Capabilities, Raw


class Email:
    """Mail over SMTP, both ways."""

    kind = "email"
    label = "E-mail"
    can = Capabilities(subject=True, html=True, attachments=True)
    settings = EmailSettings

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands a mail; raises Unreadable for emptiness only."""
        if isinstance(raw, Raw):
            return parse(raw.body, raw.envelope)
        return parse(raw)

    def deliver(self, message: OutboundMessage, settings: EmailSettings) -> Receipt:
        """Sends one mail; raises Retry, Refused or Unknown."""
        return deliver(message, settings)

    def probe(self, settings: EmailSettings) -> str:
        """Connects and signs in without sending anything; raises Retry or Refused."""
        return probe(settings)


CHANNEL = Email()
