"""Who is still there: signs of life of both sides, and what follows when one of them is gone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.models.chats import Chat
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import journal
from helpdesk.services.chats import holding, queueing, serving
from helpdesk.services.chats.holding import Key
from helpdesk.vocabulary import CHAT_OVER, ActorKind, ChatState, ChatTold

AGENT_LOST = timedelta(seconds=30)
"""An agent without a sign of life for so long has lost the connection: somebody else goes on."""

CITIZEN_LOST = timedelta(minutes=10)
"""A citizen may change the train for so long; then the conversation is paused and holds nobody up."""

BOT_FORGOTTEN = timedelta(minutes=30)
"""So long after the last word a conversation with the bot is over."""

BEAT = timedelta(seconds=8)
"""How often a sign of life is kept."""

_AGENT_SEEN = text(
    "update chat set agent_seen_at = :at where agent_id = :person and state = 'active' and agent_seen_at < :beat"
)
_CITIZEN_SEEN = text("update chat set citizen_seen_at = :at where id = :id and citizen_seen_at < :beat")


@unit()
def agent_seen(person_id: int, at: datetime) -> None:
    """Somebody's desk is open: so are all conversations that they have."""
    db.session.execute(_AGENT_SEEN, {"person": person_id, "at": at, "beat": at - BEAT})


@unit()
def citizen_seen(chat_id: int, at: datetime) -> None:
    """The citizen's page is open."""
    db.session.execute(_CITIZEN_SEEN, {"id": chat_id, "at": at, "beat": at - BEAT})


_LOST = text(
    """
    select id, 'agent' as what from chat where state = 'active' and agent_seen_at < :agent
    union all
    select id, 'citizen' from chat where state in ('active', 'queued') and citizen_seen_at < :citizen
    union all
    select id, 'bot' from chat where state = 'bot' and changed_at < :bot
    limit 100
    """
)


def tick(at: datetime) -> int:
    """What follows where one side is gone; how many conversations that were."""
    moments = {"agent": at - AGENT_LOST, "citizen": at - CITIZEN_LOST, "bot": at - BOT_FORGOTTEN}
    rows = db.session.execute(_LOST, moments).all()
    for row in rows:
        _FOLLOWS[row.what](row.id, at)
    return len(rows)


@unit()
def _without_agent(chat_id: int, at: datetime) -> None:
    """The citizen keeps their place at the head, and is told."""
    chat = holding.hold_with_ticket(chat_id)
    if chat.state != ChatState.ACTIVE or chat.agent_seen_at is None or chat.agent_seen_at >= at - AGENT_LOST:
        return
    _state(chat, events.ChatBrokeOff(chat.id, "agent"), at)
    serving.free(chat, at)
    holding.say_so(chat, ChatTold.AGENT_LOST, at)
    queueing.enter(chat, at, again=True)


@unit()
def _without_citizen(chat_id: int, at: datetime) -> None:
    chat = holding.hold_with_ticket(chat_id)
    if chat.state not in (ChatState.ACTIVE, ChatState.QUEUED) or chat.citizen_seen_at >= at - CITIZEN_LOST:
        return
    _state(chat, events.ChatBrokeOff(chat.id, "citizen"), at)
    serving.free(chat, at)
    chat.state = ChatState.PAUSED.value
    holding.say_so(chat, ChatTold.PAUSED, at)


@unit()
def _without_question(chat_id: int, at: datetime) -> None:
    chat = holding.hold_with_ticket(chat_id)
    if chat.state == ChatState.BOT and chat.changed_at < at - BOT_FORGOTTEN:
        chat.state, chat.ended_at = ChatState.CLOSED.value, at
        holding.say_so(chat, ChatTold.CLOSED, at)


_FOLLOWS: dict[str, Callable[[int, datetime], None]] = {
    "agent": _without_agent,
    "citizen": _without_citizen,
    "bot": _without_question,
}


def _state(chat: Chat, event: events.Event, at: datetime, actor: Actor = SYSTEM) -> None:
    if chat.ticket_id is not None:
        journal.record(chat.ticket_id, event, actor, at)


def _theirs(key: Key) -> Chat:
    holding.hold_with_ticket(key.id)
    return holding.hold_for(key)


@unit()
def end(key: Key, at: datetime) -> None:
    """The citizen has said all; a second press changes nothing."""
    chat = _theirs(key)
    if chat.state in CHAT_OVER:
        return
    _state(chat, events.ChatEnded(chat.id, "citizen"), at, Actor(ActorKind.CITIZEN))
    serving.close(chat, at)


@unit()
def read_until(key: Key, seq: int, at: datetime) -> None:
    """The citizen has read as far as that line."""
    chat = holding.hold_for(key)
    if chat.citizen_read < seq <= chat.seq:
        chat.citizen_read, chat.citizen_seen_at = seq, at
        holding.tell(chat)


@unit()
def staff_read_until(actor: Actor, chat_id: int, seq: int) -> None:
    """Whoever has the conversation has read as far as that line."""
    chat = holding.hold(chat_id)
    if chat.agent_id == actor.id and chat.agent_read < seq <= chat.seq:
        chat.agent_read = seq
        holding.tell(chat)
