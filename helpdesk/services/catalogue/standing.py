"""What is asked of everything in the registers: who may keep it, an owner who works here, addresses, successors."""

from collections.abc import Mapping
from typing import Any

from helpdesk import i18n
from helpdesk.errors import Forbidden
from helpdesk.permissions import Actor, may
from helpdesk.services import people
from helpdesk.services.catalogue.reading import current

UNTOLD = frozenset(
    {
        "contact_name", "contact_email", "contact_phone", "escalation_name", "escalation_email", "escalation_phone",
    }
)  # fmt: skip
"""Who somebody is and how they are reached is a person's own: that it changed is kept, what it said is not."""


def require(actor: Actor) -> None:
    """Raises Forbidden for all but administrators."""
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")


def errors(row: Any, given: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with addresses, numbers and the owner, by field; empty where nothing is."""
    wrong: dict[str, str] = {}
    if given.get("language", i18n.DEFAULT) not in i18n.LANGUAGES:
        wrong["language"] = "Choose one of the list."
    for name in ("contact_email", "escalation_email"):
        if given.get(name) and not people.EMAIL.fullmatch(str(given[name])):
            wrong[name] = "Write an address like name@example.org."
    for name in ("contact_phone", "escalation_phone"):
        if given.get(name) and not people.PHONE.fullmatch(str(given[name])):
            wrong[name] = "Write a number like +30 210 1234567."
    return wrong | {
        name: "Choose somebody who works here."
        for name in ("owner_id", "lead_id")
        if given.get(name) not in (None, getattr(row, name, None)) and not _works_here(given[name])
    }


def _works_here(person_id: int) -> bool:
    person = current().colleagues.get(person_id)
    return person is not None and person.active


def succession_errors(rows: Mapping[int, Any], row: Any, given: Mapping[str, Any]) -> dict[str, str]:
    """A successor is another one of the same kind, and following successors never leads back."""
    wanted, seen = given.get("successor_id"), {row.id}
    if wanted is None:
        return {}
    if wanted not in rows:
        return {"successor_id": "Choose one that exists."}
    place: int | None = wanted
    while place is not None and place in rows:
        if place in seen:
            return {"successor_id": "This leads back to where it began."}
        seen.add(place)
        place = rows[place].successor_id
    return {}
