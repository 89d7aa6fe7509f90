"""One thing reported twice: merge a ticket into another, and part them again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, flush_pending, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.tickets import Link, Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import family, journal, notices, pauses, scope
from helpdesk.services.hands import Hand, held, moved
from helpdesk.vocabulary import FINISHED, Status

LINK = "merged"
_TICKETS, _LINKS = table(Ticket), table(Link)


@unit()
def merge(
    actor: Actor,
    number: int,
    into: int,
    different_people: bool = False,
    note: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """It goes on as part of ``into``; where that one was merged itself, as part of the one it ended on.

    Nothing is moved: the survivor shows what was said on both. What is said to the citizens from now on goes to all
    who asked, so where other people asked in the two the actor says by ``different_people`` that this is meant.
    The actor must see and work both. Raises NotFound, Forbidden, Stale, Invalid.
    """
    family.hold()
    survivor = _survivor(actor, number, into)
    with _both(actor, number, survivor, "merge", version, at) as (merged, kept):
        _require_fit(merged.ticket, kept.ticket)
        _require_meant(merged.ticket, kept.ticket, different_people)
        message = notices.note(merged, note) if note.strip() else None
        ticket, until = merged.ticket, merged.ticket.waiting_until
        fact = events.TicketMerged(
            survivor,
            message.id if message else None,
            ticket.status,
            ticket.waiting_reason,
            until.isoformat() if until else None,
        )
        ticket.status, ticket.waiting_reason, ticket.waiting_until = Status.MERGED, None, None
        ticket.merged_into_id, ticket.survivor_id, ticket.closed_at = survivor, survivor, merged.at
        _lead(family.merged_into(number), survivor)
        row = {"kind": LINK, "from_id": number, "to_id": survivor, "at": merged.at}
        db.session.execute(insert(_LINKS).values(row).on_conflict_do_nothing())
        merged.record(fact)
        kept.record(events.MergeReceived(number))
        return ticket


def _survivor(actor: Actor, number: int, into: int) -> int:
    """Where it would end."""
    if not may(actor, "merge", scope.find(actor, number)):
        raise Forbidden("You may read this ticket, not change it.")
    if into == number:
        raise Invalid("A ticket is not merged into itself.", fields={"into": "the number of another ticket"})
    found = family.survivor(into)
    if found == number:
        raise Stale(f"Ticket {into} was merged into this one: part them first.", code="circle")
    try:
        scope.find(actor, into)
        scope.find(actor, found)
    except NotFound:
        raise Invalid("There is no such other ticket.", fields={"into": "the number of another ticket"}) from None
    return found


@contextmanager
def _both(
    actor: Actor, number: int, other: int, verb: str, version: int | None, at: datetime | None
) -> Iterator[tuple[Hand, Hand]]:
    """Both tickets held, always in the order of their numbers."""
    with ExitStack() as stack:
        hands = {}
        for one in sorted((number, other)):
            if one == number:
                hands[one] = stack.enter_context(moved(actor, one, verb, version, at, into=other))
            else:
                hands[one] = stack.enter_context(held(actor, one, verb, None, at))
        yield hands[number], hands[other]


def _require_fit(ticket: Ticket, survivor: Ticket) -> None:
    if survivor.status in FINISHED:
        told = f"Ticket {survivor.id} is {survivor.status}: nobody works on it. Reopen it first, or merge that one."
        raise Stale(told, code="survivor-finished", fields={"into": "a ticket that is being worked on"})
    if ticket.restricted and not survivor.restricted:
        told = "This ticket is hidden from other departments and the other one is not: hide that one first."
        raise Stale(told, code="survivor-shown", fields={"into": "a ticket that is hidden too"})
    if set(ticket.complained_of or ()) - set(survivor.complained_of or ()):
        told = "This complaint is about a colleague who sees the other ticket: say in that one too whom it is about."
        raise Stale(told, code="survivor-shown", fields={"into": "a ticket that is about the same colleagues"})


def _require_meant(ticket: Ticket, survivor: Ticket, different_people: bool) -> None:
    """Where other people asked, the answers will go to all of them: nobody does that by accident."""
    same_person = _TICKETS.c.requester_id.is_not_distinct_from(survivor.requester_id)
    asked = select(_TICKETS.c.id).where(
        (_TICKETS.c.id == ticket.id) | (_TICKETS.c.survivor_id == ticket.id), _TICKETS.c.requester_id.is_not(None)
    )
    if not different_people and db.session.execute(asked.where(~same_person).limit(1)).scalar() is not None:
        told = "Other people asked in these tickets: what we answer will go to all of them. Say that this is meant."
        raise Invalid(told, code="different-people", fields={"different_people": "say yes, if this is meant"})


def _lead(numbers: list[int], to: int) -> None:
    """Lets tickets merged earlier go on in another one."""
    if numbers:
        db.session.execute(update(_TICKETS).where(_TICKETS.c.id.in_(numbers)).values(survivor_id=to))


@unit()
def unmerge(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """It stands by itself again, as it stood: status, waiting, who works on it; with what was merged into it before."""
    family.hold()
    place = scope.find(actor, number)
    parent, survivor = place.merged_into_id, place.survivor_id
    if parent is None or survivor is None:
        with moved(actor, number, "unmerge", version, at):  # refuses it as the table says, and puts it on record
            raise Stale("This ticket was not merged.", code="illegal-move")
    with _both(actor, number, parent, "unmerge", version, at) as (merged, kept):
        stood, ticket = _stood(number), merged.ticket
        ticket.status, ticket.waiting_reason = stood.previous, stood.reason
        ticket.waiting_until = datetime.fromisoformat(stood.until) if stood.until else None
        ticket.merged_into_id = ticket.survivor_id = ticket.closed_at = None
        if ticket.waiting_reason:
            pauses.wake(number, merged.at)
        _lead(family.below(number, family.parents(survivor)), number)
        pair = (_LINKS.c.kind == LINK, _LINKS.c.from_id == number, _LINKS.c.to_id == parent)
        db.session.execute(delete(_LINKS).where(*pair))
        merged.record(events.TicketUnmerged(parent))
        kept.record(events.MergeUndone(number))
        return ticket


def _stood(number: int) -> events.TicketMerged:
    """How it stood when it was merged last."""
    flush_pending()
    merges = [fact.event for fact in journal.of(number) if isinstance(fact.event, events.TicketMerged)]
    return merges[-1]
