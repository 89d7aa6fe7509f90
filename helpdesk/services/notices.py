"""Writing messages on a ticket that is held: answers, resolutions, notes, what a citizen says; with their files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, text

from helpdesk import events, i18n, storage
from helpdesk.db import db, table
from helpdesk.models.tickets import Attachment, Message
from helpdesk.services import copies, correspondence, effects, informing, patience, tracking
from helpdesk.services.hands import Hand
from helpdesk.services.outbox import Enclosure
from helpdesk.services.standings import Standing
from helpdesk.services.texting import wording
from helpdesk.services.texting.wording import Chosen
from helpdesk.vocabulary import ActorKind, Audience, ChannelKind, Direction


@dataclass(frozen=True)
class NewFile:
    """A file that comes with a message."""

    name: str
    content_type: str
    data: bytes


def note(hand: Hand, words: str, files: Sequence[NewFile] = ()) -> Message:
    """An internal note, which the citizen never sees."""
    message = _write(hand, words, Direction.OUTBOUND, Audience.INTERNAL, files)
    hand.record(events.NoteAdded(message.id))
    return message


def answer(
    hand: Hand,
    words: str,
    files: Sequence[NewFile] = (),
    automatic: str | None = None,
    chosen: Chosen | None = None,
) -> Message:
    """A public reply, sent by the channel that reaches the citizen; a person's can be taken back for a moment."""
    words = chosen.words if chosen else words
    return _speak(hand, words, "answered", files, automatic, correspondence.UNDO, chosen=chosen)


def resolution(hand: Hand, words: str, files: Sequence[NewFile] = (), *, letter: bool = True) -> Message:
    """The public words with which a request ends; those of the clock are nobody's answer."""
    by_clock = None if hand.actor.kind is not ActorKind.SYSTEM else "resolution"
    values = {"closes": _closes(hand), "asks": True}
    return _speak(hand, words, "resolved", files, by_clock, timedelta(), values, by_letter=letter)


def _closes(hand: Hand) -> str:
    """The day on which silence will close what is resolved now, in the citizen's words; empty where it never does."""
    closes_at = patience.current().closes_when_resolved(hand.ticket, hand.at)
    return i18n.day(closes_at, i18n.chosen(hand.ticket.language)) if closes_at else ""


def notice(hand: Hand, words: str, template: str, files: Sequence[NewFile] = (), **values: Any) -> Message:
    """What the law or courtesy wants the citizen to be told at once, in a letter of its own."""
    return _speak(hand, words, template, files, None, timedelta(), values)


def _speak(
    hand: Hand,
    words: str,
    template: str,
    files: Sequence[NewFile],
    automatic: str | None,
    delay: timedelta,
    values: Mapping[str, Any] | None = None,
    *,
    by_letter: bool = True,
    chosen: Chosen | None = None,
) -> Message:
    ticket, chosen = hand.ticket, chosen or wording.choose(hand.ticket, words, hand.at)
    message = _write(hand, words, Direction.OUTBOUND, Audience.PUBLIC, files, automatic)
    if automatic is None and hand.actor.is_staff and ticket.first_response_at is None:
        ticket.first_response_at = hand.at
    db.session.flush()
    enclosures = [Enclosure(*found) for found in _enclosed(message.id)] if files else []
    letter = correspondence.Answer(
        words, template, _signed_by(hand), tuple(enclosures), delay, values or {}, chosen.by, chosen.content_sid,
        chosen.variables,
    )  # fmt: skip
    informing.replace([ticket.id], hand.at)
    by = correspondence.answer(ticket.id, message.id, letter, hand.at) if by_letter else ""
    if by and by != message.channel:
        message.channel = by
    hand.record(events.ReplySent(message.id, message.channel, automatic))
    copies.send(hand, message, letter)
    return message


def _signed_by(hand: Hand) -> str:
    """How the agent signs: as they chose, else by name."""
    query = text("select signature from staff where person_id = :id")
    return db.session.execute(query, {"id": hand.actor.id}).scalar() or hand.actor.name


def _enclosed(message_id: int) -> Sequence[tuple[str, str, str]]:
    query = text("select sha256, name, content_type from attachment where message_id = :id order by id")
    return [tuple(row) for row in db.session.execute(query, {"id": message_id})]


def spoken(hand: Hand, words: str, files: Sequence[NewFile] = ()) -> Message:
    """What staff say while the citizen listens: it answers like a letter, and none is sent."""
    message = _write(hand, words, Direction.OUTBOUND, Audience.PUBLIC, files, channel=ChannelKind.CHAT)
    if hand.ticket.first_response_at is None:
        hand.ticket.first_response_at = hand.at
    hand.record(events.ReplySent(message.id, message.channel))
    informing.replace([hand.ticket.id], hand.at)
    return message


def from_citizen(
    hand: Hand, words: str, files: Sequence[NewFile] = (), channel: ChannelKind = ChannelKind.WEBFORM
) -> Message:
    """What the citizen says by our pages; it changes nothing yet, see `say`."""
    words = tracking.without_codes(words, hand.ticket.id, hand.ticket.language)
    return _write(hand, words, Direction.INBOUND, Audience.PUBLIC, files, channel=channel)


def say(
    hand: Hand,
    words: str,
    standing: Standing,
    files: Sequence[NewFile] = (),
    channel: ChannelKind = ChannelKind.WEBFORM,
) -> Message:
    """What the citizen says, with what follows where the ticket goes on: waiting ends, the resolved is reopened."""
    ticket = hand.ticket
    message = from_citizen(hand, words, files, channel)
    effects.apply([effects.Said(standing, message.id, message.channel, hand.actor, hand.at)], hand.at)
    db.session.expire(ticket)
    return message


def _write(
    hand: Hand,
    words: str,
    direction: Direction,
    audience: Audience,
    files: Sequence[NewFile] = (),
    automatic: str | None = None,
    channel: ChannelKind | None = None,
) -> Message:
    ticket = hand.ticket
    message = Message(
        ticket_id=ticket.id,
        direction=direction,
        audience=audience,
        channel=channel.value if channel else _carrier(hand),
        author_id=hand.actor.id,
        at=hand.at,
        text=words,
        language=ticket.language,
        automatic=automatic,
    )
    db.session.add(message)
    db.session.flush()
    _keep_words(message)
    if files:
        db.session.execute(insert(table(Attachment)), [_file(message.id, file) for file in files])
    return message


def _carrier(hand: Hand) -> str:
    """What goes out goes by letter, whichever way the request came."""
    return correspondence.CARRIER.value if hand.ticket.requester_id else hand.ticket.channel


_WORDS = text(
    """
    insert into message_words (message_id, ticket_id, at, words)
    values (:id, :ticket, :at, to_tsvector('helpdesk', :words))
    """
)


def _keep_words(message: Message) -> None:
    values = {"id": message.id, "ticket": message.ticket_id, "at": message.at, "words": message.text}
    db.session.execute(_WORDS, values)


def _file(message_id: int, file: NewFile) -> dict[str, object]:
    return {
        "message_id": message_id,
        "name": file.name[:200] or "file",
        "content_type": file.content_type,
        "size": len(file.data),
        "sha256": storage.keep(file.data),
        "inline": False,
    }
