"""Reads conversations: for the citizen's browser by its key, for staff by what they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.permissions import Actor, may
from helpdesk.services.chats import holding, queueing
from helpdesk.services.chats.holding import Key
from helpdesk.services.chats.queueing import Wait
from helpdesk.vocabulary import ChatAuthor, ChatState

MOST_LINES = 500
"""Lines read at once; a page that is longer goes on after the last."""


@dataclass(frozen=True)
class Read:
    """A line as it is read. ``code`` and ``data`` are what the house tells, choices and sources of the bot."""

    seq: int
    author: ChatAuthor
    text: str
    at: datetime
    name: str = ""
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    client_id: str | None = None
    files: Sequence[Row[Any]] = ()


@dataclass(frozen=True)
class Standing:
    """How a conversation stands, for both sides."""

    id: int
    state: ChatState
    seq: int
    language: str
    number: int | None
    department_id: int | None
    agent_id: int | None
    agent: str
    citizen_read: int
    agent_read: int
    knows_address: bool
    queued_at: datetime | None = None
    wait: Wait | None = None
    tracking_version: int = 0


_LINES = text(
    """
    select chat_line.seq, chat_line.author, chat_line.code, chat_line.data, chat_line.client_id, chat_line.at,
           chat_line.message_id, coalesce(message.text, chat_line.text) as text, person.name
    from chat_line
    left join message on message.id = chat_line.message_id
    left join person on person.id = chat_line.person_id
    where chat_line.chat_id = :id and chat_line.seq > :after
    order by chat_line.seq limit :limit
    """
)
_FILES = text(
    "select id, message_id, name, size, content_type, sha256 from attachment"
    " where message_id = any(:ids) and not inline order by id"
)


def lines(chat_id: int, after: int, limit: int = MOST_LINES) -> list[Read]:
    """The lines after a number, in their order; who calls has checked who reads."""
    rows = db.session.execute(_LINES, {"id": chat_id, "after": after, "limit": limit}).all()
    ids = [row.message_id for row in rows if row.message_id is not None]
    files: dict[int, list[Row[Any]]] = {}
    for file in db.session.execute(_FILES, {"ids": ids}) if ids else ():
        files.setdefault(file.message_id, []).append(file)
    return [
        Read(
            row.seq, ChatAuthor(row.author), row.text, row.at, row.name or "", row.code, row.data, row.client_id,
            files.get(row.message_id, ()),
        )
        for row in rows
    ]  # fmt: skip


_STANDING = text(
    """
    select chat.id, chat.state, chat.seq, chat.language, chat.ticket_id as number, chat.token_hash, chat.agent_id,
           chat.citizen_read, chat.agent_read, chat.queued_at,
           chat.email <> '' or chat.phone <> '' or coalesce(asks.email, asks.phone) is not null as reached,
           coalesce(ticket.department_id, chat.department_id) as department_id, agent.name as agent,
           coalesce(ticket.tracking_version, 0) as tracking_version
    from chat
    left join ticket on ticket.id = chat.ticket_id
    left join person as agent on agent.id = chat.agent_id
    left join person as asks on asks.id = ticket.requester_id
    where chat.id = :id
    """
)


def _standing(row: Row[Any], at: datetime) -> Standing:
    waits = row.state == ChatState.QUEUED and row.queued_at is not None
    return Standing(
        row.id, ChatState(row.state), row.seq, row.language, row.number, row.department_id, row.agent_id,
        row.agent or "", row.citizen_read, row.agent_read, bool(row.reached), row.queued_at,
        queueing.wait_of(row.id, row.department_id, row.queued_at, at) if waits else None, row.tracking_version,
    )  # fmt: skip


def standing(key: Key, at: datetime) -> Standing:
    """How the conversation of that key stands; raises NotFound for a key that is not good (any more)."""
    row = db.session.execute(_STANDING, {"id": key.id}).one_or_none()
    if row is None or row.token_hash != holding.hashed(key.token):
        raise NotFound("There is no such conversation.")
    return _standing(row, at)


def resume(key: Key, after: int, at: datetime) -> tuple[Standing, list[Read]]:
    """All that a browser needs that comes back: how the conversation stands, and every line after the last it has."""
    found = standing(key, at)
    return found, lines(key.id, after) if found.seq > after else []


def file(key: Key, attachment_id: int, at: datetime) -> Row[Any]:
    """A file of the conversation; raises NotFound for any other."""
    standing(key, at)
    row = db.session.execute(_FILE, {"chat": key.id, "id": attachment_id}).one_or_none()
    if row is None:
        raise NotFound("There is no such file.")
    return row


_FILE = text(
    """
    select attachment.id, attachment.name, attachment.size, attachment.content_type, attachment.sha256
    from attachment join chat_line on chat_line.message_id = attachment.message_id
    where chat_line.chat_id = :chat and attachment.id = :id
    """
)


@dataclass(frozen=True)
class Listed:
    """A conversation in a list of the desk, with what the permission table asks of its request."""

    row: Row[Any]

    @property
    def unread(self) -> bool:
        """Whether something was said that whoever has it has not read."""
        return bool(self.row.seq > self.row.agent_read and self.row.last_author == ChatAuthor.CITIZEN)


_OPEN = """
    select chat.id, chat.state, chat.seq, chat.language, chat.ticket_id, chat.agent_id, chat.agent_read,
           chat.citizen_read, chat.queued_at, chat.accepted_at, chat.citizen_seen_at, chat.changed_at,
           ticket.subject, ticket.department_id, ticket.restricted, ticket.assignee_id, ticket.owner_id,
           ticket.requester_id, ticket.complained_of, agent.name as agent, asks.name as citizen,
           (select author from chat_line where chat_line.chat_id = chat.id and author <> 'house'
            order by seq desc limit 1) as last_author
    from chat join ticket on ticket.id = chat.ticket_id
    left join person as agent on agent.id = chat.agent_id
    left join person as asks on asks.id = ticket.requester_id
