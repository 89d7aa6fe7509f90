"""Configuration that decides, as versions: drafted, checked, put in force, kept; read from a cache in the process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app, g
from sqlalchemy import Row, func, insert, select, update

import routing
import sla
from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.rulebook import Rulebook
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.vocabulary import RulebookKind, VersionState

_rows = table(Rulebook)
DEFAULT = "default"


@dataclass(frozen=True)
class Version:
    """One version, read and checked. ``value`` is the leaf package's own: Ruleset, Calendar, Policy, Matrix."""

    id: int
    kind: RulebookKind
    key: str
    number: int
    value: Any

    @property
    def name(self) -> str:
        """As tickets and ledgers name it."""
        return f"{self.key}@{self.number}"


READ: Mapping[RulebookKind, Callable[[dict[str, Any]], Any]] = {
    RulebookKind.RULESET: routing.Ruleset.from_dict,
    RulebookKind.CALENDAR: sla.Calendar.from_dict,
    RulebookKind.POLICY: sla.Policy.from_dict,
    RulebookKind.MATRIX: sla.Matrix.from_dict,
}


def in_force(kind: RulebookKind, key: str = DEFAULT) -> Version:
    """The version in force; raises NotFound when the body has none of that key."""
    found = _current().get((kind, key))
    if found is None:
        raise NotFound(f"No {kind.value} with the key {key} is in force.")
    return found


def all_in_force(kind: RulebookKind) -> dict[str, Version]:
    """Every version of a kind that is in force, by key."""
    return {version.key: version for (known, _), version in _current().items() if known is kind}


def version(id_: int) -> Version:
    """Any version by its id, in force or not; versions never change, so they are kept for good."""
    kept: dict[int, Version] = current_app.extensions.setdefault("rulebook_versions", {})
    if id_ not in kept:
        row = db.session.execute(select(_rows).where(_rows.c.id == id_)).one()
        kept[id_] = _read(row)
    return kept[id_]


def calendar_for(key: str | None) -> Version:
    """The calendar of that key in force, else the default one."""
    known = _current().get((RulebookKind.CALENDAR, key or DEFAULT))
    return known or in_force(RulebookKind.CALENDAR)


def _current() -> dict[tuple[RulebookKind, str], Version]:
    """What is in force, asked once a unit of work; read anew only when an id has changed."""
    if "rulebook" not in g or g.rulebook[0] is not db.session().get_transaction():
        query = select(_rows.c.id, _rows.c.kind, _rows.c.key).where(_rows.c.state == VersionState.IN_FORCE)
        ids = db.session.execute(query).all()
        known = {(RulebookKind(row.kind), row.key): version(row.id) for row in ids}
        g.rulebook = (db.session().get_transaction(), known)
    found: dict[tuple[RulebookKind, str], Version] = g.rulebook[1]
    return found


def _read(row: Row[Any]) -> Version:
    kind = RulebookKind(row.kind)
    return Version(row.id, kind, row.key, row.number, READ[kind](row.data))


def check(kind: RulebookKind, data: dict[str, Any]) -> Any:
    """Reads the data as the leaf package does; raises Invalid that names the wrong field."""
    try:
        value = READ[kind](data)
    except ValueError as error:
        field = getattr(error, "field", "data")
        raise Invalid(f"This {kind.value} cannot be used: {error}", fields={field: str(error)}) from None
    if isinstance(value, sla.Calendar):
        _check_opens(value)
    return value


def _check_opens(calendar: sla.Calendar) -> None:
    try:
        calendar.after(clock.now(), timedelta(seconds=1))
    except sla.NeverOpens:
        raise Invalid("This calendar never opens.", fields={"hours": "at least one open period"}) from None


@unit()
def draft(
    actor: Actor, kind: RulebookKind, key: str, data: dict[str, Any], *, title: str = "", why: str = "", at: datetime
) -> int:
    """Keeps a new version that is not in force yet; its id. Raises Invalid, Forbidden."""
    if not may(actor, "administer"):
        raise Forbidden("Rules are for administrators.")
    check(kind, data)
    same = (_rows.c.kind == kind, _rows.c.key == key)
    number = db.session.execute(select(func.coalesce(func.max(_rows.c.number), 0) + 1).where(*same)).scalar_one()
    row = {
        "kind": kind,
        "key": key,
        "number": number,
        "title": title or key,
        "data": data,
        "state": VersionState.DRAFT,
        "created_at": at,
        "created_by_id": actor.id,
        "why": why,
    }
    return int(db.session.execute(insert(_rows).values(row).returning(_rows.c.id)).scalar_one())


@unit()
def put_in_force(actor: Actor, id_: int, *, at: datetime) -> Version:
    """Lets a version hold from now on and retires the one before; tickets keep theirs."""
    if not may(actor, "administer"):
        raise Forbidden("Rules are for administrators.")
    row = db.session.execute(select(_rows).where(_rows.c.id == id_).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no such version.")
    check(RulebookKind(row.kind), row.data)
    before = (_rows.c.kind == row.kind, _rows.c.key == row.key, _rows.c.state == VersionState.IN_FORCE)
    db.session.execute(update(_rows).where(*before).values(state=VersionState.RETIRED, retired_at=at))
    now = {"state": VersionState.IN_FORCE, "in_force_at": at, "retired_at": None}
    db.session.execute(update(_rows).where(_rows.c.id == id_).values(now))
    g.pop("rulebook", None)
    return version(id_)


def enact(
    kind: RulebookKind, key: str, data: dict[str, Any], *, title: str = "", at: datetime, actor: Actor = SYSTEM
) -> Version:
    """Drafts a version and puts it in force at once."""
    return put_in_force(actor, draft(actor, kind, key, data, title=title, at=at), at=at)


@lru_cache(maxsize=1)
def defaults() -> Mapping[RulebookKind, dict[str, Any]]:
    """What a new body begins with: office hours, a promise for every priority, the usual matrix, no rules."""
    hours = {"critical": (1, 8), "high": (2, 16), "normal": (8, 40), "low": (16, 80)}
    steps = [{"at": "80%", "do": "warn"}, {"at": 0, "do": "breach"}]
    targets = [
        {"clock": name, "seconds": amounts[at] * 3600, "when": {"priority": [priority]}, "steps": steps}
        for at, name in enumerate(("first_response", "resolution"))
        for priority, amounts in hours.items()
    ]
    week = {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return {
        RulebookKind.CALENDAR: {"tz": "Europe/Athens", "hours": week},
        RulebookKind.POLICY: {"targets": targets},
        RulebookKind.MATRIX: sla.DEFAULT_MATRIX.to_dict(),
        RulebookKind.RULESET: {"rules": []},
    }


@unit()
def ensure_defaults(at: datetime) -> None:
    """Puts a default of every kind in force where there is none; every ticket has a policy."""
    for kind, data in defaults().items():
        if (kind, DEFAULT) not in _current():
            enact(kind, DEFAULT, data, at=at)
            g.pop("rulebook", None)
