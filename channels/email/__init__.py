"""E-mail: `CHANNEL` with what it can, its settings, and the wiring of getting, parsing and sending."""

from collections.abc import Callable, Iterable

from channels.email import form, hook, line, mailbox
from channels.email.parse import parse
from channels.email.send import deliver, probe
from channels.email.settings import EmailSettings
from channels.message import InboundMessage, OutboundMessage, Receipt
from channels.port import Brought, Capabilities, Cursor, Hook, Raw


class Email:
    """Mail: by SMTP, LMTP, IMAP and webhook in, by SMTP out."""

    kind = "email"
    label = "E-mail"
    can = Capabilities(subject=True, html=True, attachments=True, screened=True)
    settings = EmailSettings

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands a mail; raises Unreadable for emptiness only."""
        if not isinstance(raw, Raw):
            return parse(raw)
        kind = raw.envelope.get("form")
        return parse(form.mail(raw.body, kind) if kind else raw.body, raw.envelope)

    def deliver(self, message: OutboundMessage, settings: EmailSettings) -> Receipt:
        """Sends one mail; raises Retry, Refused or Unknown."""
        return deliver(message, settings)

    def hang_up(self) -> None:
        """Ends the lines that were kept for the next mail."""
        line.hang_up()

    def probe(self, settings: EmailSettings) -> str:
        """Connects and signs in without sending anything; raises Retry or Refused."""
        return probe(settings)

    def verify(self, call: Hook, settings: EmailSettings) -> None:
        """Whether a provider's call is proven; raises BadSignature."""
        hook.verify(call, settings)

    def receive(self, call: Hook, settings: EmailSettings) -> Iterable[Raw]:
        """The mail that a provider posts; raises Unreadable."""
        return hook.receive(call)

    def places(self, settings: EmailSettings) -> tuple[str, ...]:
        """The folders that are read by IMAP."""
        return mailbox.places(settings)

    def look(self, settings: EmailSettings) -> str:
        """Signs in where mail is read, and opens every folder; raises Retry or Refused that says what is wrong."""
        return mailbox.probe(settings)

    def watch(
        self,
        settings: EmailSettings,
        place: str,
        cursor: Cursor,
        keep: Callable[[Brought], None],
        stop: Callable[[], bool],
    ) -> None:
        """Brings what comes into a folder, until ``stop``; raises Retry or Refused."""
        mailbox.watch(settings, place, cursor, keep, stop)


CHANNEL = Email()
