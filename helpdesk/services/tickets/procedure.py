"""Steps of the procedure: nothing to answer, documents missing or complete, the law's deadline extended."""

from datetime import datetime

from sqlalchemy import select

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import family, notices
from helpdesk.services.hands import moved
from helpdesk.services.tickets import pausing
from helpdesk.vocabulary import Audience, ClockName, Direction, NoReplyReason, Status, WaitingReason

LONGEST_EXTENSION = 90
"""Days; the law gives ten where several services take part, special laws give others."""

_MESSAGES = table(Message).c


@unit()
def no_reply_needed(
    actor: Actor, number: int, reason: str, note: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """What the citizen wrote last wants no answer: a thank-you, an acknowledgement, the same again."""
    with moved(actor, number, "no-reply-needed", version, at, reason=reason) as hand:
        if reason not in set(NoReplyReason):
            raise Invalid("That is no such reason.", fields={"reason": f"one of {', '.join(NoReplyReason)}"})
        message = notices.note(hand, note) if note.strip() else None
        hand.record(events.NoReplyNeeded(reason, message.id if message else None))
        return hand.ticket


def owes_answer(number: int) -> bool:
    """Whether the last that a person said in public was not said by us."""
    said = select(_MESSAGES.direction).where(
        _MESSAGES.ticket_id.in_([number, *family.merged_into(number)]),
        _MESSAGES.audience == Audience.PUBLIC,
        _MESSAGES.automatic.is_(None),
        _MESSAGES.copy_of_id.is_(None),
        _MESSAGES.delivery_state.is_distinct_from("withdrawn"),
    )
    newest = said.order_by(_MESSAGES.at.desc(), _MESSAGES.id.desc()).limit(1)
    return db.session.execute(newest).scalar() == Direction.INBOUND


@unit()
def mark_incomplete(
    actor: Actor,
    number: int,
    text: str,
    until: datetime | None = None,
    *,
    past: bool = False,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Documents are missing: the citizen is told which, the ticket waits for them, the law's deadline has not begun.

    An answer by the citizen ends the waiting; whether all is there now says an agent, by `mark_complete`.
    """
    with moved(actor, number, "mark-incomplete", version, at, text=text) as hand:
        hand.ticket.incomplete_since = hand.at
        pausing.pause(hand, WaitingReason.NEEDS_DOCUMENT, until, past=past)
        message = notices.notice(hand, text, "incomplete", until=hand.ticket.waiting_until)
        hand.record(events.ApplicationIncomplete(message.id))
        return hand.ticket


@unit()
def mark_complete(
    actor: Actor, number: int, note: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """All documents are there, however they came; the law's deadline begins, and where it waited work goes on."""
    with moved(actor, number, "mark-complete", version, at) as hand:
        if note.strip():
            notices.note(hand, note)
        hand.ticket.incomplete_since = None
        hand.record(events.ApplicationCompleted())
        if hand.ticket.waiting_reason == WaitingReason.NEEDS_DOCUMENT:
            hand.move(Status.OPEN, "completed")
            hand.ticket.waiting_reason = None
        return hand.ticket


@unit()
def extend(
    actor: Actor, number: int, days: int, reason: str, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The law's deadline is so many days longer, once; the citizen reads why."""
    with moved(actor, number, "extend", version, at, days=days, reason=reason) as hand:
        if not 1 <= days <= LONGEST_EXTENSION:
            raise Invalid("So many days cannot be.", fields={"days": "1 to 90"})
        message = notices.notice(hand, reason, "extended", days=days)
        hand.ticket.extended_days = days
        hand.record(events.DeadlineExtended(ClockName.STATUTORY.value, days, message.id))
        return hand.ticket
