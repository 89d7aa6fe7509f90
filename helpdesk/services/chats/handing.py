"""From the bot, or from the first word, to people: the conversation becomes a request with a number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text

from helpdesk.db import db, insert_and, table
from helpdesk.models.chats import Chat, ChatLine
from helpdesk.models.tickets import Message
from helpdesk.permissions import SYSTEM
from helpdesk.services import intake, notices
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.chats import holding, queueing
from helpdesk.services.dialogue import HandOver
from helpdesk.services.hands import held
from helpdesk.services.notices import NewFile
from helpdesk.services.people import Contact
from helpdesk.vocabulary import Audience, ChannelKind, ChatAuthor, ChatTold, Direction

LONGEST_SUBJECT = 120
BOT = "bot"
"""The code on messages that the bot wrote: nobody's answer."""

_LINES = table(ChatLine)


def hand_over(chat: Chat, why: HandOver, at: datetime, files: Sequence[NewFile] = ()) -> None:
    """Opens the request of a held conversation, with all that was said, and lets the citizen wait for somebody.

    The last word of the citizen opens it; what was said before stands before it, with its own moments.
    """
    lines = _said(chat)
    asked = [line for line in lines if line.author == ChatAuthor.CITIZEN]
    first = asked[-1]
    [taken] = intake.take_in([_arrival(chat, asked, why, files, at)], at)
    assert taken.ticket_id is not None
    assert taken.message_id is not None
    moved = _move([line for line in lines if line.seq != first.seq], taken.ticket_id, chat)
    _point({**moved, first.seq: taken.message_id}, chat)
    chat.ticket_id, chat.handed_over_at = taken.ticket_id, at
    chat.name = chat.email = chat.phone = ""
    if why.summary.strip():
        with held(SYSTEM, taken.ticket_id, "note", None, at) as hand:
            notices.note(hand, why.summary)
    holding.say_so(chat, ChatTold.NUMBER, at, number=taken.ticket_id)
    queueing.enter(chat, at)


def _said(chat: Chat) -> Sequence[Row[Any]]:
    spoken = (_LINES.c.chat_id == chat.id, _LINES.c.author != ChatAuthor.HOUSE)
    return db.session.execute(select(_LINES).where(*spoken).order_by(_LINES.c.seq)).all()


def _arrival(chat: Chat, asked: Sequence[Row[Any]], why: HandOver, files: Sequence[NewFile], at: datetime) -> Arrival:
    wish = Wish(department_id=why.department_id or chat.department_id, service_id=why.service_id or chat.service_id)
    return Arrival(
        channel=ChannelKind.CHAT,
        received_at=at,
        contact=Contact(chat.email, chat.name, chat.phone, chat.language),
        subject=_subject([line.text for line in asked]),
        text=asked[-1].text,
        language=chat.language,
        files=intake.keep_files(files),
        wish=wish,
        unverified=not chat.proven,
    )


def _subject(told: Sequence[str]) -> str:
    """What tells most: the longest thing said, in one line."""
    line = " ".join(max(told, key=len).split())
    if len(line) <= LONGEST_SUBJECT:
        return line
    return line[:LONGEST_SUBJECT].rsplit(" ", 1)[0] + "…"


_KEEP_WORDS = """
    insert into message_words (message_id, ticket_id, at, words)
    select id, ticket_id, at, to_tsvector('helpdesk', text) from inserted
    """


def _move(lines: Sequence[Row[Any]], ticket_id: int, chat: Chat) -> dict[int, int]:
    """What was said before becomes messages of the request; the message of each line, by its number."""
    if not lines:
        return {}
    made = insert_and(table(Message), [_message(line, ticket_id, chat) for line in lines],
                      "returning id, ticket_id, at, text", _KEEP_WORDS + " returning message_id")  # fmt: skip
    return dict(zip((line.seq for line in lines), sorted(row.message_id for row in made), strict=True))


def _message(line: Row[Any], ticket_id: int, chat: Chat) -> dict[str, Any]:
    by_bot = line.author == ChatAuthor.BOT
    return {
        "ticket_id": ticket_id,
        "direction": Direction.OUTBOUND if by_bot else Direction.INBOUND,
        "audience": Audience.PUBLIC,
        "channel": ChannelKind.CHAT,
        "at": line.at,
        "text": line.text,
        "language": chat.language,
        "automatic": BOT if by_bot else None,
    }


_POINT = text(
    """
    update chat_line set message_id = moved.message_id, text = ''
    from unnest(cast(:seqs as bigint[]), cast(:messages as bigint[])) as moved (seq, message_id)
    where chat_line.chat_id = :chat and chat_line.seq = moved.seq
    """
)


def _point(moved: dict[int, int], chat: Chat) -> None:
    """The words stand in the request from now on, and only there."""
    db.session.execute(_POINT, {"chat": chat.id, "seqs": list(moved), "messages": list(moved.values())})