"""
_ALL_OPEN = text(_OPEN + "where chat.state in ('queued', 'active') order by chat.queued_at, chat.id limit 300")
_MINE = text(_OPEN + "where chat.state = 'active' and chat.agent_id = :person order by chat.accepted_at, chat.id")
_ONE = text(_OPEN + "where chat.id = :id")
_OF_TICKET = text(_OPEN + "where chat.ticket_id = :id order by chat.id desc limit 1")


def mine(actor: Actor) -> list[Listed]:
    """The conversations that the actor has, in the order in which they began."""
    return [Listed(row) for row in db.session.execute(_MINE, {"person": actor.id})]


def running(actor: Actor) -> list[Listed]:
    """All conversations with people that the actor may read, those that wait longest first."""
    return [Listed(row) for row in db.session.execute(_ALL_OPEN) if may(actor, "read", row)]


def one(actor: Actor, chat_id: int) -> Listed:
    """One conversation that the actor may read; raises NotFound."""
    row = db.session.execute(_ONE, {"id": chat_id}).one_or_none()
    if row is None or not may(actor, "read", row):
        raise NotFound("There is no such conversation.")
    return Listed(row)


def of_ticket(number: int) -> Row[Any] | None:
    """The newest conversation of a request; who calls has checked who reads."""
    return db.session.execute(_OF_TICKET, {"id": number}).one_or_none()


_NOTES = text(
    """
    select message.id, message.at, message.text, person.name from message
    join chat on chat.ticket_id = message.ticket_id and chat.id = :id
    left join person on person.id = message.author_id
    where message.audience = 'internal' and message.at >= chat.opened_at order by message.at, message.id limit 100
    """
)


def notes(chat_id: int) -> Sequence[Row[Any]]:
    """What was whispered: the internal notes of the request since the conversation began."""
    return db.session.execute(_NOTES, {"id": chat_id}).all()
