"""What is asked of customer bodies and suppliers before they are kept: addresses, numbers, an owner who works here."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import people
from helpdesk.services.catalogue.reading import current

UNTOLD = frozenset(
    {
        "contact_name", "contact_email", "contact_phone", "escalation_name", "escalation_email", "escalation_phone",
    }
)  # fmt: skip
"""Who somebody is and how they are reached is a person's own: that it changed is kept, what it said is not."""


def engagements() -> dict[int, int]:
    """How many open tickets wait for each supplier."""
    supplier_id = table(Ticket).c.supplier_id
    query = select(supplier_id, func.count().label("tickets"))
    query = query.where(supplier_id.is_not(None), table(Ticket).c.is_open).group_by(supplier_id)
    return {row.supplier_id: row.tickets for row in db.session.execute(query)}


def errors(row: Any, given: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, by field; empty where nothing is."""
    wrong: dict[str, str] = {}
    for name in ("contact_email", "escalation_email"):
        if given.get(name) and not people.EMAIL.fullmatch(str(given[name])):
            wrong[name] = "Write an address like name@example.org."
    for name in ("contact_phone", "escalation_phone"):
        if given.get(name) and not people.PHONE.fullmatch(str(given[name])):
            wrong[name] = "Write a number like +30 210 1234567."
    owner = given.get("owner_id")
    person = current().colleagues.get(owner) if owner is not None else None
    if owner is not None and owner != row.owner_id and (person is None or not person.active):
        wrong["owner_id"] = "Choose somebody who works here."
    return wrong
