"""The closure checklist: what should be known of how a ticket ended, and what of it is missing. Pure."""

from typing import Any

from helpdesk.errors import Invalid
from helpdesk.vocabulary import ClosurePoint, ResolutionCode, TicketType

WORKED = frozenset({ResolutionCode.SOLVED, ResolutionCode.FULFILLED, ResolutionCode.WORKAROUND})
"""Endings after which something works that did not before, so that somebody can have tested it."""

SOLVES_FAULTS = frozenset({TicketType.INCIDENT.value})
"""Types of which cause and test are asked."""


def missing(ticket: Any) -> tuple[ClosurePoint, ...]:
    """The points of the checklist that a resolved ticket's row leaves open."""
    return tuple(point for point in points(ticket) if getattr(ticket, _COLUMNS[point]) is None)


_COLUMNS = {
    ClosurePoint.CATEGORY: "category_id",
    ClosurePoint.ROOT_CAUSE: "root_cause",
    ClosurePoint.VERIFIED_BY: "verified_by_id",
}


def points(ticket: Any) -> tuple[ClosurePoint, ...]:
    """What the checklist asks of it: its category, and of a fault that was mended the cause and who tested it."""
    code = ticket.resolution_code
    if code in (None, ResolutionCode.NOT_COMPETENT):
        return ()
    if ticket.type not in SOLVES_FAULTS or code not in WORKED:
        return (ClosurePoint.CATEGORY,)
    return tuple(ClosurePoint)


def require(ticket: Any) -> None:
    """Raises Invalid that names each point that is open."""
    if fields := dict.fromkeys((point.value for point in missing(ticket)), "is needed"):
        raise Invalid("The closure checklist has open points.", code="checklist", fields=fields)
