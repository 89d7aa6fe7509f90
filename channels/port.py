"""What a channel must offer, may offer, and how it may fail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from channels.message import InboundMessage, OutboundMessage, Receipt


class ChannelError(Exception):
    """Base of what a channel raises; the text is for the operator."""


class Retry(ChannelError):
    """It did not go through now; it may later. Nothing was handed over."""


class Refused(ChannelError):
    """The other side will never take this one."""


class Unknown(ChannelError):
    """It broke off where nobody can know whether the message was taken."""


class Unreadable(ChannelError):
    """These bytes are no message of this channel."""


class BadSignature(ChannelError):
    """A hook whose sender is not proven."""


@dataclass(frozen=True)
class Raw:
    """A message as it came. ``external_id`` tells it from all others of its account."""

    body: bytes
    external_id: str = ""
    received_at: datetime | None = None
    envelope: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Capabilities:
    """What a composer may offer; ``max_characters`` 0 is no limit."""

    subject: bool = True
    html: bool = False
    attachments: bool = False
    answers: bool = True
    max_characters: int = 0


def setting(default: Any, label: str, tip: str = "", *, secret: bool = False) -> Any:
    """A field of a channel's settings, with what the admin form needs to show it; the words are message ids."""
    return field(default=default, repr=not secret, metadata={"label": label, "help": tip, "secret": secret})


@dataclass(frozen=True)
class NoSettings:
    """A channel that needs no settings."""


@runtime_checkable
class Channel(Protocol):
    """One kind of channel. ``settings`` is a frozen dataclass; its fields' metadata make the admin form."""

    kind: str
    label: str
    can: Capabilities
    settings: type[Any]

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands raw bytes; pure. Raises Unreadable for what is no message at all."""
        ...


@runtime_checkable
class Delivers(Protocol):
    """A channel that carries messages out."""

    def deliver(self, message: OutboundMessage, settings: Any) -> Receipt:
        """Hands one message over; raises Retry, Refused or Unknown."""
        ...


@runtime_checkable
class Probes(Protocol):
    """A channel whose way out can be tried without sending anything."""

    def probe(self, settings: Any) -> str:
        """Connects and signs in; what the other side said. Raises Retry or Refused."""
        ...


@runtime_checkable
class Pulls(Protocol):
    """A channel that must go and ask for its messages."""

    def fetch(self, settings: Any, cursor: Mapping[str, Any]) -> Iterable[Raw]:
        """What came since the cursor; raises Retry."""
        ...

    def acknowledge(self, settings: Any, kept: Iterable[Raw]) -> Mapping[str, Any]:
        """Called after they are durable; the cursor for the next time."""
        ...


@dataclass(frozen=True)
class Hook:
    """A call from outside, as the one door for hooks hands it over; header names in lower case."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@runtime_checkable
class Answers(Protocol):
    """A channel that others call."""

    def receive(self, hook: Hook, settings: Any) -> Iterable[Raw]:
        """The messages a call carries; raises BadSignature where its sender is not proven, Unreadable for junk."""
        ...
