"""What the chat and its bot say to each other: plain values, and the one who answers.

The chat hands each line of a citizen to `answer` as long as nobody took over; after the hand-over never again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk.vocabulary import ChatAuthor


@dataclass(frozen=True)
class Utterance:
    """A line said before."""

    author: ChatAuthor
    text: str
    at: datetime


@dataclass(frozen=True)
class Spoken:
    """A conversation as the bot meets it. ``kept`` is what it told the chat to keep; ``choice`` the key of the choice
    that the citizen pressed instead of writing; ``lines`` what was said before, oldest first; ``thought`` what the
    partner's `think` gave for this line, if it was asked."""

    id: int
    language: str
    opened_at: datetime
    department_id: int | None = None
    choice: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Utterance, ...] = ()
    thought: Any = None


@dataclass(frozen=True)
class Choice:
    """A button below the bot's words; pressed, its key comes back, and its words stand as the citizen's line."""

    key: str
    text: str


@dataclass(frozen=True)
class Source:
    """Where an answer comes from: a published article, who answers for it, when it was reviewed last (ISO date)."""

    title: str
    link: str
    department: str = ""
    reviewed_on: str = ""
    article_id: int | None = None
    language: str = ""


@dataclass(frozen=True)
class HandOver:
    """The conversation goes to people: of which department and service where that is known, why (a code), and what
    they should know, in words (an internal note)."""

    reason: str
    department_id: int | None = None
    service_id: int | None = None
    summary: str = ""


@dataclass(frozen=True)
class Said:
    """What the bot says: one line for each of ``lines``, the choices and sources under the last.

    ``kept`` replaces what it keeps. ``solved``: the citizen confirmed that this was all; it ends the conversation.
    """

    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    sources: tuple[Source, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    hand_over: HandOver | None = None
    solved: bool = False


def nothing_to_think_about(spoken: Spoken, text: str, at: datetime) -> Any:
    """Of a partner that answers at once."""
    return None


@dataclass(frozen=True)
class Partner:
    """A bot: whether it is on (for a department, or for who has none yet), its first words, and its answers.

    ``think`` is what takes time: it looks up and may wait for a server elsewhere, writes nothing and needs no lock, so
    it is called before anything is locked. With what it gives as ``thought``, ``answer`` is quick; without, ``answer``
    looks up itself and waits for nobody.
    """

    is_on: Callable[[int | None], bool]
    greet: Callable[[Spoken, datetime], Said]
    answer: Callable[[Spoken, str, datetime], Said]
    think: Callable[[Spoken, str, datetime], Any] = nothing_to_think_about


_partners: list[Partner] = []


def register(partner: Partner) -> None:
    """From now on this bot answers, instead of any before it."""
    _partners[:] = [partner]


def partner(department_id: int | None) -> Partner | None:
    """Who answers there before people do; None where nobody does."""
    return next((one for one in _partners if one.is_on(department_id)), None)
