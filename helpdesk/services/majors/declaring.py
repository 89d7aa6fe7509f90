"""Declaring a major incident, giving it to another coordinator, and taking it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.majors import MajorChild, MajorIncident
from helpdesk.models.people import Staff
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, notices
from helpdesk.services.hands import Hand, held
from helpdesk.services.majors import banner, children, naming, proposing, reading, stakeholders
from helpdesk.services.majors.naming import Words
from helpdesk.vocabulary import FINISHED, Criterion

_CHILDREN = table(MajorChild)
SHORTEST, LONGEST = 5, 24 * 60
"""Minutes between two updates."""
USUAL = 60


@unit()
def declare(
    actor: Actor,
    number: int,
    coordinator_id: int,
    titles: Words | None = None,
    summaries: Words | None = None,
    *,
    services: Sequence[int | str] = (),
    update_minutes: int = USUAL,
    link: Iterable[int] = (),
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """It is a major incident from now on: first in every queue, under terms of its own, with a banner for everybody.

    Without ``titles`` it is called by its services, without ``summaries`` everybody reads that we are working on it.
    ``services`` are those it is about, by id or key (its own, when left out); ``link`` are tickets about the same.
    The first update is promised within ``update_minutes``. Raises NotFound, Forbidden, Stale, Invalid.
    """
    with held(actor, number, "declare-major", version, at) as hand:
        _require_able(hand.ticket)
        about = _services(services, hand.ticket)
        titles = naming.title(_title(about) if titles is None else titles)
        summaries = naming.texts(naming.usual_summary() if summaries is None else summaries, "summary")
        _require_person(coordinator_id)
        criterion = _criterion(hand.ticket, about)
        hand.acknowledge()
        _keep(hand, {
            "criterion": criterion, "titles": titles, "summaries": summaries, "coordinator_id": coordinator_id,
            "service_ids": about, "update_minutes": _minutes(update_minutes), "alarms": 0, "resolutions": {},
            "next_update_at": hand.at + timedelta(minutes=update_minutes), "settling": False,
            "declared_at": hand.at, "declared_by_id": actor.id, "ended_at": None, "revoked_at": None,
        })  # fmt: skip
        hand.ticket.major = True
        _hand_over(hand, coordinator_id)
        hand.record(events.MajorDeclared(coordinator_id, criterion, about))
        proposing.settle_declared(hand, about)
        banner.put_up(hand)
        stakeholders.usual(hand, about)
        children.link_held(hand, link)
        return hand.ticket


def _require_able(ticket: Ticket) -> None:
    if ticket.major:
        raise Stale("It is a major incident already.", code="already-major")
    if ticket.status in FINISHED:
        raise Stale("Nobody works on this ticket any more: reopen it first.", code="illegal-move")
    parent = select(_CHILDREN.c.parent_id).where(_CHILDREN.c.ticket_id == ticket.id)
    if db.session.execute(parent).scalar() is not None:
        raise Stale("It is part of another major incident: release it there first.", code="is-child")


def _require_person(person_id: int) -> None:
    known = select(Staff.person_id).where(Staff.person_id == person_id, Staff.active)
    if db.session.execute(known).scalar() is None:
        told = {"coordinator_id": "an active member of staff"}
        raise Invalid("A major incident needs a coordinator.", code="missing-field", fields=told)


def _minutes(given: int) -> int:
    if not SHORTEST <= given <= LONGEST:
        told = {"update_minutes": f"{SHORTEST} to {LONGEST} minutes"}
        raise Invalid("An update is promised within a day.", fields=told)
    return given


def _services(given: Sequence[int | str], ticket: Ticket) -> list[int]:
    known = catalogue.current().services
    keys = {one.key: one.id for one in known.values()}
    about = [keys.get(one, 0) if isinstance(one, str) else one for one in dict.fromkeys(given)]
    if not set(about) <= known.keys():
        raise Invalid("Something does not exist.", fields={"services": "services of the catalogue"})
    return list(dict.fromkeys(about)) or ([ticket.service_id] if ticket.service_id else [])


def _title(about: Sequence[int]) -> dict[str, str]:
    known = catalogue.current().services
    return naming.usual_title([known[id_].names for id_ in about if id_ in known])


def _criterion(ticket: Ticket, about: Sequence[int]) -> str:
    """What proposed it; by hand, where nothing did."""
    concerned: list[int | None] = [*about] or [None]
    proposals = [proposing.of_ticket(ticket.id, service_id) for service_id in concerned]
    return next((str(one.criterion) for one in proposals if one is not None), Criterion.BY_HAND.value)


def _keep(hand: Hand, values: dict[str, object]) -> None:
    """A ticket that was major before, and taken back, has a row already."""
    row = db.session.get(MajorIncident, hand.ticket.id)
    if row is None:
        row = MajorIncident(ticket_id=hand.ticket.id)
        db.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def _hand_over(hand: Hand, person_id: int) -> None:
    """The coordinator answers for the case."""
    before = hand.ticket.owner_id
    if before != person_id:
        hand.ticket.owner_id = person_id
        hand.record(events.OwnerChanged(person_id, before))
    hand.begin()


@unit()
def appoint(
    actor: Actor, number: int, coordinator_id: int, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Somebody else coordinates it from now on."""
    with held(actor, number, "coordinate-major", version, at) as hand:
        major = reading.lasting(hand)
        _require_person(coordinator_id)
        before = major.coordinator_id
        if coordinator_id != before:
            major.coordinator_id = coordinator_id
            _hand_over(hand, coordinator_id)
            hand.record(events.CoordinatorChanged(coordinator_id, before))
        return hand.ticket


@unit()
def revoke(actor: Actor, number: int, reason: str, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """It is none after all: a supervisor says why; terms, queue and banner are as before, its children stand alone."""
    with held(actor, number, "revoke-major", version, at) as hand:
        if not may(actor, "supervise"):
            raise Forbidden("Supervisors decide about major incidents.")
        if not reason.strip():
            raise Invalid("Say why it is none.", code="missing-field", fields={"reason": "is needed"})
        major = reading.lasting(hand)
        if hand.ticket.status in FINISHED:
            raise Stale("It is resolved already: write its review.", code="illegal-move")
        message = notices.note(hand, reason)
        hand.ticket.major = False
        major.revoked_at = major.ended_at = hand.at
        major.next_update_at = None
        banner.take_down(hand, major)
        children.release_all(hand)
        hand.record(events.MajorRevoked(message.id))
        return hand.ticket
