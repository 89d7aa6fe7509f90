"""The database session, column types, and the one way to commit."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Identity, MetaData, Result, Table, Text, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

Key = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]
Texts = Annotated[dict[str, str], mapped_column(JSONB)]
"""A text in several languages: ``{"el": "…", "en": "…"}``."""


class Base(DeclarativeBase):
    """All tables. Rows are typed; text is ``text``; moments are ``timestamptz``."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, int: BigInteger, datetime: DateTime(timezone=True)}  # noqa: RUF012


def table(model: type[Base]) -> Table:
    """The Core table of a model, for statements that fetch rows instead of entities."""
    return cast(Table, model.__table__)


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
"""The extension: engine and session per application context. Tables derive from ``Base``, which needs no Flask."""


def insert_many(into: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows of equal keys by one statement; a statement a row costs both sides three times as much."""
    if rows:
        _insert(into, rows, "")


def insert_numbered(into: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same for rows without an ``id``; the ids they got, in their order: the sequence rises row by row."""
    return sorted(_insert(into, rows, "returning id").scalars()) if rows else []


def insert_and(
    into: Table,
    rows: Sequence[Mapping[str, Any]],
    ending: str,
    then: str,
    *,
    first: tuple[Table, Sequence[Mapping[str, Any]]] | None = None,
    **values: Any,
) -> Result[Any]:
    """Inserts them and does ``then`` in one statement; it finds what ``ending`` returns in ``inserted``.

    Rows that they refer to may go in ``first``, by the same statement.
    """
    before = ""
    if first is not None and first[1]:
        before = f"before as ({_insertion(*first, 'first')}), "
        values["first"] = as_rows(first[1])
    statement = f"with {before}inserted as ({_insertion(into, rows)} {ending}) {then}"
    return db.session.execute(text(statement), {"rows": as_rows(rows), **values})


def as_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a statement takes them by `jsonb_populate_recordset`."""
    return json.dumps(rows, ensure_ascii=False, default=_plain)


def _insert(into: Table, rows: Sequence[Mapping[str, Any]], ending: str) -> Result[Any]:
    return db.session.execute(text(f"{_insertion(into, rows)} {ending}"), {"rows": as_rows(rows)})


def _insertion(into: Table, rows: Sequence[Mapping[str, Any]], bound: str = "rows") -> str:
    names = ", ".join(f'"{into.c[name].name}"' for name in rows[0])
    source = f"jsonb_populate_recordset(cast(null as {into.name}), cast(:{bound} as jsonb))"
    return f"insert into {into.name} ({names}) select {names} from {source}"  # noqa: S608 - our names


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be inserted so")


_BEFORE = "helpdesk.before_commit"
_AFTER = "helpdesk.after_commit"
_UNIT = "helpdesk.unit"
_AFTERMATH = "helpdesk.after_rollback"
_PENDING = "helpdesk.pending"


def before_commit(act: Callable[[], None]) -> None:
    """Lets ``act`` run once at the head of the next commit or savepoint (the journal's flush)."""
    waiting = db.session().info.setdefault(_BEFORE, [])
    if act not in waiting:
        waiting.append(act)


def pending(name: str) -> list[Any]:
    """A list that lives until the commit or rollback of what is under way (the journal's facts)."""
    lists: dict[str, list[Any]] = db.session().info.setdefault(_PENDING, {})
    return lists.setdefault(name, [])


def after_commit(act: Callable[[], None]) -> None:
    """Lets ``act`` run once the rows are durable; dropped on rollback. It may not touch the session."""
    db.session().info.setdefault(_AFTER, []).append(act)


def after_rollback(act: Callable[[], None]) -> None:
    """Lets ``act`` run, as a unit of its own, once the unit under way was rolled back by an error; else never."""
    info = db.session().info
    if info.get(_UNIT):
        info.setdefault(_AFTERMATH, []).append(act)


def flush_pending() -> None:
    """Runs what waits for the commit, now: after it every row and event can be queried."""
    info = db.session().info
    while waiting := info.pop(_BEFORE, None):
        for act in waiting:
            act()


def commit() -> None:
    """Makes everything since the last commit durable, then lets the world know."""
    flush_pending()
    db.session.commit()
    for act in db.session().info.pop(_AFTER, []):
        act()


def rollback() -> None:
    """Forgets everything since the last commit, also what no transaction was begun for yet."""
    db.session.rollback()
    _forget(db.session())


def end_reading() -> None:
    """Ends a transaction in which nothing was written, after an answer was made.

    By COMMIT: with a ROLLBACK the driver throws away all statements it has prepared, and the server plans each anew.
    """
    session = db.session()
    written = session.info.get(_UNIT) or session.new or session.dirty or session.deleted
    if written or not (session.in_transaction() and session.is_active):
        return
    try:
        session.commit()
    except SQLAlchemyError:  # the answer is made and nothing was written: who comes next meets the fault
        session.rollback()


@contextmanager
def unit() -> Iterator[None]:
    """One unit of work: commits when the outermost ends, rolls back when it raises; nested ones join.

    Stands on every service verb as ``@unit()``.
    """
    info = db.session().info
    if info.get(_UNIT):
        yield
        return
    info[_UNIT] = True
    try:
        yield
        commit()
    except BaseException:
        rollback()
        info.pop(_UNIT, None)
        for act in info.pop(_AFTERMATH, []):
            act()
        raise
    finally:
        info.pop(_UNIT, None)
        info.pop(_AFTERMATH, None)


@contextmanager
def savepoint() -> Iterator[None]:
    """What happens inside is undone as a whole when it raises; what came before stays."""
    flush_pending()
    before = list(db.session().info.get(_AFTER, []))
    with db.session.begin_nested():
        try:
            yield
            flush_pending()
        except BaseException:
            db.session().info.pop(_BEFORE, None)
            db.session().info.pop(_PENDING, None)
            db.session().info[_AFTER] = before
            raise


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_BEFORE, None)
    session.info.pop(_AFTER, None)
    session.info.pop(_PENDING, None)
