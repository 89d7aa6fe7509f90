"""The rulebook's versions as they are read: what is in force from a cache in the process, all others by id."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from sqlalchemy import Row, Select, select

from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.rulebook import Rulebook
from helpdesk.services import epoch
from helpdesk.services.rulebook.checking import READ, check
from helpdesk.vocabulary import RulebookKind, TicketType

ROWS = table(Rulebook)
DEFAULT = "default"
MATRICES = frozenset({DEFAULT, *(kind.value.replace("_", "-") for kind in TicketType)})
"""The keys that a matrix may have: the usual one, and one for each type of ticket."""

ALWAYS = "always"
"""The calendar of every hour of every day, in which the law and promised calls are counted."""


@dataclass(frozen=True)
class Version:
    """One version, read and checked.

    ``value`` is the leaf package's own: Ruleset, Calendar, Policy, Matrix, WaitingRules; or `InformingRules`, `Model`.
    """

    id: int
    kind: RulebookKind
    key: str
    number: int
    value: Any

    @property
    def name(self) -> str:
        """As tickets and ledgers name it."""
        return f"{self.key}@{self.number}"


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
    """Any version by its id, in force or not; what a version says never changes, so it is kept for good."""
    kept: dict[int, Version] = current_app.extensions.setdefault("rulebook_versions", {})
    if id_ not in kept:
        row = db.session.execute(select(ROWS).where(ROWS.c.id == id_)).one()
        kept[id_] = _read(row)
    return kept[id_]


def calendar_for(key: str | None) -> Version:
    """The calendar of that key in force, else the default one."""
    known = _current().get((RulebookKind.CALENDAR, key or DEFAULT))
    return known or in_force(RulebookKind.CALENDAR)


def matrix_key(kind: str) -> str:
    """The key under which a type of ticket may have a matrix of its own."""
    return kind.replace("_", "-")


def matrix_for(kind: str) -> Version | None:
    """The matrix in force for tickets of that type: their own, else the usual one."""
    known = all_in_force(RulebookKind.MATRIX)
    return known.get(matrix_key(kind)) or known.get(DEFAULT)


def versions(kind: RulebookKind, key: str | None = None) -> Sequence[Row[Any]]:
    """Every version of a kind (of a key), the newest first, as rows of the table."""
    same = [ROWS.c.kind == kind, *([ROWS.c.key == key] if key else [])]
    return db.session.execute(select(ROWS).where(*same).order_by(ROWS.c.key, ROWS.c.number.desc())).all()


def record(id_: int) -> Row[Any]:
    """A version's row: its state, who made it, when and why. Raises NotFound."""
    row = db.session.execute(select(ROWS).where(ROWS.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("There is no such version.")
    return row


def records(ids: Iterable[int]) -> Sequence[Row[Any]]:
    """The rows of several versions, those that there are."""
    wanted = list(ids)
    return db.session.execute(select(ROWS).where(ROWS.c.id.in_(wanted))).all() if wanted else []


def numbered(kind: RulebookKind, key: str, number: int) -> Row[Any]:
    """The same, by the name that people say: its key and number."""
    same = (ROWS.c.kind == kind, ROWS.c.key == key, ROWS.c.number == number)
    row = db.session.execute(select(ROWS).where(*same)).one_or_none()
    if row is None:
        raise NotFound(f"There is no version {number} of {key}.")
    return row


def held(*kinds: RulebookKind) -> Sequence[Row[Any]]:
    """Every version that ever was in force, as ``(id, in_force_at, retired_at)``."""
    query: Select[Any] = select(ROWS.c.id, ROWS.c.in_force_at, ROWS.c.retired_at)
    return db.session.execute(query.where(ROWS.c.kind.in_(kinds), ROWS.c.in_force_at.is_not(None))).all()


def suppose(kind: RulebookKind, key: str, data: dict[str, Any]) -> Version:
    """A version that is in no database, for this process only; raises Invalid for data that cannot be used."""
    kept: dict[int, Version] = current_app.extensions.setdefault("rulebook_versions", {})
    id_ = min((0, *kept)) - 1
    kept[id_] = Version(id_, kind, key, 0, check(kind, data))
    return kept[id_]


def forget() -> None:
    """Lets the unit of work ask anew what is in force, after it changed that."""
    g.pop("rulebook", None)
    epoch.changed()


def _current() -> dict[tuple[RulebookKind, str], Version]:
    """What is in force, asked once a unit of work; read anew only when an id has changed."""
    ids = epoch.current().rules
    if "rulebook" not in g or g.rulebook[0] is not ids:
        known = {(RulebookKind(kind), key): version(id_) for (kind, key), id_ in ids.items()}
        g.rulebook = (ids, known)
    found: dict[tuple[RulebookKind, str], Version] = g.rulebook[1]
    return found


def _read(row: Row[Any]) -> Version:
    kind = RulebookKind(row.kind)
    return Version(row.id, kind, row.key, row.number, READ[kind](row.data))
