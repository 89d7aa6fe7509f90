"""Requests that say the same, by machine: listed, dismissed, gathered, or proposed as a major incident."""

from helpdesk.permissions import Actor
from helpdesk.services import catalogue, records, surges
from helpdesk.services.surges import Proposed
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes import routing as told
from helpdesk.web.api.shapes.assignment import Answer

_MOST = 200


@operation("GET", "/surges", scope="read", answer=shapes.Page[told.Surge], queries=PAGING)
def list_surges(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[told.Surge]:
    """What waits for a decision: open requests that say the same within a day. For supervisors."""
    rows, more = records.part(surges.proposed(actor, _MOST), lambda one: one.id, cursor, limit)
    return shapes.Page(items=[_surge(one) for one in rows], next=more)


def _surge(one: Proposed) -> told.Surge:
    known = catalogue.current()
    place, service = known.departments.get(one.department_id or 0), known.services.get(one.service_id or 0)
    return told.Surge(
        id=one.id,
        department=place.key if place else None,
        service=service.key if service else None,
        words=list(one.words),
        found_at=one.found_at,
        tickets=[
            told.SurgeTicket(number=str(row.id), subject=row.subject, status=row.status, received_at=row.received_at)
            for row in one.tickets
        ],
    )


@operation("POST", "/surges/{id}/dismiss", scope="write", answer=told.SurgeDecided, body=Answer)
def dismiss_surge(actor: Actor, id: int, given: Answer) -> told.SurgeDecided:
    """They have no cause in common; they come back only at twice their number."""
    surges.dismiss(actor, id)
    return told.SurgeDecided(ticket=None)


@operation("POST", "/surges/{id}/gather", scope="write", answer=told.SurgeDecided, body=Answer)
def gather_surge(actor: Actor, id: int, given: Answer) -> told.SurgeDecided:
    """Links them with the oldest, as its duplicates."""
    return told.SurgeDecided(ticket=str(surges.gather(actor, id)))


@operation("POST", "/surges/{id}/propose-major", scope="write", answer=told.SurgeDecided, body=Answer)
def propose_major_of_surge(actor: Actor, id: int, given: Answer) -> told.SurgeDecided:
    """Proposes a major incident of the oldest."""
    return told.SurgeDecided(ticket=str(surges.propose_major(actor, id)))
