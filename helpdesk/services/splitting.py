"""Several matters in one contact: each becomes a ticket of its own, of the same person and the same moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text

from helpdesk import events
from helpdesk.db import db, insert_many, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.tickets import Attachment, Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import intake
from helpdesk.services.arrival import StoredFile
from helpdesk.services.hands import Hand, held
from helpdesk.services.intake.requests import SPOKEN
from helpdesk.services.people import Contact
from helpdesk.vocabulary import TERMINAL, Audience, Direction

_messages, _files = table(Message), table(Attachment)
MOST = 50
_COPIED = (
    "direction", "audience", "channel", "author_id", "at", "subject", "text", "html", "reply_text", "language",
    "authentication", "warnings",
)  # fmt: skip


@unit()
def split(
    actor: Actor,
    number: int,
    messages: Sequence[int] = (),
    words: str = "",
    subject: str = "",
    *,
    service_id: int | None = None,
    department_id: int | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """A new ticket out of what its citizen wrote: these messages, or only those words of it; the new one.

    Nothing is moved: the old ticket keeps what was said. The new one was received when the first of the messages was,
    is routed, timed and hidden like the old one, and its citizen is told its number once. Raises NotFound, Forbidden,
    Stale, Invalid that names the field.
    """
    with held(actor, number, "split", version, at) as hand:
        if hand.ticket.status in TERMINAL:
            raise Stale("Nobody works on this ticket any more: open a new one.", code="illegal-move")
        said = _said(number, messages)
        _require_matter(said, words)
        hand.acknowledge()
        arrival = _arrival(hand, said, words, subject, intake.Wish(department_id=department_id, service_id=service_id))
        [taken] = intake.take_in([arrival], hand.at)
        assert taken.ticket_id is not None
        if not words.strip():
            _copy(said[1:], taken.ticket_id)
        hand.record(events.TicketSplit(taken.ticket_id, [row.id for row in said]))
        return db.session.get_one(Ticket, taken.ticket_id)


def _said(number: int, messages: Sequence[int]) -> Sequence[Row[Any]]:
    """What the citizen wrote on this ticket, of these messages; raises Invalid for any other."""
    wanted = sorted(set(messages))
    if not wanted:
        return ()
    theirs = _messages.c.direction == Direction.INBOUND, _messages.c.audience == Audience.PUBLIC
    query = select(_messages).where(_messages.c.id.in_(wanted), _messages.c.ticket_id == number, *theirs)
    rows = db.session.execute(query.order_by(_messages.c.at, _messages.c.id)).all()
    if len(rows) != len(wanted) or len(wanted) > MOST:
        raise Invalid("Choose messages that the citizen wrote on this ticket.", fields={"messages": "of this ticket"})
    return rows


def _require_matter(said: Sequence[Row[Any]], words: str) -> None:
    if not said and not words.strip():
        raise Invalid("Say what the new ticket is about.", fields={"messages": "choose some, or write the part of it"})


def _arrival(hand: Hand, said: Sequence[Row[Any]], words: str, subject: str, wish: intake.Wish) -> intake.Arrival:
    """What the citizen wrote, as though it had come alone."""
    ticket, first = hand.ticket, said[0] if said else None
    moment = min(first.at, hand.at) if first else ticket.received_at
    whole = bool(first) and not words.strip()
    return intake.Arrival(
        channel=ticket.channel,
        received_at=moment,
        contact=Contact(),
        subject=subject.strip() or ticket.subject,
        text=first.text if whole and first else words.strip(),
        html=first.html if whole and first else None,
        reply_text=first.reply_text if whole and first else None,
        language=ticket.language,
        authentication=first.authentication if first else None,
        warnings=tuple(first.warnings) if whole and first else (),
        files=_enclosed([row.id for row in (said[:1] if whole else said)]),
        requester_id=ticket.requester_id,
        split_from=ticket.id,
        wish=wish,
        actor=hand.actor,
        by_staff=ticket.channel in SPOKEN,
    )


def _enclosed(message_ids: Sequence[int]) -> tuple[StoredFile, ...]:
    if not message_ids:
        return ()
    rows = db.session.execute(select(_files).where(_files.c.message_id.in_(message_ids)).order_by(_files.c.id))
    return tuple(
        StoredFile(row.name, row.content_type, row.size, row.sha256, row.inline, row.content_id) for row in rows
    )


_KEEP_WORDS = text(
    """
    insert into message_words (message_id, ticket_id, at, words)
    select id, ticket_id, at, to_tsvector('helpdesk', subject || ' ' || left(coalesce(reply_text, text), 100000))
    from message where id = any(:ids)
    """
)


def _copy(said: Sequence[Row[Any]], to: int) -> None:
    """The further messages stand on the new ticket too, with their files; no thread of letters leads to the copies."""
    made = []
    for row in said:
        values = {name: getattr(row, name) for name in _COPIED} | {"ticket_id": to}
        id_ = int(db.session.execute(insert(_messages).values(values).returning(_messages.c.id)).scalar_one())
        files = [{**file.__dict__, "message_id": id_} for file in _enclosed([row.id])]
        insert_many(_files, files)
        made.append(id_)
    if made:
        db.session.execute(_KEEP_WORDS, {"ids": made})
