"""How departments hand out work and what each kind of it takes of a capacity: settings of the body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.assignment import DepartmentAssignment
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, house
from helpdesk.vocabulary import AssignmentMode, ChannelKind, WorkKind
from routing import Turn

KEY = "assignment"
"""The setting that holds the weights."""

WHOLE = 100
"""Loads are counted in hundredths, so that a waiting request can take a part of one."""

USUAL: Mapping[str, int] = {channel.value: 1 for channel in ChannelKind} | {"running_chat": 4, "running_call": 20}
"""What holds where the body decided nothing: of the usual capacity of 20 a call takes all of it, a chat a fifth."""

LONGEST_MINUTES = 60 * 24 * 14
_ROWS, _SETTINGS = table(DepartmentAssignment), table(Setting)


@dataclass(frozen=True)
class Weights:
    """What open requests (by channel), running chats and calls take of a capacity, and waiting requests in percent."""

    of: Mapping[str, int] = field(default_factory=lambda: USUAL)
    waiting_percent: int = 0

    def ticket(self, channel: str, *, waits: bool = False) -> int:
        """What an open request takes, in hundredths."""
        return self.of.get(channel, 1) * (self.waiting_percent if waits else WHOLE)

    def running(self, kind: WorkKind) -> int:
        """What a running chat or call takes, in hundredths."""
        return self.of[f"running_{kind.value}"] * WHOLE


@dataclass(frozen=True)
class DepartmentRule:
    """How one department hands out its work. Minutes are of opening hours; None: never."""

    department_id: int
    mode: AssignmentMode = AssignmentMode.PULL
    turn: Turn = Turn.LEAST_LOADED
    sticky: bool = True
    offer_minutes: int = 10
    skills: Mapping[int, frozenset[str]] = field(default_factory=dict)
    overflow_minutes: int | None = None
    overflow_department_id: int | None = None
    overflow_team_id: int | None = None
    take_back_minutes: int | None = None
    warn_minutes: int = 30

    @property
    def hands_out(self) -> bool:
        """Whether work comes to people by itself."""
        return self.mode is not AssignmentMode.PULL


@dataclass(frozen=True)
class _Kept:
    """What a process remembers of these settings, as long as the catalogue beside which it was read."""

    beside: catalogue.Catalogue
    rules: Mapping[int, DepartmentRule]
    weights: Weights


def rules() -> Mapping[int, DepartmentRule]:
    """Every department's, by id; those without one let their people take work."""
    return _kept().rules


def of(department_id: int) -> DepartmentRule:
    """One department's."""
    return _kept().rules.get(department_id) or DepartmentRule(department_id)


def _kept() -> _Kept:
    """As of this unit of work: read anew only after something in the house changed."""
    beside = catalogue.current()
    known: _Kept | None = current_app.extensions.get(KEY)
    if known is None or known.beside is not beside:
        found = {row.department_id: _read(row) for row in db.session.execute(select(_ROWS))}
        known = current_app.extensions[KEY] = _Kept(beside, found, _weights())
    return known


def _read(row: Row[Any]) -> DepartmentRule:
    given = dict(row._mapping)
    given.pop("changed_at")
    skills = {int(id_): frozenset(words) for id_, words in row.skills.items()}
    return DepartmentRule(**given | {"mode": AssignmentMode(row.mode), "turn": Turn(row.turn), "skills": skills})


def weights() -> Weights:
    """What work takes of a capacity."""
    return _kept().weights


def _weights() -> Weights:
    data = db.session.execute(select(_SETTINGS.c.data).where(_SETTINGS.c.key == KEY)).scalar() or {}
    return Weights({**USUAL, **data.get("weights", {})}, int(data.get("waiting_percent", 0)))


@unit()
def save_department(actor: Actor, department_id: int, *, at: datetime | None = None, **given: Any) -> None:
    """Changes how a department hands out work; what is not given stays.

    ``skills`` is a mapping from a service's id to words. Raises Forbidden, NotFound, and Invalid that names each field.
    """
    _require(actor)
    if department_id not in catalogue.current().departments:
        raise NotFound("There is no such department.")
    _check_department(department_id, given)
    moment, before = at or clock.now(), _shown(of(department_id))
    if "skills" in given:
        given["skills"] = {str(id_): sorted(words) for id_, words in given["skills"].items() if words}
    made = insert(_ROWS).values(department_id=department_id, changed_at=moment, **given)
    db.session.execute(
        made.on_conflict_do_update(index_elements=["department_id"], set_={"changed_at": moment, **given})
    )
    catalogue.changed(moment)
    different = {name: [before[name], value] for name, value in given.items() if before[name] != value}
    if different:
        house.record(actor, "changed", "assignment", department_id, moment, different)


