"""Departments, services and people, by machine."""

from helpdesk.permissions import Actor
from helpdesk.services import catalogue, records
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation


@operation("GET", "/departments", scope="read", answer=shapes.Page[shapes.Department])
def list_departments(actor: Actor) -> shapes.Page[shapes.Department]:
    """Who answers requests."""
    found = [
        shapes.Department(key=item.key, names=item.names, descriptions=item.descriptions, active=item.active)
        for item in catalogue.departments()
    ]
    return shapes.Page(items=found, next=None)


@operation("GET", "/services", scope="read", answer=shapes.Page[shapes.Service])
def list_services(actor: Actor) -> shapes.Page[shapes.Service]:
    """What can be asked for."""
    keys = {item.id: item.key for item in catalogue.departments()}
    found = [
        shapes.Service(
            key=item.key,
            department=keys[item.department_id],
            names=item.names,
            descriptions=item.descriptions,
            phase=item.phase,
            type=item.type,
            fields=list(item.fields),
        )
        for item in catalogue.services()
    ]
    return shapes.Page(items=found, next=None)


@operation("GET", "/people/{id}", scope="read", answer=shapes.Person)
def read_person(actor: Actor, id: int) -> shapes.Person:
    """A person who asked or who works here."""
    return shapes.Person(**records.person(actor, id))
