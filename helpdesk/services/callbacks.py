"""Call-backs: promised for a window, one at a time; dialled or cancelled. What the phone does with them is its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk import events
from helpdesk.db import flush_pending, unit
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import journal, notices
from helpdesk.services.hands import moved
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import ActorKind, CallOutcome

_ENDING = (events.CallBackDialled, events.CallBackCancelled, events.TicketResolved, events.TicketCancelled)


@dataclass(frozen=True)
class Window:
    """When the citizen will be rung."""

    begins_at: datetime
    ends_at: datetime


def promised(facts: Iterable[Recorded]) -> Window | None:
    """The promise that is open by this journal: the first dial, whoever answered, or the end of the ticket ends it."""
    found: Window | None = None
    for fact in facts:
        if isinstance(fact.event, events.CallBackPromised):
            found = Window(*map(datetime.fromisoformat, (fact.event.begins_at, fact.event.ends_at)))
        elif isinstance(fact.event, _ENDING):
            found = None
    return found


@unit()
def promise(
    actor: Actor,
    number: int,
    begins_at: datetime,
    ends_at: datetime,
    note: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The citizen will be rung between these moments. Refused while an earlier promise is open."""
    given = {"begins_at": begins_at, "ends_at": ends_at}
    with moved(actor, number, "promise-call-back", version, at, **given) as hand:
        if begins_at < hand.at:
            raise Invalid("The window begins in the past.", fields={"begins_at": "a moment to come"})
        if ends_at <= begins_at:
            raise Invalid("The window ends before it begins.", fields={"ends_at": "later than its beginning"})
        if note.strip():
            notices.note(hand, note)
        hand.record(events.CallBackPromised(begins_at.isoformat(), ends_at.isoformat()))
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
        hand.record(events.CallBackDialled(outcome, message.id if message else None))
        return hand.ticket


@unit()
def cancel(
    actor: Actor, number: int, note: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The citizen wants no call any more; they may say so themselves."""
    with moved(actor, number, "cancel-call-back", version, at) as hand:
        if note.strip() and actor.kind is not ActorKind.CITIZEN:
            notices.note(hand, note)
        hand.record(events.CallBackCancelled())
        return hand.ticket


def is_promised(number: int) -> bool:
    """Whether a call is promised in that ticket and open."""
    flush_pending()
    return promised(journal.of(number)) is not None
