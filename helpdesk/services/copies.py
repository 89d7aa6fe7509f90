"""What is said in public on a surviving ticket goes to whoever asked in one merged into it: a letter each."""

from dataclasses import replace

from sqlalchemy import insert, literal, select, text

from helpdesk import events
from helpdesk.db import db, table
from helpdesk.models.tickets import Attachment, Message
from helpdesk.services import correspondence, family, journal, outbox
from helpdesk.services.correspondence import Answer
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import Delivery

MERGED = "merged"
"""Why a copy went out: it answers on the survivor, not on its own ticket, and moves none of its clocks."""

_MESSAGES, _FILES = table(Message), table(Attachment)


def send(hand: Hand, message: Message, letter: Answer) -> None:
    """Puts a copy on each ticket merged into this one that somebody else sent, in their own thread of letters.

    None of it names the survivor or the person who asked there; only that person is asked whether it is solved.
    """
    letter = replace(letter, values={**letter.values, "asks": False}, by="", content_sid="", variables=())
    for asked in family.others(hand.ticket.id):
        copy_id = _write(message, asked.ticket_id, asked.language)
        journal.record(asked.ticket_id, events.ReplySent(copy_id, message.channel, MERGED), hand.actor, hand.at)
        if asked.letter:
            db.session.flush()
            correspondence.answer(asked.ticket_id, copy_id, letter, hand.at)


def _write(message: Message, ticket_id: int, language: str) -> int:
    same = ("direction", "audience", "channel", "author_id", "at", "text", "automatic")
    row = {name: getattr(message, name) for name in same}
    row |= {"ticket_id": ticket_id, "language": language, "copy_of_id": message.id}
    copy_id = int(db.session.execute(insert(_MESSAGES).values(row).returning(_MESSAGES.c.id)).scalar_one())
    kept = [column for column in _FILES.c if column.name not in ("id", "message_id")]
    enclosed = select(literal(copy_id), *kept).where(_FILES.c.message_id == message.id).order_by(_FILES.c.id)
    db.session.execute(insert(_FILES).from_select(["message_id", *(column.name for column in kept)], enclosed))
    return copy_id


_OF = text("select id, ticket_id, delivery_state from message where copy_of_id = :id order by id")
_TAKEN_BACK = text("update message set delivery_state = 'withdrawn', delivery_at = :at where id = :id")


def withdraw(hand: Hand, message_id: int) -> bool:
    """Takes the copies back with their original; False once one of them is on its way."""
    for copy in db.session.execute(_OF, {"id": message_id}).all():
        if copy.delivery_state is None:
            db.session.execute(_TAKEN_BACK, {"id": copy.id, "at": hand.at})
        elif copy.delivery_state == Delivery.WITHDRAWN or not outbox.withdraw(copy.id, hand.at):
            return False
        journal.record(copy.ticket_id, events.ReplyWithdrawn(copy.id), hand.actor, hand.at)
    return True
