"""The port to a telephone carrier: calls, texts and media in the terms of this house, and how each may fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import phonenumbers

from channels.port import ChannelError, Refused, Unknown

AT_HOME = "GR"
RINGS = 25
"""Seconds a call rings before the carrier gives it up, where nobody says otherwise."""

WITHHELD = frozenset(
    {"", "anonymous", "restricted", "unavailable", "unknown", "+266696687", "+86282452253", "+656667676"}
)
"""What carriers write in place of a number that its owner does not show."""


class Busy(ChannelError):
    """Nothing was done: the carrier takes no more now, or could not be reached at all. It may be tried again."""


class Suspended(Refused):
    """The account itself is refused, not this request: nothing goes before somebody pays, or gives the right secret."""


@dataclass(frozen=True)
class Dial:
    """A call to place. ``key`` is our own name for it and stands in both addresses, so that a call whose answer was
    lost on the way is known again when the carrier asks for its words or tells how it ended."""

    to: str
    sender: str
    answer_url: str
    status_url: str
    key: str
    fallback_url: str = ""
    rings: int = RINGS


@dataclass(frozen=True)
class CallFound:
    """A call as the carrier knows it; ``status`` in its words (`queued` … `completed`)."""

    sid: str
    to: str
    sender: str
    status: str
    started_at: datetime | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Text:
    """A short message to send; ``media`` are addresses of ours that the carrier fetches.

    With a ``template`` (the carrier's name for approved words) go its ``variables`` and no body.
    """

    to: str
    sender: str
    body: str
    status_url: str = ""
    media: tuple[str, ...] = ()
    template: str = ""
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextSent:
    """What the carrier took: its name for it, its state, into how many parts it is cut."""

    sid: str
    status: str
    segments: int = 1


@dataclass(frozen=True)
class TextFound:
    """A short message as the carrier knows it; ``status`` in its words (`queued` … `delivered`)."""

    sid: str
    body: str
    status: str
    error: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True)
class Media:
    """A file that lies at the carrier."""

    content_type: str
    data: bytes = field(repr=False)


class Carrier(Protocol):
    """One account at a carrier.

    Every verb raises `Refused` (never, whatever is tried again; `Suspended` where it is our account that is refused),
    `Busy` (not now; nothing was done) or `Unknown` (it broke off where nobody can know whether it was done: look with
    `calls` before anything is tried again).
    """

    def dial(self, call: Dial) -> str:
        """Places a call; the carrier's name for it. Never tried twice by itself."""
        ...

    def redirect(self, sid: str, url: str) -> None:
        """A call in progress goes on with the words of another address."""
        ...

    def hang_up(self, sid: str) -> None:
        """Ends a call that rings or is in progress; one that has ended already is no error."""
        ...

    def call(self, sid: str) -> CallFound | None:
        """How a call stands; None for one that the carrier does not know."""
        ...

    def calls(self, to: str, sender: str, since: datetime) -> Sequence[CallFound]:
        """Calls between two numbers that began since a moment, the newest first: the way to find a lost one.

        Without a sender: from anybody.
        """
        ...

    def hold(self, room: str, sid: str, held: bool, music_url: str = "") -> bool:
        """Puts one party of a conference on hold or brings them back; False where they are not in it."""
        ...

    def record(self, sid: str, tells: str) -> str:
        """Begins to record a call in progress, both sides; the carrier's name for it. ``tells`` hears of the file."""
        ...

    def pause_recording(self, sid: str, recording: str, paused: bool) -> None:
        """Pauses the recording of a call, or goes on with it."""
        ...

    def delete_recording(self, recording: str) -> None:
        """Deletes a recording at the carrier; one that is gone already is no error."""
        ...

    def send_sms(self, text: Text) -> TextSent:
        """Sends a short message. Never tried twice by itself."""
        ...

    def text(self, sid: str) -> TextFound | None:
        """How a message stands; None for one that the carrier does not know."""
        ...

    def texts(self, to: str, sender: str, since: datetime) -> Sequence[TextFound]:
        """Messages from one number to another since a moment, the newest first: the way to find a lost one."""
        ...

    def fetch_media(self, url: str, largest: int) -> Media:
        """Fetches a file that lies at this carrier and nowhere else; `Refused` for one that is larger."""
        ...

    def delete_media(self, message: str, media: str) -> None:
        """Deletes a message's file at the carrier; one that is gone already is no error."""
        ...


def e164(told: str, region: str = AT_HOME) -> str:
    """A number in E.164, one without a country as one of ours; empty where it can be none or is withheld."""
    if told.strip().lower() in WITHHELD:
        return ""
    try:
        number = phonenumbers.parse(told, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


_DEAR = {
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "premium-rate",
    phonenumbers.PhoneNumberType.SHARED_COST: "shared-cost",
    phonenumbers.PhoneNumberType.UNKNOWN: "unknown",
}
_USUAL = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


def refusal(number: str, regions: frozenset[str] = frozenset({AT_HOME})) -> str:
    """Why we do not ring that number, as a code; empty where we may.

    As delivered only land lines and mobiles of the country: a public form must not make premium numbers earn.
    """
    try:
        read = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return "no-number"
    if not phonenumbers.is_valid_number(read):
        return "invalid"
    if phonenumbers.region_code_for_number(read) not in regions:
        return "abroad"
    kind = phonenumbers.number_type(read)
    return "" if kind in _USUAL else _DEAR.get(kind, "special")


def text_refusal(number: str, regions: frozenset[str] = frozenset({AT_HOME})) -> str:
    """Why we send no short message to that number, as a code; empty where we may: to mobiles that we would ring."""
    why = refusal(number, regions)
    if why:
        return why
    kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    return "land-line" if kind == phonenumbers.PhoneNumberType.FIXED_LINE else ""


__all__ = [
    "AT_HOME", "RINGS", "WITHHELD", "Busy", "CallFound", "Carrier", "Dial", "Media", "Refused", "Suspended", "Text",
    "TextFound", "TextSent", "Unknown", "e164", "refusal", "text_refusal",
]  # fmt: skip
