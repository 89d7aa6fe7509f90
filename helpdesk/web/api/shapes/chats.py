"""Conversations by chat, for programmes of staff."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from helpdesk.vocabulary import ChatAuthor, ChatState
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.outgoing import Outgoing
from helpdesk.web.api.shapes.words import KeyName, Text


class Chat(Outgoing):
    """A conversation: its request, who has it, since when its citizen waits, and how far each side has read."""

    id: int
    state: ChatState
    ticket: int
    department: str | None
    agent: int | None
    language: str
    queued_at: datetime | None
    accepted_at: datetime | None
    seq: int
    citizen_read: int
    agent_read: int


class ChatLine(Outgoing):
    """A line; of what the house tells the ``code``. ``attachments`` are files of the request."""

    seq: int
    author: ChatAuthor
    name: str
    text: str
    code: str
    at: datetime
    choices: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    attachments: list[int]


class ChatKept(Outgoing):
    """Where a line stands; sent again under the same ``client_id`` it is the same."""

    seq: int
    at: datetime


class ChatSaying(Incoming):
    """A line to the citizen; ``client_id`` is the sender's own name for it."""

    text: Annotated[Text, Field(min_length=1, max_length=4_000)]
    client_id: Annotated[Text | None, Field(max_length=100)] = None


class ChatDeed(Incoming):
    """What a verb needs: ``text`` for whisper; ``department`` and ``reason`` for pass-on; ``reason``, ``hours`` for
    block."""

    text: Annotated[Text, Field(max_length=4_000)] = ""
    department: KeyName | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""
    hours: Annotated[int, Field(ge=1, le=720)] = 24
