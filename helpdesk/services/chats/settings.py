"""What the body decides about its chats: how long one waits, when silence ends one, how much may come at once."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor, may
from helpdesk.services import house

KEY = "chat"
_ROWS = table(Setting).c

LIMITS: Mapping[str, tuple[int, int]] = {
    "longest_wait": (1, 60),
    "idle": (20, 240),
    "longest_line": (200, 10_000),
    "lines_a_minute": (5, 120),
    "from_one_place": (1, 500),
    "flood": (5, 5_000),
    "files_a_line": (0, 10),
}
"""From what to what each may be set. Silence is never cut off before 20 minutes: reading and writing take time."""

MOST_WORDS, LONGEST_WORD = 300, 60


@dataclass(frozen=True)
class ChatSettings:
    """As the body decided; these until it did.

    ``longest_wait`` and ``idle`` are minutes: until who waits is asked what they prefer, and until who is silent is
    asked whether they are there. ``from_one_place`` are new conversations an hour, ``flood`` those a minute in the
    whole house beyond which nobody new gets in. ``watched`` are words that colleagues are told of, and nothing more.
    """

    longest_wait: int = 5
    idle: int = 20
    longest_line: int = 4_000
    lines_a_minute: int = 30
    from_one_place: int = 12
    flood: int = 120
    files_a_line: int = 10
    watched: tuple[str, ...] = ()

    @property
    def patience(self) -> timedelta:
        """So long one waits before one is asked."""
        return timedelta(minutes=self.longest_wait)

    @property
    def silence(self) -> timedelta:
        """So long nobody says anything before the citizen is asked."""
        return timedelta(minutes=self.idle)


_NAMES = frozenset(field.name for field in fields(ChatSettings))


def current() -> ChatSettings:
    """As they stand."""
    data = db.session.execute(select(_ROWS.data).where(_ROWS.key == KEY)).scalar_one_or_none() or {}
    known = {name: value for name, value in data.items() if name in _NAMES}
    return ChatSettings(**known | {"watched": tuple(known.get("watched", ()))})


@unit()
def decide(actor: Actor, wanted: ChatSettings, at: datetime) -> None:
    """Decides anew. Raises Forbidden; Invalid for a number out of its bounds, too many or too long words."""
    if not may(actor, "administer"):
        raise Forbidden("Only administrators decide about the chat.")
    wrong = {
        name: f"{least} to {most}"
        for name, (least, most) in LIMITS.items()
        if not least <= getattr(wanted, name) <= most
    }
    words = tuple(dict.fromkeys(re.sub(r"\s+", " ", word).strip().lower() for word in wanted.watched if word.strip()))
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        wrong["watched"] = f"at most {MOST_WORDS} words of {LONGEST_WORD} characters"
    if wrong:
        raise Invalid("This cannot be decided so.", fields=wrong)
    data: dict[str, Any] = asdict(wanted) | {"watched": list(words)}
    house.keep(KEY, data, at)
    house.record(actor, "decided", KEY, None, at, {name: value for name, value in data.items() if name != "watched"})
