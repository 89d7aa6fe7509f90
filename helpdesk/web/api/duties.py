"""Who is away, and who answers for a case, by machine."""

from typing import Any

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import absences, records, tickets
from helpdesk.services.absences import Leave
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.shapes import duty


@operation("GET", "/absences", scope="read", answer=duty.Absences)
def list_absences(actor: Actor) -> duty.Absences:
    """The absences that are not over and that the token's person may enter or end: their own, their people's."""
    return _listed(actor)


def _listed(actor: Actor) -> duty.Absences:
    return duty.Absences(items=[_told(row) for row in absences.coming(actor, clock.now())])


def _told(row: Any) -> duty.Absence:
    return duty.Absence(
        id=row.id, person=row.person_id, from_at=row.from_at, until_at=row.until_at, deputy=row.deputy_id,
        handing=row.handing,
    )  # fmt: skip


@operation("POST", "/absences", scope="write", answer=duty.Absence, body=duty.NewAbsence, status=201)
def enter_absence(actor: Actor, given: duty.NewAbsence) -> duty.Absence:
    """Says that somebody is away."""
    now = clock.now()
    leave = Leave(given.person or actor.id or 0, given.from_at, given.until_at, given.deputy, given.handing)
    id_ = absences.enter(actor, leave, at=now)
    return _told(next(row for row in absences.coming(actor, now) if row.id == id_))


@operation("POST", "/absences/{id}/end", scope="write", answer=duty.Absences, body=duty.EndAbsence)
def end_absence(actor: Actor, id: int, given: duty.EndAbsence) -> duty.Absences:
    """Calls one off, or ends it now; what is left."""
    absences.end(actor, id, at=clock.now())
    return _listed(actor)


@operation("PUT", "/tickets/{number}/owner", scope="write", answer=shapes.Ticket, body=duty.NewOwner)
def change_owner(actor: Actor, number: int, given: duty.NewOwner) -> shapes.Ticket:
    """Makes somebody who works here the owner of a case."""
    tickets.set_owner(actor, number, given.person, version=given.version)
    return shapes.Ticket(**records.changed(actor, number))
