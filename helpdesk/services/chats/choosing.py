"""What the house asks the citizen: to wait on or not after a long wait, and whether they are still there."""

from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.models.chats import Chat
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from helpdesk.services.chats import holding, queueing, serving, settings
from helpdesk.services.chats.holding import Kept
from helpdesk.vocabulary import ChatChoice, ChatState, ChatTold

WARNED_FOR = timedelta(minutes=5)
"""After the question whether they are there a citizen has so long to answer it, as often as they like."""

_DUE = text(
    """
    select id, 'wait' as what from chat where state = 'queued' and ask_at <= :at
    union all
    select id, 'silence' from chat
    where state = 'active' and warned_at is null and changed_at <= :silent
      and (select author from chat_line where chat_line.chat_id = chat.id and author <> 'house'
           order by seq desc limit 1) <> 'citizen'
    union all
    select id, 'end' from chat where state = 'active' and warned_at <= :warned
    limit 100
    """
)


def tick(at: datetime) -> int:
    """Asks whoever has waited, or been silent, for long; ends what nobody answered. Who waits for us is never cut off.

    How many conversations that were.
    """
    here = settings.current()
    rows = db.session.execute(_DUE, {"at": at, "silent": at - here.silence, "warned": at - WARNED_FOR}).all()
    acts = {"wait": _ask, "silence": _warn, "end": _end}
    for row in rows:
        acts[row.what](row.id, here.silence, at)
    return len(rows)


@unit()
def _ask(chat_id: int, silence: timedelta, at: datetime) -> None:
    chat = holding.hold(chat_id)
    if chat.state == ChatState.QUEUED and chat.ask_at is not None and chat.ask_at <= at:
        chat.ask_at = None
        holding.say_so(chat, ChatTold.LONG_WAIT, at)


@unit()
def _warn(chat_id: int, silence: timedelta, at: datetime) -> None:
    chat = holding.hold(chat_id)
    if chat.state == ChatState.ACTIVE and chat.warned_at is None and chat.changed_at <= at - silence:
        chat.warned_at = at
        holding.say_so(chat, ChatTold.SILENT, at, minutes=int(WARNED_FOR.total_seconds() // 60))


@unit()
def _end(chat_id: int, silence: timedelta, at: datetime) -> None:
    chat = holding.hold_with_ticket(chat_id)
    if chat.state != ChatState.ACTIVE or chat.warned_at is None or chat.warned_at > at - WARNED_FOR:
        return
    if chat.ticket_id is not None:
        journal.record(chat.ticket_id, events.ChatEnded(chat.id, "clock"), SYSTEM, at)
    chat.warned_at = None
    serving.close(chat, at)


def choose(chat: Chat, choice: ChatChoice, client_id: str | None, at: datetime) -> Kept:
    """What the citizen chose, of a held conversation that is a request; one that came too late changes nothing."""
    if choice is ChatChoice.STAY and chat.state == ChatState.ACTIVE:
        chat.warned_at = None
        return holding.say_so(chat, ChatTold.STAYS, at, client_id=client_id)
    if chat.state != ChatState.QUEUED or choice is ChatChoice.STAY:
        return Kept(chat.seq, at)
    if choice is ChatChoice.WAIT:
        chat.ask_at = at + settings.current().patience
        return holding.say_so(chat, ChatTold.WAITS_ON, at, client_id=client_id)
    told = ChatTold.LEAVES if choice is ChatChoice.LEAVE else ChatTold.CALL_BACK
    return queueing.leave(chat, at, told, client_id)
