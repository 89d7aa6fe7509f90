"""Members of staff: made, changed, put into departments and teams, and let go. For administrators."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from helpdesk import clock, i18n
from helpdesk.db import db, insert_many, table, unit
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.catalogue import Team
from helpdesk.models.people import Membership, Person, Staff, TeamMember
from helpdesk.permissions import Actor
from helpdesk.services import house, people, rulebook
from helpdesk.services.access import sessions
from helpdesk.services.catalogue.administration import save
from helpdesk.services.catalogue.reading import changed, current
from helpdesk.services.catalogue.standing import require
from helpdesk.vocabulary import Role, RulebookKind


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
    require(actor)
    now, address = at or clock.now(), email.strip().lower()
    _check_staff({**more, "email": address, "name": name, "role": role, "language": language})
    person = db.session.execute(select(Person).where(Person.email == address)).scalar_one_or_none()
    if person is None:
        person = Person(email=address, created_at=now)
        db.session.add(person)
    person.name, person.language = name.strip(), language
    db.session.flush()
    if db.session.get(Staff, person.id) is not None:
        raise Invalid(
            "Somebody with this address works here already.",
            fields={"email": "Somebody with this address works here already."},
        )
    db.session.add(Staff(person_id=person.id, role=role, password_hash=password_hash, **more))
    db.session.flush()
    _belong(person.id, department_ids, leads)
    changed(now)
    house.record(actor, "made", "person", person.id, now, {"role": [None, str(role)]})
    return person.id


def _refused(field: str, why: str) -> Invalid:
    return Invalid(why, fields={field: why})


_STAFF = frozenset({"role", "active", "languages", "skills", "capacity", "calendar_key", "signature"})
_PERSON = frozenset({"name", "language", "phone"})


def _check_staff(given: Mapping[str, Any]) -> None:
    wrong = dict.fromkeys(given.keys() - _STAFF - _PERSON - {"email"}, "There is no such field.")
    if not people.EMAIL.fullmatch(str(given.get("email", "name@example.org"))):
        wrong["email"] = "Write an address like name@example.org."
    if not str(given.get("name", "x")).strip():
        wrong["name"] = "Give a name."
    if given.get("role", Role.AGENT) not in set(Role):
        wrong["role"] = "Choose one of the list."
    if given.get("language", i18n.DEFAULT) not in i18n.LANGUAGES:
        wrong["language"] = "Choose one of the list."
    if not isinstance(given.get("capacity", 1), int) or not 0 <= given.get("capacity", 1) <= 1000:
        wrong["capacity"] = "Give a number from 0 to 1000."
    if given.get("calendar_key") and given["calendar_key"] not in rulebook.all_in_force(RulebookKind.CALENDAR):
        wrong["calendar_key"] = "Choose a calendar that is in force."
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
    require(actor)
    staff = db.session.get(Staff, person_id)
    if staff is None:
        raise NotFound("Nobody of that id works here.")
    _check_staff(given)
    if person_id == actor.id and (given.get("active") is False or given.get("role", staff.role) != staff.role):
        raise Invalid(
            "Somebody else must change your own role.", fields={"role": "Somebody else must change your own role."}
        )
    moment, different = at or clock.now(), _staff_changes(staff, given)
    for name, value in given.items():
        setattr(staff.person if name in _PERSON else staff, name, value)
    if department_ids is not None or leads is not None:
        different |= _change_departments(staff, department_ids, leads)
    changed(moment)
    if given.get("active") is False:
        sessions.revoke_all(person_id, moment)
    if different:
        house.record(actor, "changed", "person", person_id, moment, different)


def _staff_changes(staff: Staff, given: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in given.items() if name in _PERSON}
    work = {name: value for name, value in given.items() if name not in _PERSON}
    return house.changes(staff.person, own, house.UNTOLD) | house.changes(staff, work, house.UNTOLD)


def _change_departments(
    staff: Staff, department_ids: Iterable[int] | None, leads: Iterable[int] | None
) -> dict[str, Any]:
    """Replaces the memberships; what became different."""
    before = sorted(member.department_id for member in staff.memberships)
    led = sorted(member.department_id for member in staff.memberships if member.lead)
    leading = sorted(set(led if leads is None else leads))
    belongs = sorted({*(before if department_ids is None else department_ids), *leading})
    staff.memberships.clear()
    db.session.flush()
    _belong(staff.person_id, belongs, leading)
    db.session.expire(staff)
    pairs = {"departments": [before, belongs], "leads": [led, leading]}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _belong(person_id: int, department_ids: Iterable[int], leads: Iterable[int]) -> None:
    leading = set(leads)
    for department_id in dict.fromkeys((*department_ids, *sorted(leading))):
        if department_id not in current().departments:
            raise Invalid("There is no such department.", fields={"departments": "Choose one that exists."})
        db.session.add(Membership(staff_id=person_id, department_id=department_id, lead=department_id in leading))
    db.session.flush()


@unit()
def save_team(
    actor: Actor, id_: int | None, person_ids: Iterable[int], *, at: datetime | None = None, **given: Any
) -> int:
    """Makes or changes a team together with who belongs to it; its id. Raises as `save` and `compose_team` do."""
    team_id = save(actor, "team", id_, at=at, **given)
    compose_team(actor, team_id, person_ids, at=at)
    return team_id


@unit()
def compose_team(actor: Actor, team_id: int, person_ids: Iterable[int], *, at: datetime | None = None) -> None:
    """Says who belongs to a team: these members of staff and nobody else."""
    require(actor)
    if db.session.get(Team, team_id) is None:
        raise NotFound("There is no such team.")
    wanted, moment = set(person_ids), at or clock.now()
    if wanted - current().colleagues.keys():
        raise Invalid("Somebody does not work here.", fields={"members": "Choose people who work here."})
    members = table(TeamMember)
    gone = delete(members).where(members.c.team_id == team_id).returning(members.c.staff_id)
    before = sorted(db.session.execute(gone).scalars())
    insert_many(members, [{"team_id": team_id, "staff_id": person_id} for person_id in sorted(wanted)])
    changed(moment)
    if before != sorted(wanted):
        house.record(actor, "changed", "team", team_id, moment, {"members": [before, sorted(wanted)]})
