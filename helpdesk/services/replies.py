"""Public replies and internal notes by staff, messages by citizens; a reply may carry a move with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.errors import Invalid, NotFound, Stale
from helpdesk.models.tickets import Message
from helpdesk.permissions import Actor
from helpdesk.services import notices, outbox, tickets
from helpdesk.services.hands import Hand, held
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import TERMINAL

__all__ = ["NewFile", "citizen_writes", "note", "reply", "withdraw"]

LONGEST = 100_000


@unit()
def reply(
    actor: Actor,
    number: int,
    text: str,
    *,
    attachments: Sequence[NewFile] = (),
    automatic: str | None = None,
    then: str | None = None,
    then_fields: Mapping[str, Any] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Message:
    """Answers the citizen; ``then`` is a move made in the same breath ("wait", "resolve" without words of its own)."""
    with held(actor, number, "reply", version, at) as hand:
        _require_words(hand, text)
        if automatic is None:
            hand.acknowledge()
            _work_on(hand)
        message = notices.answer(hand, text, attachments, automatic)
    if then:
        tickets.VERBS[then](actor, number, at=at, **(then_fields or {}))
    return message


def _work_on(hand: Hand) -> None:
    """Who answers what nobody has takes it."""
    if hand.ticket.assignee_id is None and hand.actor.id is not None and hand.ticket.is_open:
        tickets.give(hand, hand.actor.id, taken=True)
    if hand.ticket.is_open:
        hand.begin()


def _require_words(hand: Hand, text: str) -> None:
    if not text.strip():
        raise Invalid("There is nothing to send.", fields={"text": "write something"})
    if len(text) > LONGEST:
        raise Invalid("That is too long for one message.", fields={"text": f"at most {LONGEST} characters"})
    if hand.ticket.status in TERMINAL:
        raise Stale("This ticket is closed; open a new one that refers to it.", code="closed")


@unit()
def note(
    actor: Actor, number: int, text: str, *, attachments: Sequence[NewFile] = (), at: datetime | None = None
) -> Message:
    """An internal note; whoever reads the ticket may add one, in any state."""
    with held(actor, number, "note", None, at) as hand:
        if not text.strip() or len(text) > LONGEST:
            raise Invalid("A note has 1 to 100,000 characters.", fields={"text": "write something"})
        return notices.note(hand, text, attachments)


@unit()
def citizen_writes(
    actor: Actor, number: int, text: str, *, attachments: Sequence[NewFile] = (), at: datetime | None = None
) -> Message:
    """The requester says more by our pages: waiting ends, what was resolved is reopened."""
    with held(actor, number, "write", None, at) as hand:
        _require_words(hand, text)
        return notices.say(hand, text, attachments)


@unit()
def withdraw(actor: Actor, message_id: int, *, at: datetime | None = None) -> Message:
    """Takes a reply back before it leaves; the clocks forget it. Raises Stale once it is on its way."""
    message = db.session.get(Message, message_id)
    if message is None or message.author_id != actor.id:
        raise NotFound("There is no such message of yours.")
    with held(actor, message.ticket_id, "reply", None, at) as hand:
        if not outbox.withdraw(message_id, hand.at):
            raise Stale("The reply is on its way already.", code="already-sent")
        hand.record(events.ReplyWithdrawn(message_id))
        _forget_first_response(hand, message)
        db.session.refresh(message)
        return message


def _forget_first_response(hand: Hand, message: Message) -> None:
    if hand.ticket.first_response_at == message.at:
        hand.ticket.first_response_at = None
