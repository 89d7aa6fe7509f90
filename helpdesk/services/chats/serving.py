"""What staff do in a conversation: accept, say, pass on, whisper, take over, end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from helpdesk import clock, events
from helpdesk.db import unit
from helpdesk.errors import Forbidden, NotFound, Stale
from helpdesk.models.chats import Chat
from helpdesk.models.tickets import Message
from helpdesk.permissions import Actor, may
from helpdesk.services import assignment, notices, tickets
from helpdesk.services.chats import holding, queueing
from helpdesk.services.chats.holding import Kept, Line
from helpdesk.services.hands import Hand, held
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import WITH_PEOPLE, ChatAuthor, ChatState, ChatTold, WorkKind

OPEN = WITH_PEOPLE | {ChatState.LEFT, ChatState.PAUSED}
"""Somebody of staff may begin to speak in it."""

WRAP_UP = timedelta(minutes=1)
"""After a conversation there is so long to write down what it was about before the next comes."""


@contextmanager
def _both(actor: Actor, chat_id: int, at: datetime, verb: str = "reply") -> Iterator[tuple[Hand, Chat]]:
    """The request and its conversation, both held, in that order; raises NotFound, Forbidden."""
    number = holding.ticket_of(chat_id)
    if number is None:
        raise NotFound("There is no such conversation.")
    with held(actor, number, verb, None, at) as hand:
        yield hand, holding.hold(chat_id)


def accept(actor: Actor, chat_id: int, at: datetime) -> None:
    """Speaks with the citizen from now on: what is offered, see `assignment.accept`. Raises Stale where it is over."""
    with _both(actor, chat_id, at) as (hand, chat):
        if chat.state != ChatState.QUEUED:
            raise Stale("This conversation is over, or somebody else has it.", code="offer-over")
        _begin(hand, chat, at)


def _begin(hand: Hand, chat: Chat, at: datetime, told: ChatTold = ChatTold.JOINED) -> None:
    assert hand.actor.id is not None
    previous = chat.agent_id
    hand.acknowledge()
    hand.give(hand.actor.id, taken=True)
    chat.state, chat.agent_id, chat.last_agent_id = ChatState.ACTIVE.value, hand.actor.id, hand.actor.id
    chat.accepted_at, chat.agent_seen_at = at, at
    hand.record(events.ChatAnswered(chat.id, hand.actor.id, previous))
    holding.say_so(chat, told, at, name=hand.actor.name)


@unit()
def say(
    actor: Actor,
    chat_id: int,
    words: str,
    *,
    client_id: str | None = None,
    files: Sequence[NewFile] = (),
    at: datetime | None = None,
) -> Kept:
    """Whoever has the conversation says something; sent again under the same ``client_id`` it is the same line.

    Raises NotFound, Forbidden, Stale for who does not have it, Invalid.
    """
    now = at or clock.now()
    holding.require_words(words)
    with _both(actor, chat_id, now) as (hand, chat):
        if known := holding.sent_before(chat.id, client_id):
            return known
        _require_own(actor, chat)
        message = notices.spoken(hand, words, files)
        chat.agent_seen_at, chat.agent_read, chat.warned_at = now, chat.seq, None
        line = Line(ChatAuthor.AGENT, person_id=actor.id, message_id=message.id, client_id=client_id)
        return holding.add(chat, [line], now)


def _require_own(actor: Actor, chat: Chat) -> None:
    if chat.state != ChatState.ACTIVE or chat.agent_id != actor.id:
        told = "You do not have this conversation: it is over, or somebody else has it."
        raise Stale(told, code="not-yours")


@unit()
def whisper(actor: Actor, chat_id: int, words: str, *, at: datetime | None = None) -> Message:
    """A word to whoever has it: an internal note on the request, which the citizen never sees."""
    now = at or clock.now()
    holding.require_words(words)
    with _both(actor, chat_id, now, "note") as (hand, chat):
        holding.tell(chat)
        return notices.note(hand, words)


@unit()
def take_over(actor: Actor, chat_id: int, *, at: datetime | None = None) -> None:
    """A supervisor, or a colleague for what nobody has, speaks with the citizen from now on.

    Whom nobody could answer, or who went away, reads it when they are there. Raises Forbidden for who does not
    supervise and takes it from somebody, Stale where it is over.
    """
    now = at or clock.now()
    with _both(actor, chat_id, now) as (hand, chat):
        if chat.state not in OPEN:
            raise Stale("This conversation is over.", code="chat-over")
        if chat.state == ChatState.ACTIVE and chat.agent_id != actor.id and not may(actor, "supervise"):
            raise Forbidden("Somebody else has this conversation.")
        if chat.agent_id == actor.id:
            return
        told = ChatTold.TAKEN_OVER if chat.agent_id else ChatTold.JOINED
        place = hand.ticket.department_id or next(iter(actor.departments), None)
        _begin(hand, chat, now, told)
        if place is not None and actor.id is not None:
            assignment.taken(WorkKind.CHAT, chat.id, actor.id, place, now)


@unit()
def pass_on(actor: Actor, chat_id: int, department_id: int | None, reason: str, *, at: datetime | None = None) -> None:
    """Another department goes on with it, with all that was said; the citizen waits there and is told so."""
    now = at or clock.now()
    with _both(actor, chat_id, now, "transfer") as (hand, chat):
        if chat.state not in WITH_PEOPLE:
            raise Stale("This conversation is over.", code="chat-over")
        if chat.state == ChatState.ACTIVE and not may(actor, "supervise"):
            _require_own(actor, chat)
        tickets.transfer(actor, hand.ticket.id, department_id, reason, at=now)
        _release(chat, now)
        chat.last_agent_id = None
        holding.say_so(chat, ChatTold.PASSED_ON, now, department=department_id)
        chat.queued_at = now
        queueing.enter(chat, now, again=True)


def _release(chat: Chat, at: datetime, *, wrap_up: timedelta | None = None) -> None:
    assignment.withdraw(WorkKind.CHAT, chat.id, at)
    assignment.end(WorkKind.CHAT, chat.id, at, wrap_up=wrap_up)
    chat.agent_id, chat.agent_seen_at, chat.warned_at = None, None, None


@unit()
def end(actor: Actor, chat_id: int, *, at: datetime | None = None) -> None:
    """The conversation is over; its request goes on by itself, to be resolved like any other."""
    now = at or clock.now()
    with _both(actor, chat_id, now) as (hand, chat):
        if chat.state not in WITH_PEOPLE | {ChatState.PAUSED}:
            raise Stale("This conversation is over.", code="chat-over")
        if chat.agent_id not in (None, actor.id) and not may(actor, "supervise"):
            _require_own(actor, chat)
        _close(chat, now)
        hand.record(events.ChatEnded(chat.id, "agent"))


def _close(chat: Chat, at: datetime) -> None:
    _release(chat, at, wrap_up=WRAP_UP)
    chat.state, chat.ended_at = ChatState.CLOSED.value, at
    holding.say_so(chat, ChatTold.CLOSED, at, number=chat.ticket_id)


def close(chat: Chat, at: datetime) -> None:
    """Ends a held conversation for its citizen, who says so or has gone for good."""
    _close(chat, at)


def free(chat: Chat, at: datetime) -> None:
    """Takes a held conversation off whoever has it, without time to write anything down."""
    _release(chat, at)
