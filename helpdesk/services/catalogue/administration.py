"""Setting up the house: departments, teams, services, categories, members of staff. For administrators."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from helpdesk import clock, i18n
from helpdesk.db import db, insert_many, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.catalogue import Category, Department, Service, Team
from helpdesk.models.people import Membership, Person, Staff, TeamMember
from helpdesk.permissions import Actor, may
from helpdesk.services import rulebook
from helpdesk.services.catalogue.reading import changed, current
from helpdesk.vocabulary import Level, Role, RulebookKind, TicketType

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
    if given.get("parent_id") is not None and row.id in _ancestors(given["parent_id"]):
        wrong["parent_id"] = "a category cannot stand under itself"
    if given.get("calendar_key") and given["calendar_key"] not in rulebook.all_in_force(RulebookKind.CALENDAR):
        wrong["calendar_key"] = "a calendar in force"
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


def _ancestors(category_id: int) -> set[int]:
    """The category and all it stands under."""
    found: set[int] = set()
    place: int | None = category_id
    while place is not None and place not in found:
        found.add(place)
        parent = current().categories.get(place)
        place = parent.parent_id if parent is not None else None
    return found


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
    leads: Iterable[int] = (),
    password_hash: str | None = None,
    language: str = "el",
    at: datetime | None = None,
    **more: Any,
) -> int:
    """Makes a member of staff, out of a known person where the address is known; the person's id.

    ``leads`` are those of the departments they answer for. Raises Forbidden, and Invalid that names each wrong field.
    """
    _require(actor)
    now, address = at or clock.now(), email.strip().lower()
    _check_staff({**more, "email": address, "name": name, "role": role, "language": language})
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
    _belong(person.id, department_ids, leads)
    changed(now)
    return person.id


_STAFF = frozenset({"role", "active", "languages", "skills", "capacity", "calendar_key", "signature"})
_PERSON = frozenset({"name", "language", "phone"})


def _check_staff(given: Mapping[str, Any]) -> None:
    wrong = dict.fromkeys(given.keys() - _STAFF - _PERSON - {"email"}, "unknown")
    if not _EMAIL.fullmatch(str(given.get("email", "name@example.org"))):
        wrong["email"] = "an address like name@example.org"
    if not str(given.get("name", "x")).strip():
        wrong["name"] = "give a name"
    if given.get("role", Role.AGENT) not in set(Role):
        wrong["role"] = f"one of {', '.join(Role)}"
    if given.get("language", i18n.DEFAULT) not in i18n.LANGUAGES:
        wrong["language"] = f"one of {', '.join(i18n.LANGUAGES)}"
    if not isinstance(given.get("capacity", 1), int) or not 0 <= given.get("capacity", 1) <= 1000:
        wrong["capacity"] = "0 to 1000"
    if wrong:
        raise Invalid("This person cannot be saved like this.", fields=wrong)


@unit()
def change_staff(
    actor: Actor,
    person_id: int,
    *,
    department_ids: Iterable[int] | None = None,
    leads: Iterable[int] | None = None,
    at: datetime | None = None,
    **given: Any,
) -> None:
    """Changes role, departments, skills, languages, capacity, name or whether they still work here.

    What is not given stays. Raises Forbidden, NotFound, and Invalid that names each wrong field.
    """
    _require(actor)
    staff = db.session.get(Staff, person_id)
    if staff is None:
        raise NotFound("Nobody of that id works here.")
    _check_staff(given)
    if person_id == actor.id and (given.get("active") is False or given.get("role", staff.role) != staff.role):
        raise Invalid("Somebody else must change your own role.", fields={"role": "ask another administrator"})
    for name, value in given.items():
        setattr(staff.person if name in _PERSON else staff, name, value)
    if department_ids is not None or leads is not None:
        belongs = [member.department_id for member in staff.memberships] if department_ids is None else department_ids
        leading = [member.department_id for member in staff.memberships if member.lead] if leads is None else leads
        staff.memberships.clear()
        db.session.flush()
        _belong(person_id, belongs, leading)
        db.session.expire(staff)
    changed(at or clock.now())


def _belong(person_id: int, department_ids: Iterable[int], leads: Iterable[int]) -> None:
    leading = set(leads)
    for department_id in dict.fromkeys((*department_ids, *sorted(leading))):
        if department_id not in current().departments:
            raise Invalid("There is no such department.", fields={"departments": "choose one that exists"})
        db.session.add(Membership(staff_id=person_id, department_id=department_id, lead=department_id in leading))
    db.session.flush()


@unit()
def compose_team(actor: Actor, team_id: int, person_ids: Iterable[int], *, at: datetime | None = None) -> None:
    """Says who belongs to a team: these members of staff and nobody else."""
    _require(actor)
    if db.session.get(Team, team_id) is None:
        raise NotFound("There is no such team.")
    wanted = set(person_ids)
    if unknown := wanted - current().colleagues.keys():
        raise Invalid("Somebody does not work here.", fields={"members": ", ".join(map(str, sorted(unknown)))})
    members = table(TeamMember)
    db.session.execute(delete(members).where(members.c.team_id == team_id))
    insert_many(members, [{"team_id": team_id, "staff_id": person_id} for person_id in sorted(wanted)])
    changed(at or clock.now())
