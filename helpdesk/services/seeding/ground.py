"""Who answers and who asks in a seeded database: what there is already, else a small house made for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.db import db, table, unit
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, ownership, rulebook

DEPARTMENTS = (
    ("works", "Τεχνική Υπηρεσία", "Public Works"),
    ("cleaning", "Καθαριότητα", "Cleaning"),
    ("water", "Ύδρευση", "Water"),
    ("registry", "Ληξιαρχείο", "Registry Office"),
    ("social", "Κοινωνική Υπηρεσία", "Social Services"),
    ("citizens", "Εξυπηρέτηση Πολιτών", "Citizen Service"),
)
AGENTS = 4
"""In each department of a house made for it."""

_SETTINGS = table(Setting)
_MARK = "seed"


@dataclass(frozen=True)
class Place:
    """A department with its services, the people who work there, and who answers for its cases by default."""

    department: Any
    services: Sequence[Any]
    agents: Sequence[int]
    owner: int


def in_real_use() -> bool:
    """Whether people work here whom neither a demo nor an earlier seed brought."""
    marks = select(_SETTINGS.c.key).where(_SETTINGS.c.key.in_((_MARK, "demo")))
    return bool(catalogue.colleagues(all_=True)) and db.session.execute(marks).first() is None


@unit()
def prepare(at: datetime) -> list[Place]:
    """Every department that can answer, with its people; made where there is none."""
    rulebook.ensure_defaults(at)
    if not catalogue.departments():
        for key, el, en in DEPARTMENTS:
            _make(key, {"el": el, "en": en}, at)
    _mark(at)
    return [_place(row, at) for row in catalogue.departments() if catalogue.colleagues(row.id)]


def _place(department: Any, at: datetime) -> Place:
    services = [row for row in catalogue.services() if row.department_id == department.id]
    owner = ownership.candidates(department.id, at)[0]
    return Place(department, services, [one.id for one in catalogue.colleagues(department.id)], owner)


def _make(key: str, names: Mapping[str, str], at: datetime) -> None:
    id_ = catalogue.save(SYSTEM, "department", at=at, key=f"seed-{key}", names=names)
    catalogue.save(SYSTEM, "service", at=at, key=f"seed-{key}", department_id=id_, names=names)
    for number in range(1, AGENTS + 1):
        address = f"{key}{number}@seed.example"
        catalogue.create_staff(SYSTEM, email=address, name=f"{names['el']} {number}", department_ids=[id_], at=at)


def _mark(at: datetime) -> None:
    if db.session.execute(select(_SETTINGS.c.key).where(_SETTINGS.c.key == _MARK)).first() is None:
        db.session.execute(_SETTINGS.insert().values(key=_MARK, data={}, changed_at=at))
