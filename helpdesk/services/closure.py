"""What is found out of how a ticket ended: checked, put on it, and on record."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.services import catalogue, classification
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import RootCause

EMPTY: Mapping[str, None] = dict.fromkeys(("root_cause", "workaround_used", "verified_by_id"))
"""What a ticket that is worked on again no longer says of its end."""


@dataclass(frozen=True)
class Facts:
    """What was found out; None says nothing. ``verified_by``: the id of who tested it, one of us or who asked."""

    root_cause: str | None = None
    workaround: bool | None = None
    verified_by: int | None = None
    category_id: int | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in asdict(self).values())


def check(hand: Hand, facts: Facts) -> None:
    """Raises Invalid that names what cannot be kept."""
    wrong = {}
    if facts.root_cause is not None and facts.root_cause not in set(RootCause):
        wrong["root_cause"] = f"one of {', '.join(RootCause)}"
    if facts.verified_by is not None and not _may_have_tested(hand, facts.verified_by):
        wrong["verified_by"] = "somebody who works here, or who asked"
    if wrong:
        raise Invalid("Something about the end cannot be kept like this.", fields=wrong)


def _may_have_tested(hand: Hand, person_id: int) -> bool:
    colleague = catalogue.current().colleagues.get(person_id)
    return person_id == hand.ticket.requester_id or (colleague is not None and colleague.active)


def apply(hand: Hand, facts: Facts) -> bool:
    """Puts them on a held ticket, what is None excepted; whether that changed anything but its category."""
    if facts.category_id is not None and facts.category_id != hand.ticket.category_id:
        classification.change(hand.actor, hand.ticket.id, category_id=facts.category_id, at=hand.at)
    ticket, before = hand.ticket, _kept(hand.ticket)
    if facts.root_cause is not None:
        ticket.root_cause = facts.root_cause
    if facts.workaround is not None:
        ticket.workaround_used = facts.workaround
    if facts.verified_by is not None:
        ticket.verified_by_id = facts.verified_by
    return _kept(ticket) != before


def record(hand: Hand, facts: Facts) -> None:
    """The same after the resolution, as a fact of its own."""
    check(hand, facts)
    if apply(hand, facts):
        hand.record(events.ClosureRecorded(*_kept(hand.ticket)))


def _kept(ticket: Any) -> Sequence[Any]:
    return [ticket.root_cause, ticket.workaround_used, ticket.verified_by_id]
