"""A person as a record, for those who work here."""

from typing import Any

from sqlalchemy import Row, select

from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.people import Person
from helpdesk.permissions import Actor

CONTACT = ("id", "name", "email", "phone")
_people = table(Person)


def person(actor: Actor, person_id: int) -> dict[str, Any]:
    """A person, for staff; one who was erased is not found."""
    query = select(_people).where(_people.c.id == person_id, _people.c.erased_at.is_(None))
    row = db.session.execute(query).one_or_none() if actor.is_staff else None
    if row is None:
        raise NotFound("There is no such person.")
    return {name: getattr(row, name) for name in (*CONTACT, "language", "care", "care_reason")}


def contact(row: Row[Any], role: str) -> dict[str, Any] | None:
    """The person whose columns stand in a row under the name of their role; None where there is none."""
    values = {name: getattr(row, f"{role}_{name}_") for name in CONTACT}
    return values if values["id"] is not None else None
