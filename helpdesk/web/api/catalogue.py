"""Departments, services, customers, suppliers and people, by machine."""

from collections.abc import Sequence
from typing import Any

from helpdesk import i18n
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
    customers = catalogue.current().customers
    rows, more = records.part(catalogue.services(), lambda row: row.id, cursor, limit)
    found = [
        shapes.Service(
            key=row.key,
            department=keys[row.department_id],
            customer=customers[row.customer_id].key if row.customer_id else None,
            names=row.names,
            descriptions=row.descriptions,
            phase=row.phase,
            type=row.type,
            application=row.application,
            fields=list(row.fields),
        )
        for row in rows
    ]
    return shapes.Page(items=found, next=more)


@operation("GET", "/categories", scope="read", answer=shapes.Page[shapes.Category], queries=PAGING)
def list_categories(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[shapes.Category]:
    """The tree by which requests are sorted, in its order; also what is chosen no more, with what is instead."""
    keys = {row.id: row.key for row in catalogue.current().categories.values()}
    placed = [(place, row) for place, (row, _) in enumerate(catalogue.walk(), 1)]
    rows, more = records.part(placed, lambda one: one[0], cursor, limit)
    found = [
        shapes.Category(
            key=row.key,
            parent=keys.get(row.parent_id),
            names=row.names,
            path={code: catalogue.path(row.id, code) for code in i18n.LANGUAGES},
            descriptions=row.descriptions,
            examples=row.examples,
            active=row.active,
            successor=keys.get(row.successor_id),
        )
        for _, row in rows
    ]
    return shapes.Page(items=found, next=more)


@operation("GET", "/customers", scope="read", answer=shapes.Page[shapes.Party], queries=PAGING)
def list_customers(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[shapes.Party]:
    """Who commissions services, also those no longer in use."""
    return _parties(list(catalogue.current().customers.values()), cursor, limit)


@operation("GET", "/suppliers", scope="read", answer=shapes.Page[shapes.Party], queries=PAGING)
def list_suppliers(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[shapes.Party]:
    """Who can be engaged, also those no longer in use."""
    return _parties(list(catalogue.current().suppliers.values()), cursor, limit)


def _parties(known: Sequence[Any], cursor: str | None, limit: int) -> shapes.Page[shapes.Party]:
    rows, more = records.part(known, lambda row: row.id, cursor, limit)
    found = [shapes.Party(id=row.id, key=row.key, names=row.names, active=row.active) for row in rows]
    return shapes.Page(items=found, next=more)


@operation("GET", "/people/{id}", scope="read", answer=shapes.Person)
def read_person(actor: Actor, id: int) -> shapes.Person:
    """A person who asked or who works here."""
    return shapes.Person(**records.person(actor, id))
