"""What departments offer of calls back, and to which numbers the body rings at all: settings of the body."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.callbacks import DepartmentCallback
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, house

KEY = "callbacks"
"""The setting that holds the brakes."""

_ROWS, _SETTINGS = table(DepartmentCallback), table(Setting)


@dataclass(frozen=True)
class CallbackRule:
    """What one department offers. Minutes are of the wall clock; the slots lie within its opening hours."""

    department_id: int
    offered: bool = False
    slot_minutes: int = 30
    handling_minutes: int = 10
    share_percent: int = 25
    notice_minutes: int = 30
    days_ahead: int = 7
    most_retries: int = 3
    soon_minutes: int = 10
    later_minutes: int = 120


@dataclass(frozen=True)
class Brakes:
    """What keeps calls back from costing too much: whether we dial at all, and how much a day."""

    dialling: bool = True
    calls_a_day: int = 500
    minutes_a_day: int = 1500
    calls_to_one: int = 8
    """Most attempts to one number a day."""
    countries: tuple[str, ...] = ("GR",)


def of(department_id: int) -> CallbackRule:
    """One department's; one that never said anything offers none."""
    row = db.session.execute(select(_ROWS).where(_ROWS.c.department_id == department_id)).one_or_none()
    return _read(row) if row else CallbackRule(department_id)


def rules() -> dict[int, CallbackRule]:
    """Every department's that ever said something, by id."""
    return {row.department_id: _read(row) for row in db.session.execute(select(_ROWS))}


def _read(row: Any) -> CallbackRule:
    return CallbackRule(**{one.name: getattr(row, one.name) for one in fields(CallbackRule)})


_BOUNDS: Mapping[str, tuple[int, int]] = {
    "slot_minutes": (10, 240),
    "handling_minutes": (1, 120),
    "share_percent": (1, 100),
    "notice_minutes": (0, 7 * 24 * 60),
    "days_ahead": (1, 60),
    "most_retries": (0, 5),
    "soon_minutes": (1, 240),
    "later_minutes": (5, 1440),
}


@unit()
def save(actor: Actor, department_id: int, *, at: datetime | None = None, **given: Any) -> None:
    """Changes what a department offers; what is not given stays. Windows that were promised stay as they are.

    Raises Forbidden, NotFound, and Invalid that names each field.
    """
    _require(actor)
    if department_id not in catalogue.current().departments:
        raise NotFound("There is no such department.")
    known = {one.name for one in fields(CallbackRule)} - {"department_id"}
    wrong = dict.fromkeys(given.keys() - known, "There is no such field.") | _out_of_bounds(given, _BOUNDS)
    if wrong:
        raise Invalid("The calls back of the department cannot be saved like this.", fields=wrong)
    moment, before = at or clock.now(), of(department_id)
    made = insert(_ROWS).values(department_id=department_id, changed_at=moment, **given)
    db.session.execute(
        made.on_conflict_do_update(index_elements=["department_id"], set_={"changed_at": moment, **given})
    )
    if different := house.changes(before, given):
        house.record(actor, "changed", "callbacks", department_id, moment, different)


def _out_of_bounds(given: Mapping[str, Any], bounds: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    return {
        name: f"Give a number from {least} to {most}."
        for name, (least, most) in bounds.items()
        if name in given and not (isinstance(given[name], int) and least <= given[name] <= most)
    }


def brakes() -> Brakes:
    """What the body decided; until then the usual."""
    data = db.session.execute(select(_SETTINGS.c.data).where(_SETTINGS.c.key == KEY)).scalar() or {}
    known = {one.name: data[one.name] for one in fields(Brakes) if one.name in data}
    return Brakes(**known | {"countries": tuple(known.get("countries", Brakes.countries))})


_BRAKE_BOUNDS: Mapping[str, tuple[int, int]] = {
    "calls_a_day": (0, 100_000),
    "minutes_a_day": (0, 1_000_000),
    "calls_to_one": (1, 100),
}


@unit()
def save_brakes(actor: Actor, *, at: datetime | None = None, **given: Any) -> None:
    """Changes the brakes; what is not given stays. Raises Forbidden, and Invalid that names each field."""
    _require(actor)
    wrong = dict.fromkeys(given.keys() - {one.name for one in fields(Brakes)}, "There is no such field.")
    wrong |= _out_of_bounds(given, _BRAKE_BOUNDS)
    countries = given.get("countries", ())
    if any(len(one) != 2 or not one.isalpha() or not one.isupper() for one in countries):
        wrong["countries"] = "Write countries by their two letters, with blanks between."
    if wrong:
        raise Invalid("The brakes cannot be saved like this.", fields=wrong)
    moment, before = at or clock.now(), brakes()
    if "countries" in given:
        given["countries"] = tuple(countries)
    after = {one.name: given.get(one.name, getattr(before, one.name)) for one in fields(Brakes)}
    house.keep(KEY, after | {"countries": list(after["countries"])}, moment)
    if different := {
        name: [str(getattr(before, name)), str(value)]
        for name, value in given.items()
        if getattr(before, name) != value
    }:
        house.record(actor, "changed", "callbacks", None, moment, different)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
