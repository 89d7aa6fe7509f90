"""Configuration that decides, as versions: drafted, checked, put in force, kept; read from a cache in the process."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app, g
from sqlalchemy import Row, insert, select, text, update

import routing
import sla
from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.rulebook import Rulebook
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.vocabulary import RulebookKind, VersionState

_rows = table(Rulebook)
DEFAULT = "default"
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


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


def versions(kind: RulebookKind, key: str | None = None) -> Sequence[Row[Any]]:
    """Every version of a kind (of a key), the newest first, as rows of the table."""
    same = [_rows.c.kind == kind, *([_rows.c.key == key] if key else [])]
    return db.session.execute(select(_rows).where(*same).order_by(_rows.c.key, _rows.c.number.desc())).all()


@unit()
def make_draft(
    actor: Actor,
    kind: RulebookKind,
    key: str,
    data: dict[str, Any],
    *,
    title: str = "",
    why: str = "",
    at: datetime | None = None,
) -> int:
    """Keeps a new version that is not in force yet; its id. Raises Invalid, Forbidden."""
    _require(actor)
    if not _KEY.fullmatch(key):
        raise Invalid("That is no key.", fields={"key": "small letters, digits and hyphens, at most 63"})
    check(kind, data)
    known = _locked(kind, key)
    row = {
        "kind": kind,
        "key": key,
        "number": max((row.number for row in known), default=0) + 1,
        "title": title or key,
        "data": data,
        "state": VersionState.DRAFT,
        "created_at": at or clock.now(),
        "created_by_id": actor.id,
        "why": why,
    }
    return int(db.session.execute(insert(_rows).values(row).returning(_rows.c.id)).scalar_one())


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("Rules are for administrators.")


def _locked(kind: str, key: str) -> Sequence[Row[Any]]:
    """Every version of a key, held until the commit: two administrators wait for each other."""
    db.session.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"rulebook {kind} {key}"})
    return db.session.execute(select(_rows).where(_rows.c.kind == kind, _rows.c.key == key)).all()


@unit()
def put_in_force(actor: Actor, id_: int, *, why: str = "", at: datetime | None = None) -> Version:
    """Lets a version hold from now on and retires the one before; tickets keep theirs.

    Raises Forbidden, NotFound, Invalid; Stale when it is in force already.
    """
    _require(actor)
    row, moment = db.session.execute(select(_rows).where(_rows.c.id == id_)).one_or_none(), at or clock.now()
    if row is None:
        raise NotFound("There is no such version.")
    if any(held.id == id_ and held.state == VersionState.IN_FORCE for held in _locked(row.kind, row.key)):
        raise Stale("This version is in force already.", code="in-force")
    _check_calendars(check(RulebookKind(row.kind), row.data))
    before = (_rows.c.kind == row.kind, _rows.c.key == row.key, _rows.c.state == VersionState.IN_FORCE)
    db.session.execute(update(_rows).where(*before).values(state=VersionState.RETIRED, retired_at=moment))
    now = {"state": VersionState.IN_FORCE, "in_force_at": moment, "in_force_by_id": actor.id, "retired_at": None}
    db.session.execute(update(_rows).where(_rows.c.id == id_).values(now | ({"why": why} if why else {})))
    g.pop("rulebook", None)
    return version(id_)


def _check_calendars(value: Any) -> None:
    """A promise in the hours of a calendar that nobody knows would silently be one in other hours."""
    if not isinstance(value, sla.Policy):
        return
    known = all_in_force(RulebookKind.CALENDAR)
    for place, target in enumerate(value.targets):
        if target.calendar and target.calendar not in known:
            field = f"targets[{place}].calendar"
            raise Invalid(f"No calendar {target.calendar} is in force.", fields={field: "a calendar in force"})


@unit()
def retire(actor: Actor, id_: int, *, at: datetime | None = None) -> None:
    """Lets a version hold no longer for what opens from now on; tickets keep theirs. Raises Forbidden."""
    _require(actor)
    held = (_rows.c.id == id_, _rows.c.state == VersionState.IN_FORCE)
    values = {"state": VersionState.RETIRED, "retired_at": at or clock.now()}
    db.session.execute(update(_rows).where(*held).values(values))
    g.pop("rulebook", None)


def enact(
    kind: RulebookKind, key: str, data: dict[str, Any], *, title: str = "", at: datetime, actor: Actor = SYSTEM
) -> Version:
    """Drafts a version and puts it in force at once."""
    return put_in_force(actor, make_draft(actor, kind, key, data, title=title, at=at), at=at)


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
