"""Departments, services, categories, teams, parties and people as values, cached in the process by a counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import select, text

from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.absences import Absence
from helpdesk.models.catalogue import Category, Department, Service, Team
from helpdesk.models.escalation import EscalationLevel
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.models.people import Membership, Person, Staff, TeamMember
from helpdesk.models.rulebook import Setting
from helpdesk.services import epoch

MANAGER = "process-manager"
"""The setting that names who answers for the process of the whole house: ``{"person_id": number}``."""
CARE = "care"
"""The setting that says what follows for people to be handled with care: ``{care: urgency}``, null asks nothing."""

_TEAM_MEMBERS = table(TeamMember)


@dataclass(frozen=True)
class Colleague:
    """A member of staff as others see them."""

    id: int
    name: str
    email: str
    role: str
    active: bool
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    departments: tuple[int, ...]
    leads: tuple[int, ...]
    teams: tuple[int, ...] = ()
    calendar_key: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """Everything at one count; rows have the columns of their tables.

    ``absences`` are those that are not over; ``levels`` the teams of a department's functional path, in their order;
    ``cared_for`` the people whose requests want more care than others', and ``care_rule`` what the body decided of it.
    """

    departments: Mapping[int, Any]
    services: Mapping[int, Any]
    categories: Mapping[int, Any]
    teams: Mapping[int, Any]
    colleagues: Mapping[int, Colleague]
    customers: Mapping[int, Any]
    suppliers: Mapping[int, Any]
    absences: Sequence[Any] = ()
    levels: Mapping[int, Sequence[int]] = field(default_factory=dict)
    process_manager: int | None = None
    cared_for: Mapping[int, str] = field(default_factory=dict)
    care_rule: Mapping[str, str | None] = field(default_factory=dict)


def current() -> Catalogue:
    """The catalogue as it stands: one small question a unit of work, read whole only after a change."""
    count = epoch.current().catalogue
    known: tuple[object, Catalogue] | None = current_app.extensions.get("catalogue")
    if known is None or known[0] != count:
        known = current_app.extensions["catalogue"] = (count, _load())
    return known[1]


def _load() -> Catalogue:
    return Catalogue(
        departments=_all(Department),
        services=_all(Service),
        categories=_all(Category),
        teams=_all(Team),
        colleagues=_colleagues(),
        customers=_all(CustomerBody),
        suppliers=_all(Supplier),
        absences=_absences(),
        levels=_levels(),
        process_manager=_manager(),
        cared_for=_cared_for(),
        care_rule=db.session.execute(select(Setting.data).where(Setting.key == CARE)).scalar() or {},
    )


def _cared_for() -> dict[int, str]:
    """Few people, by an index of their own."""
    rows = table(Person).c
    query = select(rows.id, rows.care).where(rows.care.is_not(None))
    return {row.id: row.care for row in db.session.execute(query)}


def _absences() -> Sequence[Any]:
    rows = table(Absence)
    return db.session.execute(select(rows).where(rows.c.ended_at.is_(None)).order_by(rows.c.from_at, rows.c.id)).all()


def _levels() -> dict[int, list[int]]:
    rows = table(EscalationLevel)
    found: dict[int, list[int]] = {}
    for row in db.session.execute(select(rows).order_by(rows.c.department_id, rows.c.level)):
        found.setdefault(row.department_id, []).append(row.team_id)
    return found


def _manager() -> int | None:
    """Who manages the process, as long as they work here."""
    data = db.session.execute(select(Setting.data).where(Setting.key == MANAGER)).scalar() or {}
    found: int | None = data.get("person_id")
    return found


def _all(model: type[Any]) -> dict[int, Any]:
    rows = table(model)
    return {row.id: row for row in db.session.execute(select(rows).order_by(rows.c.id))}


def _colleagues() -> dict[int, Colleague]:
    people, staff, members = table(Person), table(Staff), table(Membership)
    belongs: dict[int, list[Any]] = {}
    for row in db.session.execute(select(members).order_by(members.c.department_id)):
        belongs.setdefault(row.staff_id, []).append(row)
    teams: dict[int, list[int]] = {}
    for row in db.session.execute(select(_TEAM_MEMBERS).order_by(_TEAM_MEMBERS.c.team_id)):
        teams.setdefault(row.staff_id, []).append(row.team_id)
    query = select(staff, people.c.name, people.c.email).join(people, people.c.id == staff.c.person_id)
    return {
        row.person_id: _colleague(row, belongs.get(row.person_id, []), teams.get(row.person_id, []))
        for row in db.session.execute(query.order_by(people.c.name))
    }


def _colleague(row: Any, members: Sequence[Any], teams: Sequence[int]) -> Colleague:
    return Colleague(
        id=row.person_id,
        name=row.name,
        email=row.email or "",
        role=row.role,
        active=row.active,
        languages=tuple(row.languages),
        skills=tuple(row.skills),
        capacity=row.capacity,
        departments=tuple(member.department_id for member in members),
        leads=tuple(member.department_id for member in members if member.lead),
        teams=tuple(teams),
        calendar_key=row.calendar_key,
    )


def departments(*, all_: bool = False) -> list[Any]:
    """The active departments (or all) in the order they were made."""
    return [row for row in current().departments.values() if all_ or row.active]


def services(*, all_: bool = False) -> list[Any]:
    """The services that take requests: live ones of active departments (or all)."""
    known = current()
    return [
        row
        for row in known.services.values()
        if all_ or (row.phase == "live" and known.departments[row.department_id].active)
    ]


def categories() -> list[Any]:
    """The active nodes of the category tree."""
    return [row for row in current().categories.values() if row.active]


def suppliers() -> list[Any]:
    """The suppliers that can be engaged."""
    return [row for row in current().suppliers.values() if row.active]


def colleagues(department_id: int | None = None, *, all_: bool = False) -> list[Colleague]:
    """Who works here (in that department), by name; leavers only where all are asked for."""
    found = [person for person in current().colleagues.values() if all_ or person.active]
    return [person for person in found if department_id is None or department_id in person.departments]


def service(key: str) -> Any | None:
    """The service of that key; None where there is none."""
    return next((row for row in current().services.values() if row.key == key), None)


def id_of(kind: str, key: str) -> int:
    """The id behind a key: kind is department, service, category, team, customer or supplier.

    Raises Invalid that names the field.
    """
    rows: Mapping[int, Any] = getattr(current(), "categories" if kind == "category" else f"{kind}s")
    found = next((row.id for row in rows.values() if row.key == key), None)
    if found is None:
        raise Invalid(f"There is no {kind} with the key {key}.", fields={kind: "one of the catalogue"})
    return int(found)


_BUMP = text(
    """
    insert into setting (key, data, changed_at) values (:key, '{"count": 1}', :at)
    on conflict (key) do update set changed_at = excluded.changed_at,
      data = jsonb_build_object('count', (setting.data->>'count')::bigint + 1)
    """
)


def changed(at: Any) -> None:
    """Tells every process, with the commit, that the catalogue is another now."""
    db.session.flush()
    db.session.execute(_BUMP, {"key": epoch.CATALOGUE, "at": at})
    epoch.changed()
