"""What channels of short messages share, whatever carries them: hooks, sending, reports, files, over one carrier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from channels import text_forms
from channels.carrier import Busy, Carrier, Text
from channels.message import InboundMessage, OutboundMessage, Receipt
from channels.port import Capabilities, Hook, Raw, Retry, Tiding, Unreadable, provided, setting
from channels.twilio_carrier import SIGNATURE, Account, Secrets, TwilioCarrier, sign, verify

LONGEST = 1600
"""Characters that the carrier takes in one message, however many parts that makes."""
NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""The carrier sends whatever else we would answer to the citizen as a message."""


@dataclass(frozen=True)
class TextSettings:
    """The account at the carrier: the telephone's, by which our number is held."""

    account_sid: str = setting("", "Account at the carrier", "Begins with AC")
    base_url: str = setting("", "Address of the carrier")
    auth_token: str = setting("", "Secret of the account", secret=True)
    previous: str = setting("", "Secret before it", secret=True)
    previous_until: str = setting("", "Until when the secret before it counts")
    carrier_url: str = provided("")
    public_base_url: str = provided("")
    hook_base: str = provided("")
    moment: datetime | None = provided(None)


class Texting:
    """A channel of short messages; ``prefix`` stands before numbers on it."""

    kind: str
    label: str
    prefix: ClassVar[str] = ""
    can = Capabilities(subject=False, html=False, attachments=False, answers=True, max_characters=LONGEST)
    settings = TextSettings

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands a message's form; raises Unreadable for what is none."""
        return text_forms.understand(raw.body if isinstance(raw, Raw) else raw, self.prefix)

    def verify(self, call: Hook, settings: TextSettings) -> None:
        """Raises BadSignature where the caller is not proven."""
        assert settings.moment is not None
        secrets = Secrets(settings.auth_token, settings.previous, settings.previous_until)
        verify(call, secrets, settings.public_base_url, settings.moment)

    def receive(self, call: Hook, settings: TextSettings) -> Iterable[Raw]:
        """The message that a proven call carries; by its name, so that a repeated call is known."""
        if call.path.strip("/") != text_forms.INBOUND:
            raise Unreadable("there is no such address")
        yield Raw(call.body, text_forms.name_of(call.body))

    def tiding(self, call: Hook) -> Tiding | None:
        """What a proven call reports of a message of ours."""
        return text_forms.tiding(call)

    def thanks(self, call: Hook) -> tuple[bytes, str]:
        """An answer that makes the carrier send nothing."""
        return NOTHING, "text/xml"

    def deliver(self, message: OutboundMessage, settings: TextSettings) -> Receipt:
        """Hands one message over, once; raises Retry where nothing was done, Refused or Unknown."""
        text = Text(
            to=self.prefix + message.to.address,
            sender=self.prefix + message.sender.address,
            body=message.text,
            status_url=f"{settings.hook_base}{text_forms.STATUS}/{key_of(message.message_id)}",
            template=message.template,
            variables=message.variables,
        )
        try:
            sent = self.carrier(settings).send_sms(text)
        except Busy as why:
            raise Retry(str(why)) from None
        return Receipt(sent.status, reference=sent.sid, parts=sent.segments)

    def carrier(self, settings: TextSettings) -> Carrier:
        """The account at the carrier, for what we ask by ourselves."""
        at = settings.base_url or settings.carrier_url
        account = Account(settings.account_sid, settings.auth_token, *([at] if at else []))
        return TwilioCarrier(account)

    def signed(self, url: str, body: bytes, secret: str) -> dict[str, str]:
        """The headers with which the carrier would post that body there."""
        return {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE: sign(url, body, secret)}


def key_of(message_id: str) -> str:
    """Our own name for a message, as it stands in the address where its reports come in."""
    return message_id.partition("@")[0]
