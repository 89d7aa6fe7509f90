"""What people do about promised calls: promise, move, ring, note how it went, call off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal, notices, slots
from helpdesk.services.callbacks import attempts, rows
from helpdesk.services.hands import Hand, held, is_past, moved
from helpdesk.vocabulary import (
    FINISHED,
    ActorKind,
    AttemptState,
    CallOutcome,
    PromiseEnd,
    PromiseOrigin,
    PromiseState,
    PromiseWay,
    Status,
)

_TICK = timedelta(microseconds=1)
"""By so much the promise that takes the place of another comes after its end, so that each has a clock of its own."""


@dataclass(frozen=True)
class Wish:
    """When somebody is to be rung, for whom, and by which number; without an end it is a window that is offered.

    ``hold`` keeps a place in that window; ``phone`` empty: the requester's own. ``place_since`` is since when they
    waited in the line, whose place they keep; ``way`` how they want to be spoken with.
    """

    begins_at: datetime
    ends_at: datetime | None = None
    phone: str = ""
    origin: PromiseOrigin = PromiseOrigin.AGENT
    hold: str = ""
    place_since: datetime | None = None
    way: PromiseWay = PromiseWay.PHONE


@unit()
def promise(
    actor: Actor,
    number: int,
    begins_at: datetime,
    ends_at: datetime | None = None,
    note: str = "",
    *,
    phone: str = "",
    origin: PromiseOrigin = PromiseOrigin.AGENT,
    place_since: datetime | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The citizen will be rung between these moments; without an end in the window offered that begins there.

    The one door for the desk, the phone's queue and the chat. Refused while an earlier promise is open; one that was
    tried already gives way. Raises Invalid, Stale where the window is full.
    """
    given = {"begins_at": begins_at, "ends_at": ends_at or begins_at}
    with moved(actor, number, "promise-call-back", version, at, **given) as hand:
        if note.strip():
            notices.note(hand, note)
        tried = rows.open_of(number, lock=True)
        if tried is not None:
            rows.end(tried, PromiseEnd.STAFF, hand.at)
        wish = Wish(begins_at, ends_at, phone, origin, place_since=place_since)
        _make(hand, wish, tried, hand.at)
        return hand.ticket


