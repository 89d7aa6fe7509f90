"""A conversation held under its lock while it changes; and the one way to add a line to it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, insert, select, text

from helpdesk.background import announce
from helpdesk.db import before_commit, db, pending, table
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.chats import Chat, ChatLine
from helpdesk.services.access.secrets import digest
from helpdesk.services.news import STREAM
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import ChatAuthor, ChatTold

_CHATS, _LINES = table(Chat), table(ChatLine)
LINE = "chat_line"
"""What live streams call news of a conversation."""


@dataclass(frozen=True)
class Key:
    """How a citizen's browser names its conversation: the number and the token that proves it is theirs."""

    id: int
    token: str


def hashed(token: str) -> str:
    """What is kept of a token."""
    return digest(token).hex()


LONGEST = 4_000
"""Characters of a line of staff; what citizens may write is the body's to say (settings)."""

SHORTEST_NAME = 22
"""Characters of a name that nobody guesses, as a browser makes it (128 bits); what is shorter names nothing."""


def token_for(name: str) -> str:
    """The token of whatever was begun under a browser's secret name: the same each time, and only to who knows it.

    Empty for a name that could be guessed.
    """
    if not SHORTEST_NAME <= len(name) <= 100:
        return ""
    secret = current_app.config["SETTINGS"].secret_key
    made = hmac.digest(secret.encode(), f"chat:{name}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def find(token: str) -> Key | None:
    """The conversation of a token."""
    query = select(_CHATS.c.id).where(_CHATS.c.token_hash == hashed(token))
    number = db.session.execute(query).scalar_one_or_none()
    return Key(number, token) if number is not None else None


def glance(key: Key) -> Row[Any]:
    """The conversation as it stands, held by nobody; raises NotFound."""
    row = db.session.execute(select(_CHATS).where(_CHATS.c.id == key.id)).one_or_none()
    if row is None or row.token_hash != hashed(key.token):
        raise NotFound("There is no such conversation.")
    return row


def ticket_of(chat_id: int) -> int | None:
    """The conversation's request, read without a lock: whoever needs both locks takes the request's first."""
    found = db.session.execute(select(_CHATS.c.id, _CHATS.c.ticket_id).where(_CHATS.c.id == chat_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such conversation.")
    return None if found.ticket_id is None else int(found.ticket_id)


def hold(chat_id: int) -> Chat:
    """The conversation under its lock until the transaction ends; raises NotFound."""
    query = select(Chat).where(Chat.id == chat_id).with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def hold_with_ticket(chat_id: int) -> Chat:
    """The same, after its request: whoever changes both takes them in this order, as everywhere."""
    number = ticket_of(chat_id)
    if number is not None:
        db.session.execute(text("select from ticket where id = :id for update"), {"id": number})
    return hold(chat_id)


def hold_for(key: Key) -> Chat:
    """The same for a citizen's browser: to whom the token is not theirs, it does not exist."""
    found = hold(key.id)
    if found.token_hash != hashed(key.token):
        raise NotFound("There is no such conversation.")
    return found


@dataclass(frozen=True)
class Line:
    """What is about to be said. ``client_id`` is its sender's own name for it."""

    author: ChatAuthor
    text: str = ""
    person_id: int | None = None
    message_id: int | None = None
    client_id: str | None = None
    code: str = ""
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Kept:
    """A line's place and time; ``again``: it was sent before, and nothing was added."""

    seq: int
    at: datetime
    again: bool = False


def sent_before(chat_id: int, client_id: str | None) -> Kept | None:
    """The line of that name, where its sender did not hear that it was kept."""
    if not client_id:
        return None
    query = select(_LINES.c.seq, _LINES.c.at).where(_LINES.c.chat_id == chat_id, _LINES.c.client_id == client_id)
    row = db.session.execute(query).one_or_none()
    return Kept(row.seq, row.at, again=True) if row else None


def add(chat: Chat, lines: Sequence[Line], at: datetime) -> Kept:
    """Adds lines under the conversation's lock, so that their numbers have no gap; where the last one stands."""
    rows = []
    for line in lines:
        chat.seq += 1
        rows.append({
            "chat_id": chat.id, "seq": chat.seq, "author": line.author.value, "person_id": line.person_id,
            "message_id": line.message_id, "client_id": line.client_id, "code": line.code,
            "text": "" if line.message_id else line.text, "data": dict(line.data or {}), "at": at,
        })  # fmt: skip
    chat.changed_at = at
    db.session.flush()
    if rows:
        db.session.execute(insert(_LINES), rows)
    tell(chat)
    return Kept(chat.seq, at)


def say_so(chat: Chat, told: ChatTold, at: datetime, client_id: str | None = None, **values: Any) -> Kept:
    """The house says what happens: a code, put into words for whoever reads it."""
    return add(chat, [Line(ChatAuthor.HOUSE, code=told.value, data=values, client_id=client_id)], at)


def require_words(words: str, files: Sequence[NewFile] = (), longest: int = LONGEST) -> None:
    """Raises Invalid for a line that says nothing, or too much."""
    if not words.strip() and not files:
        raise Invalid("There is nothing to send.", fields={"text": "write something"})
    if len(words) > longest:
        raise Invalid("That is too long for one line.", fields={"text": f"at most {longest} characters"})


def tell(chat: Chat) -> None:
    """Whoever looks at the conversation looks again after the commit; once, however much of it changed."""
    if chat not in pending("chats"):
        pending("chats").append(chat)
    before_commit(_announce)


def _announce() -> None:
    told: list[Chat] = pending("chats").copy()
    pending("chats").clear()
    for chat in told:
        line: dict[str, str | int] = {"chat": chat.id, "kind": LINE, "ticket": chat.ticket_id or 0}
        line |= {"department": chat.department_id or 0, "person": chat.agent_id or 0}
        announce(STREAM, line)
