"""Who set up what in the house: each act of administration is kept for good, and can be read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from helpdesk.db import db, table
from helpdesk.models.house import HouseEvent
from helpdesk.models.people import Person
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor

_ROWS, _PEOPLE, _SETTINGS = table(HouseEvent), table(Person), table(Setting)
UNTOLD = frozenset({"name", "email", "phone", "signature", "language"})
"""What is a person's own: that it changed is kept, what it said is not."""
_LONGEST = 200


@dataclass(frozen=True)
class Deeds:
    """A page of what was done, the newest first. ``next`` is where the following page begins."""

    rows: Sequence[Row[Any]]
    next: int | None


def record(
    actor: Actor, act: str, kind: str, thing_id: int | None, at: datetime, changes: Mapping[str, Any] | None = None
) -> None:
    """Keeps that the actor did this to that thing; part of the caller's transaction."""
    row = {"at": at, "person_id": actor.id, "act": act, "kind": kind, "thing_id": thing_id, "data": changes or {}}
    db.session.execute(insert(_ROWS).values(row))


def keep(key: str, data: Mapping[str, Any], at: datetime) -> None:
    """Keeps something that the body decides as a whole; part of the caller's transaction."""
    made = upsert(_SETTINGS).values(key=key, data=data, changed_at=at)
    db.session.execute(made.on_conflict_do_update(index_elements=["key"], set_={"data": data, "changed_at": at}))


def changes(row: Any, given: Mapping[str, Any], untold: Iterable[str] = ()) -> dict[str, Any]:
    """What becomes different, per field ``[before, after]``; null where the values are long or a person's own."""
    hidden = frozenset(untold)
    return {
        name: None if name in hidden or _is_long(before) or _is_long(after) else [_told(before), _told(after)]
        for name, after in given.items()
        if (before := getattr(row, name)) != after
    }


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _is_long(value: Any) -> bool:
    return isinstance(value, bytes) or len(str(value)) > _LONGEST


def deeds(kind: str = "", before: int | None = None, limit: int = 50) -> Deeds:
    """What was done (to things of a kind), with the name of who did it, older than the id ``before``."""
    query = select(_ROWS, _PEOPLE.c.name.label("who")).outerjoin(_PEOPLE, _PEOPLE.c.id == _ROWS.c.person_id)
    if kind:
        query = query.where(_ROWS.c.kind == kind)
    if before is not None:
        query = query.where(_ROWS.c.id < before)
    rows = db.session.execute(query.order_by(_ROWS.c.id.desc()).limit(limit + 1)).all()
    return Deeds(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
