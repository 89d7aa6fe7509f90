"""What the citizen says: a line, a choice; to the bot as long as there is no request, to people from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.db import unit
from helpdesk.errors import Stale
from helpdesk.models.chats import Chat
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import effects, intake, notices, standings
from helpdesk.services.arrival import Arrival
from helpdesk.services.chats import asking, choosing, guarding, holding, queueing, settings
from helpdesk.services.chats.holding import Kept, Key, Line
from helpdesk.services.chats.settings import ChatSettings
from helpdesk.services.effects import Effect
from helpdesk.services.hands import Hand, held
from helpdesk.services.notices import NewFile
from helpdesk.services.people import Contact
from helpdesk.services.standings import Standing
from helpdesk.vocabulary import WITH_PEOPLE, ActorKind, ChannelKind, ChatAuthor, ChatChoice, ChatState, ChatTold

MOST_TRIES = 3
"""A conversation moves to another request once in a blue moon; three times in a row it does not."""

_CHOICES = frozenset(ChatChoice)


def say(
    key: Key,
    words: str,
    *,
    client_id: str | None = None,
    files: Sequence[NewFile] = (),
    choice: str = "",
    at: datetime,
) -> Kept:
    """The citizen says something; sent again under the same ``client_id`` it is the same line.

    What the bot thinks about it is thought first: the conversation is held only while lines are added. Raises
    NotFound for a wrong key, Invalid, Crowded where too much comes at once.
    """
    limits = settings.current()
    guarding.check_line(words, files, limits)
    line = _Word(words, client_id, files, choice)
    for _ in range(MOST_TRIES):
        thought = _thought(key, line, limits, at)
        try:
            return _say(key, line, thought, limits, at)
        except _Moved:
            continue
    raise Stale("Too many lines came at once. Send this one again.")


@dataclass(frozen=True)
class _Word:
    """What the citizen says or chooses."""

    text: str
    client_id: str | None = None
    files: Sequence[NewFile] = ()
    choice: str = ""


class _Moved(Exception):
    """It became another request's conversation between looking and holding it."""


def _thought(key: Key, line: _Word, limits: ChatSettings, at: datetime) -> Any:
    """What the bot thinks of a line that will be put to it, with nothing held."""
    row = holding.glance(key)
    if row.ticket_id is not None or line.files or holding.sent_before(row.id, line.client_id):
        return None
    guarding.check_pace(row.id, row.seq, limits, at)
    return asking.think(asking.spoken(row, line.choice), line.text, at)


@unit()
def _say(key: Key, line: _Word, thought: Any, limits: ChatSettings, at: datetime) -> Kept:
    number = holding.ticket_of(key.id)
    standing = standings.locked([number]).get(number) if number is not None else None
    chat = holding.hold_for(key)
    if chat.ticket_id != number:
        raise _Moved
    if known := holding.sent_before(chat.id, line.client_id):
        return known
    guarding.check_pace(chat.id, chat.seq, limits, at)
    chat.citizen_seen_at = at
    if standing is None:
        kept = Line(ChatAuthor.CITIZEN, line.text, client_id=line.client_id)
        return asking.put(chat, kept, at, choice=line.choice, files=line.files, thought=thought)
    if line.choice in _CHOICES:
        return choosing.choose(chat, ChatChoice(line.choice), line.client_id, at)
    return _to_people(chat, line, standing, limits, at)


def _to_people(chat: Chat, line: _Word, standing: Standing, limits: ChatSettings, at: datetime) -> Kept:
    """A message of the request; who had gone, or had ended it, waits for somebody again."""
    message_id = _message(chat, line, standing, at)
    kept = holding.add(chat, [Line(ChatAuthor.CITIZEN, message_id=message_id, client_id=line.client_id)], at)
    chat.warned_at = None
    if chat.state == ChatState.QUEUED and chat.ask_at is None:
        chat.ask_at = at + limits.patience
    if chat.state not in WITH_PEOPLE:
        if chat.state == ChatState.PAUSED:
            holding.say_so(chat, ChatTold.RESUMED, at)
        _wait_again(chat, at)
    return kept


def _wait_again(chat: Chat, at: datetime) -> None:
    """Where nobody can answer they were told so already, and what they write is kept all the same."""
    if chat.state == ChatState.LEFT and not queueing.can_wait(chat, at):
        return
    queueing.enter(chat, at)


def _message(chat: Chat, line: _Word, standing: Standing, at: datetime) -> int:
    assert chat.ticket_id is not None
    with held(SYSTEM, chat.ticket_id, "write", None, at) as system:
        citizen = Actor(ActorKind.CITIZEN, system.ticket.requester_id, language=chat.language)
        if effects.effect(standing, at) is not Effect.FOLLOWS_UP:
            hand = Hand(system.ticket, citizen, at)
            return notices.say(hand, line.text, standing, line.files, ChannelKind.CHAT).id
        arrival = Arrival(
            ChannelKind.CHAT, at, Contact(), system.ticket.subject, line.text, language=chat.language,
            signed=(chat.ticket_id,), files=intake.keep_files(line.files), requester_id=system.ticket.requester_id,
        )  # fmt: skip
    [taken] = intake.take_in([arrival], at)
    assert taken.message_id is not None
    chat.ticket_id = taken.ticket_id
    holding.say_so(chat, ChatTold.NUMBER, at, number=taken.ticket_id)
    return taken.message_id
