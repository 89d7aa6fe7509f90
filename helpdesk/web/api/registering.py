"""Splitting a contact, and people to be handled with care, by machine."""

from helpdesk.permissions import Actor
from helpdesk.services import care, catalogue, records, splitting
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation


@operation(
    "POST", "/tickets/{number}/actions/split", scope="write", answer=shapes.Ticket, body=shapes.Split, status=201,
    name="split_ticket",
)  # fmt: skip
def split_ticket(actor: Actor, number: int, given: shapes.Split) -> tuple[shapes.Ticket, dict[str, str]]:
    """Makes a ticket of its own of a part of what the citizen wrote; the new one, linked with the old."""
    made = splitting.split(
        actor,
        number,
        given.messages,
        given.text or "",
        given.subject or "",
        service_id=catalogue.live(catalogue.id_of("service", given.service)) if given.service else None,
        department_id=catalogue.id_of("department", given.department) if given.department else None,
        version=given.version,
    )
    return shapes.Ticket(**records.changed(actor, made.id)), {"Location": f"/api/v1/tickets/{made.id}"}


@operation("PATCH", "/people/{id}", scope="write", answer=shapes.Person, body=shapes.PersonChange)
def change_person(actor: Actor, id: int, given: shapes.PersonChange) -> shapes.Person:
    """Says whether a person is to be handled with care, and why; for supervisors and administrators."""
    care.mark(actor, id, given.care, given.care_reason)
    return shapes.Person(**records.person(actor, id))