def _shown(rule: DepartmentRule) -> dict[str, Any]:
    skills = {str(id_): sorted(words) for id_, words in rule.skills.items()}
    plain = {name: getattr(rule, name) for name in DepartmentRule.__dataclass_fields__}
    return plain | {"skills": skills, "mode": rule.mode.value, "turn": rule.turn.value}


_MINUTES: Mapping[str, tuple[int, int]] = {
    "offer_minutes": (1, 240),
    "overflow_minutes": (1, LONGEST_MINUTES),
    "take_back_minutes": (1, LONGEST_MINUTES),
    "warn_minutes": (0, LONGEST_MINUTES),
}
_MAY_BE_NONE = frozenset({"overflow_minutes", "take_back_minutes"})


def _check_department(department_id: int, given: Mapping[str, Any]) -> None:
    known = DepartmentRule.__dataclass_fields__.keys() - {"department_id"}
    wrong = dict.fromkeys(given.keys() - known, "There is no such field.")
    for name, words in (("mode", AssignmentMode), ("turn", Turn)):
        if name in given and given[name] not in set(words):
            wrong[name] = "Choose one of the list."
    for name, (least, most) in _MINUTES.items():
        value = given.get(name, least)
        if not (value is None and name in _MAY_BE_NONE) and not (isinstance(value, int) and least <= value <= most):
            wrong[name] = f"Give minutes from {least} to {most}."
    wrong |= _overflow_errors(department_id, given)
    wrong |= _skill_errors(department_id, given.get("skills", {}))
    if wrong:
        raise Invalid("The department's assignment cannot be saved like this.", fields=wrong)


def _overflow_errors(department_id: int, given: Mapping[str, Any]) -> dict[str, str]:
    """After the minutes it must go somewhere, and not to where it is."""
    known, now = catalogue.current(), _shown(of(department_id))
    place, team = (given.get(name, now[name]) for name in ("overflow_department_id", "overflow_team_id"))
    if team is not None and team not in known.teams:
        return {"overflow_team_id": "Choose one of the list."}
    if place is not None and (place not in known.departments or not known.departments[place].active):
        return {"overflow_department_id": "Choose one of the list."}
    if place is not None and place == department_id:
        return {"overflow_department_id": "Choose another department."}
    if given.get("overflow_minutes", now["overflow_minutes"]) is not None and place is None and team is None:
        return {"overflow_department_id": "Choose who is asked then."}
    return {}


def _skill_errors(department_id: int, skills: Any) -> dict[str, str]:
    services = catalogue.current().services
    for id_, words in skills.items():
        if int(id_) not in services or services[int(id_)].department_id != department_id:
            return {"skills": "Choose a service of this department."}
        if len(words) > 20 or any(not 1 <= len(word) <= 40 for word in words):
            return {"skills": "At most 20 words of at most 40 characters."}
    return {}


@unit()
def save_weights(actor: Actor, of: Mapping[str, int], waiting_percent: int, *, at: datetime | None = None) -> None:
    """Says what work takes of a capacity. Raises Forbidden, and Invalid that names each wrong field."""
    _require(actor)
    wrong = dict.fromkeys(of.keys() - USUAL.keys(), "There is no such field.")
    wrong |= {name: "Give a number from 0 to 1000." for name, number in of.items() if not 0 <= number <= 1000}
    if not 0 <= waiting_percent <= 100:
        wrong["waiting_percent"] = "Give a number from 0 to 100."
    if wrong:
        raise Invalid("The weights cannot be saved like this.", fields=wrong)
    moment, before = at or clock.now(), weights()
    data = {"weights": {**before.of, **of}, "waiting_percent": waiting_percent}
    made = insert(_SETTINGS).values(key=KEY, data=data, changed_at=moment)
    db.session.execute(made.on_conflict_do_update(index_elements=["key"], set_={"data": data, "changed_at": moment}))
    catalogue.changed(moment)
    had = {"weights": dict(before.of), "waiting_percent": before.waiting_percent}
    if different := {name: [had[name], value] for name, value in data.items() if had[name] != value}:
        house.record(actor, "changed", "assignment", None, moment, different)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
