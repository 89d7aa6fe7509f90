"""Setting up the house: departments, teams, services, categories, members of staff. For administrators."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.catalogue import Category, Department, Service, Team
from helpdesk.models.people import Membership, Person, Staff
from helpdesk.permissions import Actor, may
from helpdesk.services.catalogue.reading import changed, current
from helpdesk.vocabulary import Level, Role, TicketType

KINDS: Mapping[str, type[Any]] = {
    "department": Department,
    "team": Team,
    "service": Service,
    "category": Category,
}
PHASES = ("proposed", "planned", "live", "retired")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,}")


@unit()
def save(actor: Actor, kind: str, id_: int | None = None, *, at: datetime | None = None, **given: Any) -> int:
    """Makes (without an id) or changes a department, team, service or category; its id.

    Raises Forbidden, NotFound, and Invalid that names each wrong field.
    """
    _require(actor)
    row = KINDS[kind]() if id_ is None else db.session.get(KINDS[kind], id_)
    if row is None:
        raise NotFound(f"There is no such {kind}.")
    _check(kind, row, given, new=id_ is None)
    for name, value in given.items():
        setattr(row, name, value)
    db.session.add(row)
    changed(at or clock.now())
    return int(row.id)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")


def _check(kind: str, row: Any, given: Mapping[str, Any], *, new: bool) -> None:
    wrong: dict[str, str] = {}
    if unknown := [name for name in given if name not in row.__mapper__.columns]:
        wrong |= dict.fromkeys(unknown, "unknown")
    if new or "key" in given:
        wrong |= _key_errors(kind, row, str(given.get("key", "")))
    if new or "names" in given:
        names = given.get("names") or {}
        wrong |= {} if any(str(text).strip() for text in names.values()) else {"names": "give a name"}
    wrong |= _reference_errors(given)
    wrong |= _code_errors(given)
    if wrong:
        raise Invalid(f"The {kind} cannot be saved like this.", fields=wrong)


def _key_errors(kind: str, row: Any, key: str) -> dict[str, str]:
    if not _KEY.fullmatch(key):
        return {"key": "small letters, digits and hyphens, at most 63"}
    model = KINDS[kind]
    other = db.session.execute(select(model.id).where(model.key == key)).scalar()
    return {"key": "another one has this key"} if other not in (None, row.id) else {}


def _reference_errors(given: Mapping[str, Any]) -> dict[str, str]:
    references = {"department_id": Department, "category_id": Category, "parent_id": Category}
    return {
        name: "choose one that exists"
        for name, model in references.items()
        if name in given and given[name] is not None and db.session.get(model, given[name]) is None
    }


def _code_errors(given: Mapping[str, Any]) -> dict[str, str]:
    sets = {"phase": PHASES, "type": tuple(TicketType), "impact": tuple(Level), "urgency": tuple(Level)}
    return {
        name: f"one of {', '.join(codes)}" for name, codes in sets.items() if name in given and given[name] not in codes
    }


@unit()
def create_staff(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: str = Role.AGENT,
    department_ids: Iterable[int] = (),
    password_hash: str | None = None,
    language: str = "el",
    at: datetime | None = None,
    **more: Any,
) -> int:
    """Makes a member of staff, out of a known person where the address is known; the person's id."""
    _require(actor)
    now, address = at or clock.now(), email.strip().lower()
    _check_person(address, name, role)
    person = db.session.execute(select(Person).where(Person.email == address)).scalar_one_or_none()
    if person is None:
        person = Person(email=address, created_at=now)
        db.session.add(person)
    person.name, person.language = name.strip(), language
    db.session.flush()
    if db.session.get(Staff, person.id) is not None:
        raise Invalid("Somebody with this address works here already.", fields={"email": "another address"})
    db.session.add(Staff(person_id=person.id, role=role, password_hash=password_hash, **more))
    db.session.flush()
    _belong(person.id, department_ids)
    changed(now)
    return person.id


def _check_person(address: str, name: str, role: str) -> None:
    wrong = {} if _EMAIL.fullmatch(address) else {"email": "an address like name@example.org"}
    wrong |= {} if name.strip() else {"name": "give a name"}
    wrong |= {} if role in set(Role) else {"role": f"one of {', '.join(Role)}"}
    if wrong:
        raise Invalid("This person cannot be saved like this.", fields=wrong)


@unit()
def change_staff(
    actor: Actor,
    person_id: int,
    *,
    department_ids: Iterable[int] | None = None,
    at: datetime | None = None,
    **given: Any,
) -> None:
    """Changes role, departments, skills, languages, capacity, name or whether they still work here."""
    _require(actor)
    staff = db.session.get(Staff, person_id)
    if staff is None:
        raise NotFound("Nobody of that id works here.")
    if given.get("role", staff.role) not in set(Role):
        raise Invalid("There is no such role.", fields={"role": f"one of {', '.join(Role)}"})
    if person_id == actor.id and (given.get("active") is False or given.get("role", staff.role) != staff.role):
        raise Invalid("Somebody else must change your own role.", fields={"role": "ask another administrator"})
    for name, value in given.items():
        setattr(staff.person if name in ("name", "language", "phone") else staff, name, value)
    if department_ids is not None:
        staff.memberships.clear()
        db.session.flush()
        _belong(person_id, department_ids)
    changed(at or clock.now())


def _belong(person_id: int, department_ids: Iterable[int]) -> None:
    for department_id in dict.fromkeys(department_ids):
        if department_id not in current().departments:
            raise Invalid("There is no such department.", fields={"departments": "choose one that exists"})
        db.session.add(Membership(staff_id=person_id, department_id=department_id))
    db.session.flush()
