"""What the citizen says: opening a conversation, a line, a choice; to the bot first, to people as soon as it must."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.chats import Chat, ChatLine
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import catalogue, dialogue, effects, intake, notices, standings
from helpdesk.services.access.secrets import new_token
from helpdesk.services.arrival import Arrival
from helpdesk.services.chats import guarding, handing, holding, queueing
from helpdesk.services.chats.holding import Kept, Key, Line
from helpdesk.services.dialogue import HandOver, Said, Spoken, Utterance
from helpdesk.services.effects import Effect
from helpdesk.services.hands import Hand, held
from helpdesk.services.notices import NewFile
from helpdesk.services.people import Contact
from helpdesk.services.standings import Standing
from helpdesk.vocabulary import ActorKind, ChannelKind, ChatAuthor, ChatState, ChatTold

LONGEST = 4_000
"""Characters of one line: what is longer is a letter, and goes better as a request."""

MOST_LINES_READ = 40
"""Lines that the bot is told of."""

_LINES = table(ChatLine)


@dataclass(frozen=True)
class Beginning:
    """What a citizen begins with. ``department_id`` and ``service_id`` are their own choice; ``people``: no bot.

    ``visitor`` is where they come from, as a hash; ``proven``: who they are was proven by the site that embeds us.
    """

    text: str
    language: str = "el"
    name: str = ""
    email: str = ""
    phone: str = ""
    department_id: int | None = None
    service_id: int | None = None
    widget_id: int | None = None
    proven: bool = False
    visitor: str = ""
    people: bool = False
    client_id: str | None = None
    files: Sequence[NewFile] = ()


@unit()
def begin(new: Beginning, at: datetime) -> Key:
    """Opens a conversation with its first line; who opened it keeps the key, which is told only once."""
    _require_words(new.text, new.files)
    guarding.check_opening(new.visitor, at)
    key, chat = _opened(new, at)
    partner = None if new.people or new.files else dialogue.partner(chat.department_id)
    if partner is not None:
        _speak(chat, partner.greet(_spoken(chat, ""), at), at)
    holding.add(chat, [Line(ChatAuthor.CITIZEN, new.text, client_id=new.client_id)], at)
    if partner is None:
        handing.hand_over(chat, HandOver("people"), at, new.files)
    else:
        _follow(chat, partner.answer(_spoken(chat, ""), new.text, at), at)
    return key


def _opened(new: Beginning, at: datetime) -> tuple[Key, Chat]:
    token = new_token()
    known = catalogue.current()
    chat = Chat(
        token_hash=holding.hashed(token), state=ChatState.BOT.value, language=new.language, seq=0,
        name=new.name.strip()[:200], email=new.email.strip().lower(), phone=new.phone, proven=new.proven,
        department_id=new.department_id if new.department_id in known.departments else None,
        service_id=new.service_id if new.service_id in known.services else None,
        widget_id=new.widget_id, visitor=new.visitor, opened_at=at, changed_at=at, citizen_seen_at=at,
    )  # fmt: skip
    db.session.add(chat)
    db.session.flush()
    return Key(chat.id, token), chat


@unit()
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

    Raises NotFound for a wrong key, Invalid, Stale where too much comes at once.
    """
    _require_words(words, files)
    number = holding.ticket_of(key.id)
    standing = standings.locked([number]).get(number) if number is not None else None
    chat = holding.hold_for(key)
    if known := holding.sent_before(chat, client_id):
        return known
    guarding.check_line(chat, at)
    chat.citizen_seen_at = at
    if chat.ticket_id is None:
        return _to_bot(chat, words, client_id, files, choice, at)
    assert standing is not None
    return _to_people(chat, words, client_id, files, standing, at)


def _require_words(words: str, files: Sequence[NewFile]) -> None:
    if not words.strip() and not files:
        raise Invalid("There is nothing to send.", fields={"text": "write something"})
    if len(words) > LONGEST:
        raise Invalid("That is too long for one line.", fields={"text": f"at most {LONGEST} characters"})


def _to_bot(chat: Chat, words: str, client_id: str | None, files: Sequence[NewFile], choice: str, at: datetime) -> Kept:
    """The only place where a bot is asked: never once a conversation is a request, which it is from its hand-over."""
    partner = None if files else dialogue.partner(chat.department_id)
    spoken = _spoken(chat, choice)
    chat.state, chat.ended_at = ChatState.BOT.value, None
    kept = holding.add(chat, [Line(ChatAuthor.CITIZEN, words, client_id=client_id)], at)
    if partner is None:
        handing.hand_over(chat, HandOver("people"), at, files)
    else:
        _follow(chat, partner.answer(spoken, words, at), at)
    return kept


def _spoken(chat: Chat, choice: str) -> Spoken:
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


def _to_people(
    chat: Chat, words: str, client_id: str | None, files: Sequence[NewFile], standing: Standing, at: datetime
) -> Kept:
    """A message of the request; who had gone, or had ended it, waits for somebody again."""
    message_id = _message(chat, words, files, standing, at)
    kept = holding.add(chat, [Line(ChatAuthor.CITIZEN, message_id=message_id, client_id=client_id)], at)
    if chat.state not in (ChatState.QUEUED, ChatState.ACTIVE):
        if chat.state == ChatState.PAUSED:
            holding.say_so(chat, ChatTold.RESUMED, at)
        _wait_again(chat, at)
    return kept


def _wait_again(chat: Chat, at: datetime) -> None:
    """Where nobody can answer they were told so already, and what they write is kept all the same."""
    if chat.state == ChatState.LEFT and not queueing.can_wait(chat, at):
        return
    queueing.enter(chat, at)


def _message(chat: Chat, words: str, files: Sequence[NewFile], standing: Standing, at: datetime) -> int:
    assert chat.ticket_id is not None
    with held(SYSTEM, chat.ticket_id, "write", None, at) as system:
        citizen = Actor(ActorKind.CITIZEN, system.ticket.requester_id, language=chat.language)
        if effects.effect(standing, at) is not Effect.FOLLOWS_UP:
            hand = Hand(system.ticket, citizen, at)
            return notices.say(hand, words, standing, files, ChannelKind.CHAT).id
        arrival = Arrival(
            ChannelKind.CHAT, at, Contact(), system.ticket.subject, words, language=chat.language,
            signed=(chat.ticket_id,), files=intake.keep_files(files), requester_id=system.ticket.requester_id,
        )  # fmt: skip
    [taken] = intake.take_in([arrival], at)
    assert taken.message_id is not None
    chat.ticket_id = taken.ticket_id
    holding.say_so(chat, ChatTold.NUMBER, at, number=taken.ticket_id)
    return taken.message_id
