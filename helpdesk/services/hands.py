"""A ticket held under its lock while one verb works on it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from helpdesk import clock, events
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import journal, refusals, scope, transitions
from helpdesk.services.transitions import Case
from helpdesk.vocabulary import Status


class Hand:
    """A ticket held under its lock while one verb works on it."""

    def __init__(self, ticket: Ticket, actor: Actor, at: datetime) -> None:
        self.ticket, self.actor, self.at = ticket, actor, at

    def record(self, event: events.Event) -> None:
        """States a fact about it."""
        journal.record(self.ticket.id, event, self.actor, self.at)

    def acknowledge(self) -> None:
        """The first act of a human on the ticket is a fact of its own."""
        if self.actor.is_staff and self.ticket.acknowledged_at is None:
            self.ticket.acknowledged_at = self.at
            self.record(events.TicketAcknowledged())
            if self.actor.id is not None and self.actor.id == self.ticket.assignee_id:
                self.own(self.actor.id)

    def require_fair(self, person_id: int | None, field: str = "assignee_id") -> None:
        """Nobody has a complaint in hand that names them; raises Invalid that names the field."""
        if person_id in (self.ticket.complained_of or ()):
            told = "This complaint is about that person: somebody else must have it."
            raise Invalid(told, code="complained-of", fields={field: "somebody whom it is not about"})

    def own(self, person_id: int) -> None:
        """Whoever works on it first answers for the case from then on; that owner stays when the ticket moves."""
        if person_id in (self.ticket.complained_of or ()):
            return
        if self.ticket.owner_id is None or self.ticket.owner_by_default:
            before, self.ticket.owner_id, self.ticket.owner_by_default = self.ticket.owner_id, person_id, False
            if before != person_id:
                self.record(events.OwnerChanged(person_id, before))

    def give(
        self, person_id: int | None, *, taken: bool = False, why: Mapping[str, Any] | None = None, owns: bool = True
    ) -> None:
        """Puts it into somebody's hands, or into nobody's; ``why`` says how the rules chose them.

        ``owns``: who is first answers for the case besides.
        """
        self.require_fair(person_id)
        if person_id != self.ticket.assignee_id:
            before, self.ticket.assignee_id = self.ticket.assignee_id, person_id
            self.record(events.TicketAssigned(person_id, before, taken, dict(why) if why else None))
        if person_id is not None and why:
            self._own_for_now(person_id)
        elif person_id is not None and (owns or self.ticket.owner_id is None):
            self.own(person_id)
            self.begin()

    def _own_for_now(self, person_id: int) -> None:
        """What rules gave is begun, and answered for, by whoever begins with it."""
        if self.ticket.owner_id is None or self.ticket.owner_by_default:
            self.own(person_id)
            self.ticket.owner_by_default = True

    def begin(self) -> None:
        """What was new is being worked on."""
        if self.ticket.status == Status.NEW:
            self.move(Status.OPEN)

    def move(self, status: Status, reason: str | None = None, until: datetime | None = None) -> None:
        """Another status, as a fact."""
        before, self.ticket.status = self.ticket.status, status.value
        self.ticket.waiting_reason, self.ticket.waiting_until = reason, until
        moment = until.isoformat() if until else None
        self.record(events.StatusChanged(status.value, before, reason, moment))


@contextmanager
def held(actor: Actor, number: int, verb: str, version: int | None, at: datetime | None) -> Iterator[Hand]:
    """Locks the ticket and checks that the actor may do that to it, and to the version they saw.

    Raises NotFound, Forbidden, Stale.
    """
    ticket = scope.find(actor, number, lock=True)
    if not may(actor, verb, ticket):
        raise Forbidden("You may read this ticket, not change it.")
    if version is not None and version != ticket.version:
        raise Stale(
            "Somebody changed this ticket meanwhile.", code="stale-version", fields={"version": str(ticket.version)}
        )
    hand = Hand(ticket, actor, at or clock.now())
    yield hand
    ticket.updated_at = hand.at
    db.session.flush()


_PAST = "helpdesk.hands.past"


@contextmanager
def told_as_it_was() -> Iterator[None]:
    """What happens inside happened in another system: conditions that are ours alone do not hold for it."""
    info = db.session().info
    info[_PAST] = True
    try:
        yield
    finally:
        info.pop(_PAST, None)


def is_past() -> bool:
    """Whether another system is told what happened there."""
    return bool(db.session().info.get(_PAST))


@contextmanager
def moved(
    actor: Actor, number: int, verb: str, version: int | None, at: datetime | None, **fields: object
) -> Iterator[Hand]:
    """The same for a move of the table of transitions, with the fields it was given; a refusal is put on record."""
    with refusals.noted(actor, number, verb, at), held(actor, number, verb, version, at) as hand:
        transitions.check(verb, Case(actor, hand.ticket, hand.at, is_past()), fields)
        hand.acknowledge()
        yield hand
