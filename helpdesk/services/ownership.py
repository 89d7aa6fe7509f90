"""Who answers for a case that nobody has taken yet; nobody who is gone answers for any. Asks only the catalogue."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from helpdesk import events
from helpdesk.services import absences, catalogue
from helpdesk.services.catalogue import Colleague
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import Role

BY_DEFAULT = "default"
"""The reason of an owner whom nobody chose."""

_RANKS: Sequence[Callable[[Colleague, int], bool]] = (
    lambda one, place: place in one.leads,
    lambda one, place: one.role == Role.SUPERVISOR and place in one.departments,
    lambda one, place: one.role == Role.ADMINISTRATOR,
    lambda one, place: place in one.departments,
)
"""Who answers where a department names nobody: they who come first on top."""


def candidates(department_id: int | None, at: datetime, but: Collection[int] = ()) -> tuple[int, ...]:
    """Who may answer by default for the cases of a department; several take turns.

    The one it names, else those who lead it, else those who supervise it, else administrators, else anybody of it; who
    is away, by their deputy. Where all are away, the first who would be. ``but`` are passed over. Empty where nobody
    works.
    """
    if department_id is None:
        return ()
    gone, groups = absences.away(at), [group for group in _groups(department_id, but) if group]
    for group in groups:
        present = {absences.stand_in(person_id, gone) for person_id in group} - {None, *but}
        if present:
            return tuple(sorted(one for one in present if one is not None))
    return groups[0] if groups else ()


def _groups(department_id: int, but: Collection[int]) -> Iterator[tuple[int, ...]]:
    known = catalogue.current()
    named = getattr(known.departments.get(department_id), "default_owner_id", None)
    people = [one for one in known.colleagues.values() if one.active and one.id not in but]
    yield tuple(one.id for one in people if one.id == named)
    for belongs in _RANKS:
        yield tuple(sorted(one.id for one in people if belongs(one, department_id)))


def turn(who: Sequence[int], number: int) -> int | None:
    """Whose turn it is with a ticket of that number."""
    return who[number % len(who)] if who else None


def ensure(hand: Hand) -> None:
    """Gives a held ticket of a department an owner, where it has none or the one it has works here no more."""
    ticket = hand.ticket
    owner = catalogue.current().colleagues.get(ticket.owner_id or 0)
    if ticket.department_id is None or (ticket.owner_id is not None and owner is not None and owner.active):
        return
    by_default(hand)


def by_default(hand: Hand, but: Collection[int] = ()) -> None:
    """Whoever answers for the cases of its department answers for this one, until somebody takes it."""
    ticket = hand.ticket
    person_id = turn(candidates(ticket.department_id, hand.at, {*but, *(ticket.complained_of or ())}), ticket.id)
    if person_id is not None and person_id != ticket.owner_id:
        before, ticket.owner_id, ticket.owner_by_default = ticket.owner_id, person_id, True
        hand.record(events.OwnerChanged(person_id, before, BY_DEFAULT))
