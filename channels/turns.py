"""What crosses between a channel that converses and the application: what was said or pressed, and what we say next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from channels.port import Hook


@dataclass(frozen=True)
class Step:
    """One thing that happened in a conversation, as the other side tells it.

    ``sid`` names the call, ``act`` what happened, ``path`` the rest of our address that was asked (``leg`` and
    ``nonce`` from it). ``mark`` tells one report of the same kind from the next; ``facts`` is all that was told.
    """

    sid: str
    act: str
    mark: str = ""
    path: tuple[str, ...] = ()
    caller: str = ""
    called: str = ""
    status: str = ""
    digits: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """Words to speak: of a prompt that is kept (``prompt``), with its values, or free ones in a language."""

    prompt: str = ""
    language: str = "el"
    values: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Play:
    """A sound, by its whole address."""

    url: str


@dataclass(frozen=True)
class Gather:
    """Waits for keys while it speaks; goes on at ``then`` with what was pressed."""

    then: str
    spoken: "tuple[Say | Play, ...]" = ()
    digits: int = 1
    seconds: int = 5
    ends_with: str = ""


@dataclass(frozen=True)
class Redirect:
    """Goes on at another address of ours."""

    then: str


@dataclass(frozen=True)
class Record:
    """Records what is said after the tone; goes on at ``then``, tells of the file at ``tells``."""

    then: str
    tells: str
    seconds: int = 120


@dataclass(frozen=True)
class Bridge:
    """Joins the room of that name. Who ``ends`` it takes everybody along when they leave."""

    room: str
    ends: bool = False
    waits: str = ""
    tells: str = ""


@dataclass(frozen=True)
class HangUp:
    """Ends the call."""


@dataclass(frozen=True)
class Decline:
    """Does not take the call at all."""

    busy: bool = False


Act = Say | Play | Gather | Redirect | Record | Bridge | HangUp | Decline


@dataclass(frozen=True)
class Turn:
    """What we answer: acts in their order. ``silent``: it was a report, which wants no words."""

    acts: tuple[Act, ...] = ()
    silent: bool = False


NOTHING = Turn(silent=True)


@dataclass(frozen=True)
class Reply:
    """An answer in the other side's dialect."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Spoken:
    """What stands for a Say in the carrier's dialect: an address of a sound, else words with their voice."""

    url: str = ""
    text: str = ""
    language: str = ""
    voice: str = ""


Voice = Callable[[Say], Spoken]
"""How the application puts a Say: recorded where there is a recording, else words in its language."""


@runtime_checkable
class Signs(Protocol):
    """A channel whose proof we can make ourselves, to try our own address."""

    def signed(self, url: str, body: bytes, secret: str) -> Mapping[str, str]:
        """The headers with which the carrier would post that body there."""
        ...


@runtime_checkable
class Converses(Protocol):
    """A channel that is asked what to say next and answers at once."""

    def verify(self, call: Hook, settings: Any) -> None:
        """Raises BadSignature where the caller is not proven."""
        ...

    def understand(self, call: Hook) -> Step:
        """What a proven call says; pure. Raises Unreadable for junk."""
        ...

    def speak(self, turn: Turn, say: Voice, base: str) -> Reply:
        """The turn in the carrier's dialect; ``base`` is our address before the paths of the turn. Pure."""
        ...

    def apology(self, base: str) -> Reply:
        """What is said where nothing else can be: no database, no settings."""
        ...