@unit()
def move(
    actor: Actor,
    number: int,
    begins_at: datetime,
    ends_at: datetime | None = None,
    note: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Another window. Moved by the citizen it is a new promise; moved by us the first one is broken, and counts so."""
    given = {"begins_at": begins_at, "ends_at": ends_at or begins_at}
    with moved(actor, number, "move-call-back", version, at, **given) as hand:
        by_citizen = actor.kind is ActorKind.CITIZEN
        before = rows.open_of(number, lock=True)
        if before is None or before.state == PromiseState.RINGING:
            raise Stale("The call is being made.", code="ringing")
        if note.strip() and not by_citizen:
            notices.note(hand, note)
        rows.end(before, PromiseEnd.MOVED_BY_CITIZEN if by_citizen else PromiseEnd.MOVED_BY_US, hand.at)
        hand.record(events.CallBackCancelled())
        origin, way = PromiseOrigin(before.origin), PromiseWay(before.way)
        wish = Wish(begins_at, None if by_citizen else ends_at, before.phone, origin, way=way)
        _make(hand, wish, before, hand.at + _TICK)
        return hand.ticket


@unit()
def choose_again(actor: Actor, number: int, begins_at: datetime, *, at: datetime | None = None) -> Ticket:
    """The citizen whom we could not reach, or who had called it off, wants a call after all; waiting for them ends.

    Raises Stale where no call was ever promised, the ticket is over, or another call to that number is promised.
    """
    with held(actor, number, "move-call-back", None, at) as hand:
        last = rows.last_of(number)
        if last is None or hand.ticket.status in FINISHED or rows.open_of(number) is not None:
            raise Stale("We do not ring about this request any more.", code="call-over")
        if last.phone and rows.open_to(last.phone) is not None:
            raise Stale("A call to this number is promised already.", code="call-asked")
        origin, way = PromiseOrigin(last.origin), PromiseWay(last.way)
        _make(hand, Wish(begins_at, None, last.phone, origin, way=way), last, hand.at)
        if hand.ticket.status == Status.WAITING_REQUESTER:
            hand.move(Status.OPEN, "resumed")
            hand.ticket.waiting_reason = None
        return hand.ticket


def _make(hand: Hand, wish: Wish, before: Row[Any] | None, at: datetime) -> None:
    ticket = hand.ticket
    place = before.department_id if before is not None else ticket.department_id
    slot_id, begins, ends = book(wish, ticket.department_id or place, hand.at)
    rows.make(
        ticket_id=ticket.id, department_id=ticket.department_id or place, slot_id=slot_id,
        previous_id=before.id if before is not None else None, way=wish.way.value,
        phone=(wish.phone or rows.phone_of(ticket.requester_id)) if wish.way is PromiseWay.PHONE else "",
        origin=wish.origin.value, begins_at=begins, ends_at=ends, promised_at=at, promised_by_id=hand.actor.id,
        place_since=wish.place_since,
    )  # fmt: skip
    journal.record(ticket.id, _promised(begins, ends, wish.way), hand.actor, at)


def _promised(begins: datetime, ends: datetime, way: PromiseWay) -> events.CallBackPromised:
    return events.CallBackPromised(begins.isoformat(), ends.isoformat(), way.value)


def book(wish: Wish, department_id: int | None, at: datetime) -> tuple[int | None, datetime, datetime]:
    """The slot that is booked for it, and its moments; a window that people agree on by themselves takes no slot.

    Part of the caller's transaction. Raises Invalid that names the field, Stale where the window is full.
    """
    begins, ends = wish.begins_at, wish.ends_at
    if begins < at:
        raise Invalid("The window begins in the past.", fields={"begins_at": "a moment to come"})
    if ends is not None and ends <= begins:
        raise Invalid("The window ends before it begins.", fields={"ends_at": "later than its beginning"})
    known = next((one for one in slots.windows(department_id or 0, at) if one.begins_at == begins), None)
    if known is not None and ends in (None, known.ends_at):
        return slots.book(department_id or 0, begins, at, wish.hold), known.begins_at, known.ends_at
    if ends is None:
        raise Invalid("We do not call back at that time.", fields={"begins_at": "Choose one of the times offered."})
    return None, begins, ends


@unit()
def ring(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The actor rings the citizen now, from a telephone of their own. Raises Stale while somebody else does."""
    with moved(actor, number, "ring-call-back", version, at) as hand:
        found = _held(hand)
        if attempts.alive(found.id) is not None:
            raise Stale("Somebody is ringing them already.", code="ringing")
        attempt = attempts.begin(found, AttemptState.DIALING_CITIZEN, actor.id, hand.at, by_hand=True)
        attempts.rung(hand, found, attempt)
        return hand.ticket


@unit()
def dial(
    actor: Actor, number: int, outcome: str, note: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The citizen was rung as promised, with this outcome; the note says what was talked about."""
    with moved(actor, number, "dial-call-back", version, at, outcome=outcome) as hand:
        if outcome not in set(CallOutcome):
            raise Invalid("There is no such outcome.", fields={"outcome": f"one of {', '.join(CallOutcome)}"})
        message = notices.note(hand, note) if note.strip() else None
        if outcome == CallOutcome.REACHED and hand.ticket.first_response_at is None:
            hand.ticket.first_response_at = hand.at
        attempts.settle(hand, _held(hand), CallOutcome(outcome), message.id if message else None, past=is_past())
        return hand.ticket


@unit()
def cancel(
    actor: Actor, number: int, note: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The citizen wants no call any more; they may say so themselves."""
    with moved(actor, number, "cancel-call-back", version, at) as hand:
        found, by_citizen = _held(hand), actor.kind is ActorKind.CITIZEN
        if found.state == PromiseState.RINGING:
            raise Stale("The call is being made.", code="ringing")
        if note.strip() and not by_citizen:
            notices.note(hand, note)
        rows.end(found, PromiseEnd.CITIZEN if by_citizen else PromiseEnd.STAFF, hand.at)
        hand.record(events.CallBackCancelled())
        return hand.ticket


def _held(hand: Hand) -> Row[Any]:
    found = rows.open_of(hand.ticket.id, lock=True)
    if found is None:
        raise Stale("No call is promised.", code="no-call-promised")
    return found


def is_promised(number: int) -> bool:
    """Whether a call is promised in that ticket that nobody has tried to make yet."""
    db.session.flush()
    found = rows.open_of(number)
    return found is not None and found.state != PromiseState.RETRY_WAIT


def is_owed(number: int) -> bool:
    """Whether somebody is still to be rung in that ticket."""
    db.session.flush()
    return rows.open_of(number) is not None
