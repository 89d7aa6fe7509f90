"""Departments, services and people, by machine."""

from helpdesk.permissions import Actor
from helpdesk.services import catalogue, records
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.paging import PAGING


@operation("GET", "/departments", scope="read", answer=shapes.Page[shapes.Department], queries=PAGING)
def list_departments(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[shapes.Department]:
    """Who answers requests."""
    rows, more = records.part(catalogue.departments(), lambda row: row.id, cursor, limit)
    found = [
        shapes.Department(key=row.key, names=row.names, descriptions=row.descriptions, active=row.active)
        for row in rows
    ]
    return shapes.Page(items=found, next=more)


@operation("GET", "/services", scope="read", answer=shapes.Page[shapes.Service], queries=PAGING)
def list_services(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[shapes.Service]:
    """What can be asked for."""
    keys = {row.id: row.key for row in catalogue.departments()}
    rows, more = records.part(catalogue.services(), lambda row: row.id, cursor, limit)
    found = [
        shapes.Service(
            key=row.key,
            department=keys[row.department_id],
            names=row.names,
            descriptions=row.descriptions,
            phase=row.phase,
            type=row.type,
            fields=list(row.fields),
        )
        for row in rows
    ]
    return shapes.Page(items=found, next=more)


@operation("GET", "/people/{id}", scope="read", answer=shapes.Person)
def read_person(actor: Actor, id: int) -> shapes.Person:
    """A person who asked or who works here."""
    return shapes.Person(**records.person(actor, id))
