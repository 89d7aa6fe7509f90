"""Against abuse: how much may come from one place or one conversation, when nobody new gets in, and words to notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.errors import Forbidden, HelpdeskError, Invalid
from helpdesk.services.chats import holding
from helpdesk.services.chats.settings import ChatSettings
from helpdesk.services.notices import NewFile
from routing import fold

MINUTE = timedelta(minutes=1)


class Crowded(HelpdeskError):
    """Too much at once: wait, or leave a request."""

    status = 429
    title = "Too many at once"


_SEEN = text(
    """
    select (select count(*) from chat where visitor = :visitor and visitor <> '' and opened_at > :hour) as mine,
           (select count(*) from chat where opened_at > :minute) as all,
           exists (select from chat_block where visitor = :visitor and visitor <> '' and until > :at) as blocked
    """
)


def check_opening(visitor: str, limits: ChatSettings, at: datetime) -> None:
    """Raises Forbidden for who is kept out, Crowded where too many come at once."""
    values = {"visitor": visitor, "at": at, "hour": at - timedelta(hours=1), "minute": at - MINUTE}
    row = db.session.execute(_SEEN, values).one()
    if row.blocked:
        raise Forbidden("You cannot chat with us just now. You can still send a request.", code="kept-out")
    if row.mine >= limits.from_one_place:
        raise Crowded("You opened many conversations. Go on in one of them, or send a request.", code="too-many")
    if row.all >= limits.flood:
        raise Crowded("Very many people write to us just now. Please send a request.", code="flood")


_LATELY = text(
    "select count(*) from chat_line where chat_id = :id and author = 'citizen' and at > :since and seq > :newest"
)


def check_pace(chat_id: int, newest: int, limits: ChatSettings, at: datetime) -> None:
    """Raises Crowded where one conversation says more than anybody can type."""
    values = {"id": chat_id, "since": at - MINUTE, "newest": newest - 4 * limits.lines_a_minute}
    if db.session.execute(_LATELY, values).scalar_one() >= limits.lines_a_minute:
        raise Crowded("That is very much at once. Please wait a minute.", code="too-fast")


def check_line(words: str, files: Sequence[NewFile], limits: ChatSettings) -> None:
    """Raises Invalid for a line that says nothing, or more than the body takes at once."""
    holding.require_words(words, files, limits.longest_line)
    if len(files) > limits.files_a_line:
        raise Invalid("That is too many files for one line.", fields={"files": f"at most {limits.files_a_line}"})


@dataclass(frozen=True)
class Pressure:
    """How many conversations began within the last minute and hour, of how many a minute; ``shut``: nobody new."""

    minute: int
    hour: int
    most: int

    @property
    def shut(self) -> bool:
        """Whether the breaker is open just now: who comes is led to the form."""
        return self.minute >= self.most


_PRESSURE = text(
    "select count(*) as hour, count(*) filter (where opened_at > :minute) as minute from chat where opened_at > :hour"
)


def pressure(limits: ChatSettings, at: datetime) -> Pressure:
    """How much comes just now."""
    row = db.session.execute(_PRESSURE, {"minute": at - MINUTE, "hour": at - timedelta(hours=1)}).one()
    return Pressure(row.minute, row.hour, limits.flood)


def noticed(words: str, limits: ChatSettings) -> tuple[str, ...]:
    """Words of the body's list that a text has, accents and capitals aside: a hint to a colleague, and nothing more."""
    if not limits.watched:
        return ()
    folded = f" {' '.join(_letters(fold(words)).split())} "
    return tuple(one for one in limits.watched if f" {' '.join(_letters(fold(one)).split())} " in folded)


def _letters(folded: str) -> str:
    return "".join(letter if letter.isalnum() else " " for letter in folded)
