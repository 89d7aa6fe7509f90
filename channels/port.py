"""What a channel must offer, may offer, and how it may fail."""

import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from channels.message import InboundMessage, OutboundMessage, Receipt


class ChannelError(Exception):
    """Base of what a channel raises; the text is for the operator, ``code`` the other side's word for it, if any."""

    code: str = ""


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
    """A message as it came. ``external_id`` tells it from all others of its account.

    A large one lies in ``file``, which whoever keeps it may take away; ``body`` is empty then.
    """

    body: bytes
    external_id: str = ""
    received_at: datetime | None = None
    envelope: Mapping[str, Any] = field(default_factory=dict)
    file: Path | None = None


@dataclass(frozen=True)
class Capabilities:
    """What a composer may offer; ``max_characters`` 0 is no limit."""

    subject: bool = True
    html: bool = False
    attachments: bool = False
    answers: bool = True
    max_characters: int = 0
    screened: bool = False
    """Whether strangers can send whatever they like by it, so that lists, limits and the spam queue apply."""


Dial = Callable[[str, int, float], socket.socket]
"""Connects to a host and port within so many seconds; raises OSError. The application's refuses private ranges."""


def dial(host: str, port: int, seconds: float) -> socket.socket:
    """Connects wherever the name leads."""
    return socket.create_connection((host, port), seconds)


def setting(default: Any, label: str, tip: str = "", *, secret: bool = False, group: str = "") -> Any:
    """A field of a channel's settings, with what the admin form needs to show it; the words are message ids."""
    told = {"label": label, "help": tip, "secret": secret, "group": group}
    return field(default=default, repr=not secret, metadata=told)


def provided(default: Any) -> Any:
    """A field that the application fills in when it uses the settings; no form shows it."""
    return field(default=default, repr=False, compare=False, metadata={"label": "", "help": "", "secret": False})


def form_fields(settings: type[Any]) -> tuple[Field[Any], ...]:
    """The fields of a channel's settings that people fill in."""
    return tuple(item for item in fields(settings) if item.metadata["label"])


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
class KeepsLines(Protocol):
    """A channel that keeps its connections for the next message, until it is told that there is none."""

    def hang_up(self) -> None:
        """Ends what was kept."""
        ...


@runtime_checkable
class Probes(Protocol):
    """A channel whose way out can be tried without sending anything."""

    def probe(self, settings: Any) -> str:
        """Connects and signs in; what the other side said. Raises Retry or Refused."""
        ...


Cursor = Mapping[str, Any]
"""How far a place was read, in the channel's own terms."""


@dataclass(frozen=True)
class Brought:
    """New messages of a place, the cursor behind them, and how many lie there that were not brought yet."""

    raws: Sequence[Raw]
    cursor: Cursor
    behind: int = 0


@runtime_checkable
class Pulls(Protocol):
    """A channel that must go and ask for its messages."""

    def places(self, settings: Any) -> tuple[str, ...]:
        """Where an account's messages lie; none where it is not asked for any."""
        ...

    def look(self, settings: Any) -> str:
        """Whether we are let in there; what was found. Raises Retry or Refused that says what is wrong."""
        ...

    def watch(
        self, settings: Any, place: str, cursor: Cursor, keep: Callable[[Brought], None], stop: Callable[[], bool]
    ) -> None:
        """Brings what came since the cursor, then what comes, until ``stop``.

        ``keep`` makes a portion durable or raises; the next is asked for only after that. It is also called without
        messages whenever there are none, as a sign of life. Raises Retry where the connection is lost or was never
        made, Refused where it will never be.
        """
        ...


@dataclass(frozen=True)
class Hook:
    """A call from outside, as the one door for hooks hands it over; header names in lower case.

    ``target`` is path and query byte for byte as they were asked for: what signatures are made over.
    """

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    target: str = ""


@runtime_checkable
class Answers(Protocol):
    """A channel that others call."""

    def verify(self, call: Hook, settings: Any) -> None:
        """Raises BadSignature where the caller is not proven."""
        ...

    def receive(self, call: Hook, settings: Any) -> Iterable[Raw]:
        """The messages that a proven call carries; raises Unreadable for junk."""
        ...


@dataclass(frozen=True)
class Tiding:
    """What the other side tells of a message of ours. ``key`` is our own name for it, where we gave one.

    ``rank`` rises as it gets on and tells which of two reports is the later one; 0 for a state that we do not know.
    ``state`` is the other side's word, ``error`` its code.
    """

    sid: str
    state: str
    rank: int
    key: str = ""
    error: str = ""


@runtime_checkable
class TellsOfDelivery(Protocol):
    """A channel whose other side reports by hooks what became of our messages, and wants a certain answer."""

    def tiding(self, call: Hook) -> Tiding | None:
        """What a proven call reports; None where it carries a message. Raises Unreadable."""
        ...

    def thanks(self, call: Hook) -> tuple[bytes, str]:
        """What the caller is answered when all is kept, and as which type."""
        ...


@dataclass(frozen=True)
class Reported:
    """One thing that a monitoring system says; not ``firing``: it is over.

    ``key`` is its name for good; ``level`` is information, warning or exception; ``service`` a key, where it knows one.
    """

    key: str
    level: str
    firing: bool
    title: str
    text: str = ""
    service: str = ""


@runtime_checkable
class Reports(Protocol):
    """A channel that carries signals of machines about services instead of people's words."""

    def reported(self, raw: Raw | bytes) -> Iterable[Reported]:
        """What a kept call says; pure. Raises Unreadable for junk."""
        ...
