"""Which ticket a message belongs to: joins, follows up, is related, or stands alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.services import people, standings
from helpdesk.services.arrival import Arrival
from helpdesk.services.effects import Effect, effect
from helpdesk.services.standings import Standing

RELATED, FOLLOW_UP, SPLIT = "related", "follow_up", "split"


@dataclass(frozen=True)
class Place:
    """Where a message goes: on a ticket that stands, or on a new one, perhaps linked.

    ``number`` is the ticket it stands on, ``standing`` says where that goes on: one that was merged keeps its own
    words, and what follows from them follows for the survivor. ``batch`` is the position of an arrival of the same
    batch whose new ticket it joins. ``repeats``: another message bore the same Message-ID, with other content, or it
    would not have come so far. ``guarded`` and ``complained_of``: how the older ticket that it is linked to is hidden.
    ``linked_batch`` is the position of an arrival of the same batch whose new ticket it is linked with.
    """

    number: int | None = None
    standing: Standing | None = None
    batch: int | None = None
    link: str | None = None
    linked_to: int | None = None
    repeats: bool = False
    guarded: bool = False
    complained_of: tuple[int, ...] = ()
    linked_batch: int | None = None


@dataclass
class Ground:
    """What is known of the tickets that a batch may mean."""

    standings: dict[int, Standing] = field(default_factory=dict)
    partaking: set[tuple[int, int]] = field(default_factory=set)
    threads: dict[str, int] = field(default_factory=dict)
    opened: dict[tuple[str, int], int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def place(arrivals: Sequence[Arrival], persons: Sequence[int | None]) -> list[Place]:
    """The place of each arrival; the tickets they join stay locked until the commit."""
    ground = _ground(arrivals, persons)
    places = []
    for at, (arrival, person_id) in enumerate(zip(arrivals, persons, strict=True)):
        found = _place(arrival, person_id, ground)
        places.append(replace(found, repeats=arrival.external_id in ground.names))
        ground.names |= {arrival.external_id} - {""}
        if found.standing is None and found.batch is None and arrival.external_id and person_id is not None:
            ground.opened.setdefault((arrival.external_id, person_id), at)
    return places


def _place(arrival: Arrival, person_id: int | None, ground: Ground) -> Place:
    """The law of joining (docs/architecture.md, "What joins a ticket"); nothing else joins."""
    if arrival.split_from is not None:
        return _linked(SPLIT, arrival.split_from, ground.standings.get(arrival.split_from))
    referenced = [ground.threads[name] for name in reversed(arrival.references) if name in ground.threads]
    signed = [number for number in arrival.signed if number in ground.standings]
    for number in (*signed, *referenced):
        if (number, person_id) in ground.partaking:
            return _joined(arrival, number, ground.standings[number])
    for name in reversed(arrival.references):
        if person_id is not None and (name, person_id) in ground.opened:
            return Place(batch=ground.opened[name, person_id])
    named = [number for number in arrival.named if (number, person_id) in ground.partaking]
    related = next(iter((*signed, *named, *referenced, *_also_sent_here(arrival, person_id, ground))), None)
    if related is not None:
        return _linked(RELATED, related, ground.standings.get(related))
    beside = ground.opened.get((arrival.external_id, person_id)) if person_id is not None else None
    return Place(link=RELATED, linked_batch=beside) if beside is not None else Place()


def _also_sent_here(arrival: Arrival, person_id: int | None, ground: Ground) -> list[int]:
    """The ticket of what the same person sent under this Message-ID, as one does who writes to two of our addresses."""
    number = ground.threads.get(arrival.external_id)
    return [number] if number is not None and (number, person_id) in ground.partaking else []


def _joined(arrival: Arrival, number: int, standing: Standing) -> Place:
    if effect(standing, arrival.received_at, automatic=bool(arrival.automatic)) is Effect.FOLLOWS_UP:
        return _linked(FOLLOW_UP, number, standing)
    return Place(number, standing)


def _linked(link: str, number: int, older: Standing | None) -> Place:
    if older is None:
        return Place(link=link, linked_to=number)
    return Place(link=link, linked_to=number, guarded=older.restricted, complained_of=older.complained_of)


def _ground(arrivals: Sequence[Arrival], persons: Sequence[int | None]) -> Ground:
    names = {name for arrival in arrivals for name in (*arrival.references, arrival.external_id) if name}
    threads = _threads(sorted(names)) if names else {}
    references = {name for arrival in arrivals for name in arrival.references}
    numbers = {number for arrival in arrivals for number in (*arrival.signed, *arrival.named)}
    numbers |= {arrival.split_from for arrival in arrivals if arrival.split_from is not None}
    own = {arrival.external_id for arrival in arrivals}
    numbers |= {threads[name] for name in (references | own) & threads.keys()}
    if not numbers:
        return Ground(names=set(threads))
    known = standings.locked(numbers)
    who = sorted({person_id for person_id in persons if person_id is not None})
    meant = {name: number for name, number in threads.items() if number in known}
    return Ground(known, people.taking_part(sorted(known), who), meant, names=set(threads))


_THREADS = text("select external_id, ticket_id from message where external_id = any(:names) order by id")


def _threads(names: Sequence[str]) -> dict[str, int]:
    return {row.external_id: row.ticket_id for row in db.session.execute(_THREADS, {"names": list(names)})}
