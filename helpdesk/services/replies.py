"""Public replies and internal notes by staff, messages by citizens; a reply may carry a move with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk import clock, events
from helpdesk.db import db, flush_pending, unit
from helpdesk.errors import Invalid, NotFound, Stale
from helpdesk.models.tickets import Message
from helpdesk.permissions import Actor
from helpdesk.services import (
    copies,
    effects,
    family,
    intake,
    journal,
    notices,
    outbox,
    scope,
    signals,
    standings,
    tickets,
)
from helpdesk.services.effects import Effect
from helpdesk.services.hands import Hand, held
from helpdesk.services.notices import NewFile
from helpdesk.services.people import Contact
from helpdesk.services.texting import wording
from helpdesk.vocabulary import TERMINAL, ActorKind, ChannelKind, Status

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
    seen: int | None = None,
    merged: int | None = None,
    by: str = "",
    approved: int | None = None,
    values: Sequence[str] = (),
    at: datetime | None = None,
) -> Message:
    """Answers the citizen; ``then`` is a move made in the same instant, with its fields.

    ``then="resolve"`` makes these words the resolution: one message, with the links to confirm or reject.
    ``seen`` is the newest message its author has read, and ``merged`` how many merged tickets they saw: who answers
    past a newer one, or more people than they know of, is told so first.
    ``by``: the channel it goes by, where that is not left to us; ``approved`` the words that WhatsApp has approved,
    with the ``values`` of their gaps, in place of ``text``.
    Raises NotFound, Forbidden, Stale, Invalid; a refused move takes the reply back with it.
    """
    moment, fields = at or clock.now(), dict(then_fields or {})
    if approved is None:
        _require_words(text)
    if seen is not None:
        _require_read(actor, number, seen, merged)
    if then is not None and then not in tickets.VERBS:
        raise Invalid("There is no such move.", fields={"then": f"one of {', '.join(tickets.VERBS)}"})
    if then == "resolve":
        return _resolve(actor, number, fields | {"text": text, "attachments": attachments}, version, moment)
    with held(actor, number, "reply", version, moment) as hand:
        _require_unfinished(hand)
        if automatic is None:
            hand.acknowledge()
            _work_on(hand)
        chosen = wording.choose(hand.ticket, text, moment, by=by, template=approved, values=values)
        message = notices.answer(hand, text, attachments, automatic, chosen)
    if then:
        tickets.VERBS[then](actor, number, at=moment, **fields)
    return message


def _require_read(actor: Actor, number: int, seen: int, merged: int | None) -> None:
    """Nobody else has spoken in public since; the ticket stays held, so that nobody does until this is written."""
    ticket = scope.find(actor, number, lock=True)
    whole = [ticket.id, *family.merged_into(ticket.id)]
    newer = select(Message.id).where(Message.ticket_id.in_(whole), Message.id > seen, Message.audience == "public")
    others = Message.author_id.is_distinct_from(actor.id), Message.copy_of_id.is_(None)
    unread = db.session.scalars(newer.where(*others).limit(1)).first() is not None
    if unread or (merged is not None and len(whole) > merged + 1):
        raise Stale("Somebody has written meanwhile: read that first, then send.", code="unread")


def _resolve(actor: Actor, number: int, fields: dict[str, Any], version: int | None, at: datetime) -> Message:
    tickets.resolve(actor, number, fields.pop("code", ""), fields.pop("text"), version=version, at=at, **fields)
    newest = select(Message).where(Message.ticket_id == number, Message.audience == "public")
    return db.session.scalars(newest.order_by(Message.id.desc()).limit(1)).one()


def _work_on(hand: Hand) -> None:
    """Who answers what nobody has takes it."""
    if hand.ticket.assignee_id is None and hand.actor.id is not None and hand.ticket.is_open:
        tickets.give(hand, hand.actor.id, taken=True)
    if hand.ticket.is_open:
        hand.begin()


def _require_words(text: str) -> None:
    if not text.strip():
        raise Invalid("There is nothing to send.", fields={"text": "write something"})
    if len(text) > LONGEST:
        raise Invalid("That is too long for one message.", fields={"text": f"at most {LONGEST} characters"})


def _require_unfinished(hand: Hand) -> None:
    if hand.ticket.status == Status.MERGED:
        told = f"This ticket was merged: it goes on in {hand.ticket.survivor_id}. Answer there."
        raise Stale(told, code="merged")
    if hand.ticket.status in TERMINAL:
        raise Stale("This ticket is closed; open a new one that refers to it.", code="closed")


@unit()
def note(
    actor: Actor, number: int, text: str, *, attachments: Sequence[NewFile] = (), at: datetime | None = None
) -> Message:
    """An internal note; whoever reads the ticket may add one, in any state."""
    _require_words(text)
    with held(actor, number, "note", None, at) as hand:
        return notices.note(hand, text, attachments)


@unit()
def citizen_writes(
    actor: Actor, number: int, text: str, *, attachments: Sequence[NewFile] = (), at: datetime | None = None
) -> Message:
    """The requester says more by our pages: waiting ends, what was resolved is reopened.

    On a merged ticket that follows for the one it goes on in. What has been over for too long stays so: a new ticket
    is opened and linked. The message names its ticket.
    """
    _require_words(text)
    standing = standings.locked([number]).get(number)
    with held(actor, number, "write", None, at) as hand:
        if standing is not None and effects.effect(standing, hand.at) is not Effect.FOLLOWS_UP:
            return notices.say(hand, text, standing, attachments)
        return _follow_up(hand, text, attachments)


def _follow_up(hand: Hand, text: str, attachments: Sequence[NewFile]) -> Message:
    """A new ticket by the law of joining: the requester, signed in as it were, writes to one that is over."""
    arrival = intake.Arrival(
        channel=ChannelKind.WEBFORM,
        received_at=hand.at,
        contact=Contact(),
        subject=hand.ticket.subject,
        text=text,
        language=hand.ticket.language,
        signed=(hand.ticket.id,),
        files=intake.keep_files(attachments),
        requester_id=hand.ticket.requester_id,
    )
    [taken] = intake.take_in([arrival], hand.at)
    return db.session.scalars(select(Message).where(Message.id == taken.message_id)).one()


@unit()
def withdraw(actor: Actor, message_id: int, *, at: datetime | None = None) -> Message:
    """Takes a reply back before it leaves; the clocks forget it. Raises Stale once it is on its way."""
    message = db.session.get(Message, message_id)
    if message is None or message.author_id != actor.id:
        raise NotFound("There is no such message of yours.")
    with held(actor, message.ticket_id, "reply", None, at) as hand:
        if not outbox.withdraw(message_id, hand.at) or not copies.withdraw(hand, message_id):
            raise Stale("The reply is on its way already.", code="already-sent")
        hand.record(events.ReplyWithdrawn(message_id))
        _correct_first_response(hand)
        db.session.refresh(message)
        return message


def _correct_first_response(hand: Hand) -> None:
    """The first human answer is the first that was not taken back."""
    flush_pending()
    life = signals.Life.of(journal.of(hand.ticket.id))
    by_staff = (fact for fact in life.facts if fact.actor_kind == ActorKind.STAFF)
    answers = (fact.at for fact in by_staff if signals.answers(fact.event))
    hand.ticket.first_response_at = next(answers, None)
