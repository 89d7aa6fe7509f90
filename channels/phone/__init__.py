"""Calls by a carrier that speaks Twilio's dialect: its hooks proven and understood, our turns spoken, calls placed."""

from channels.carrier import Carrier
from channels.message import InboundMessage
from channels.phone import hooks, twiml
from channels.phone.parse import parse
from channels.phone.settings import PhoneSettings
from channels.port import Capabilities, Hook, Raw
from channels.turns import Reply, Step, Turn, Voice
from channels.twilio_carrier import SIGNATURE, Account, Secrets, TwilioCarrier, sign, verify


class Phone:
    """The telephone."""

    kind = "phone"
    label = "Telephone"
    can = Capabilities(subject=False, html=False, attachments=False, answers=False)
    settings = PhoneSettings

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands the report of a call; raises Unreadable for what is none."""
        return parse(raw.body if isinstance(raw, Raw) else raw)

    def verify(self, call: Hook, settings: PhoneSettings) -> None:
        """Raises BadSignature where the caller is not proven."""
        assert settings.moment is not None
        secrets = Secrets(settings.auth_token, settings.previous, settings.previous_until)
        verify(call, secrets, settings.public_base_url, settings.moment)

    def understand(self, call: Hook) -> Step:
        """What a proven call says; raises Unreadable for junk."""
        return hooks.understand(call)

    def speak(self, turn: Turn, say: Voice, base: str) -> Reply:
        """A turn as TwiML."""
        return twiml.speak(turn, say, base)

    def apology(self, base: str) -> Reply:
        """What is said where nothing else can be."""
        return twiml.apology(base)

    def signed(self, url: str, body: bytes, secret: str) -> dict[str, str]:
        """The headers with which the carrier would post that body there."""
        return {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE: sign(url, body, secret)}

    def carrier(self, settings: PhoneSettings) -> Carrier:
        """The account at the carrier, for what we do by ourselves."""
        at = settings.base_url or settings.carrier_url
        account = Account(settings.account_sid, settings.auth_token, *([at] if at else []))
        return TwilioCarrier(account)


CHANNEL = Phone()
