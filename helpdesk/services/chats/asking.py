"""The automatic assistant in a conversation: the one place where it is asked, and what it says put into lines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.chats import Chat, ChatLine
from helpdesk.services import dialogue
from helpdesk.services.chats import handing, holding
from helpdesk.services.chats.holding import Kept, Line
from helpdesk.services.dialogue import HandOver, Said, Spoken, Utterance
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import ChatAuthor, ChatState, ChatTold

MOST_LINES_READ = 40
"""Lines that the bot is told of."""

_LINES = table(ChatLine)


def think(spoken: Spoken, words: str, at: datetime) -> Any:
    """What the bot thinks of a line that will be put to it; it may take seconds, so nothing is held meanwhile."""
    partner = dialogue.partner(spoken.department_id)
    return None if partner is None else partner.think(spoken, words, at)


def put(
    chat: Chat,
    line: Line,
    at: datetime,
    *,
    choice: str = "",
    files: Sequence[NewFile] = (),
    thought: Any = None,
    people: bool = False,
    first: bool = False,
) -> Kept:
    """Puts a citizen's line to the bot of a held conversation; to people where there is none, with ``people`` at once.

    The only place where a bot speaks: never once a conversation is a request, which it is from its hand-over.
    """
    assert chat.ticket_id is None
    partner = None if files or people else dialogue.partner(chat.department_id)
    if partner is not None and first:
        _speak(chat, partner.greet(spoken(chat, ""), at), at)
    before = replace(spoken(chat, choice), thought=thought)
    chat.state, chat.ended_at = ChatState.BOT.value, None
    kept = holding.add(chat, [line], at)
    if partner is None:
        handing.hand_over(chat, HandOver("people"), at, files)
    else:
        _follow(chat, partner.answer(before, line.text, at), at)
    return kept


def spoken(chat: Any, choice: str) -> Spoken:
    """The conversation, held or only looked at, as the bot meets it."""
    query = select(_LINES.c.author, _LINES.c.text, _LINES.c.at).where(_LINES.c.chat_id == chat.id)
    rows = db.session.execute(query.order_by(_LINES.c.seq.desc()).limit(MOST_LINES_READ)).all()
    lines = tuple(Utterance(ChatAuthor(row.author), row.text, row.at) for row in reversed(rows) if row.text)
    return Spoken(chat.id, chat.language, chat.opened_at, chat.department_id, choice, dict(chat.bot), lines)


def _follow(chat: Chat, said: Said, at: datetime) -> None:
    """What the bot says is said; then the conversation goes on, to people, or ends."""
    _speak(chat, said, at)
    if said.hand_over is not None:
        handing.hand_over(chat, said.hand_over, at)
    elif said.solved:
        chat.state, chat.ended_at = ChatState.SOLVED.value, at
        holding.say_so(chat, ChatTold.SOLVED, at)


def _speak(chat: Chat, said: Said, at: datetime) -> None:
    chat.bot = dict(said.kept)
    lines = [Line(ChatAuthor.BOT, text) for text in said.lines]
    if lines:
        under = {
            "choices": [{"key": one.key, "text": one.text} for one in said.choices],
            "sources": [vars(one) for one in said.sources],
        }
        lines[-1] = Line(ChatAuthor.BOT, said.lines[-1], data={name: of for name, of in under.items() if of})
    holding.add(chat, lines, at)
