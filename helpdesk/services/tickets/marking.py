"""What is put on a ticket: its subject, tags, links, owner, restriction, and codes that stop working."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.people import Staff
from helpdesk.models.tickets import Link, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import classification, journal, scope
from helpdesk.services.hands import held
from helpdesk.services.people import Contact

LINKS = ("related", "follow_up", "duplicate")


def rename(
    actor: Actor, number: int, subject: str, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Gives it another subject."""
    return classification.change(actor, number, subject=subject, version=version, at=at)


@unit()
def tag(
    actor: Actor,
    number: int,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Puts labels on and takes labels off."""
    with held(actor, number, "classify", version, at) as hand:
        gone = set(remove)
        wanted = [label for label in dict.fromkeys((*hand.ticket.tags, *add)) if label not in gone]
        return classification.change(actor, number, tags=wanted, at=hand.at)


def restrict(
    actor: Actor, number: int, restricted: bool = True, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Hides it from other departments, or shows it to them again."""
    return classification.change(actor, number, restricted=restricted, version=version, at=at)


def complain_of(
    actor: Actor, number: int, people: Sequence[int], *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Says which members of staff a complaint is about; none clears it."""
    return classification.change(actor, number, complained_of=people, version=version, at=at)


def concern(
    actor: Actor, number: int, contact: Contact, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Says for whom it is asked, found or made like anybody who asks; an empty contact is nobody but who asked."""
    return classification.change(actor, number, on_behalf_of=contact, version=version, at=at)


@unit()
def link(
    actor: Actor,
    number: int,
    other: int,
    kind: str = "related",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Says that two tickets belong together; both journals know. The actor must see both."""
    with held(actor, number, "link", version, at) as hand:
        if kind not in LINKS:
            raise Invalid("There is no such kind of link.", fields={"kind": f"one of {', '.join(LINKS)}"})
        if other == number:
            raise Invalid("A ticket is not linked to itself.", fields={"other": "another ticket"})
        scope.find(actor, other)
        row = {"kind": kind, "from_id": number, "to_id": other, "at": hand.at}
        made = insert(table(Link)).values(row).on_conflict_do_nothing().returning(table(Link).c.id)
        if db.session.execute(made).scalar() is not None:
            hand.record(events.TicketsLinked(other, kind))
            journal.record(other, events.TicketsLinked(number, kind), actor, hand.at)
        return hand.ticket


@unit()
def set_owner(
    actor: Actor, number: int, person_id: int, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Somebody else answers for the case from now on, whoever works on it."""
    with held(actor, number, "assign", version, at) as hand:
        if db.session.execute(select(Staff.role).where(Staff.person_id == person_id, Staff.active)).scalar() is None:
            raise Invalid("Nobody of that id works here.", fields={"owner_id": "an active member of staff"})
        hand.require_fair(person_id, "owner_id")
        before, hand.ticket.owner_by_default = hand.ticket.owner_id, False
        if person_id != before:
            hand.ticket.owner_id = person_id
            hand.record(events.OwnerChanged(person_id, before))
        return hand.ticket


@unit()
def revoke_tracking(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """Makes every tracking code and link given out so far stop working."""
    with held(actor, number, "revoke-tracking", version, at) as hand:
        hand.ticket.tracking_version += 1
        hand.record(events.TrackingRevoked())
        return hand.ticket
