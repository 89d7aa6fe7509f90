"""Brings lines into the tables by COPY, with indexes and foreign keys built after, all in one transaction.

Killed at any moment the database is as it was: dropping and building indexes belongs to the transaction too.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql

from helpdesk.services.seeding.templates import COLUMNS
from helpdesk.services.seeding.writing import Portion

REBUILT_FROM = 2_000
"""Tickets from which it is quicker to build the indexes anew."""

_CONSTRAINTS = """
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where contype in ('f', 'u') and conrelid = any(%s::regclass[]) order by conname
"""
_INDEXES = """
    select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
    where indrelid = any(%s::regclass[]) and not indisprimary
      and not exists (select from pg_constraint where conindid = indexrelid) order by indexrelid
"""


def load(connection: Connection[Any], portions: Iterable[Portion], count: int) -> Iterator[Portion]:
    """Loads every portion and yields it when it is in."""
    connection.execute("set local maintenance_work_mem = '256MB'")
    if count < REBUILT_FROM:
        yield from _copied(connection, portions)
        return
    with _without_indexes(connection):
        yield from _copied(connection, portions)


def _copied(connection: Connection[Any], portions: Iterable[Portion]) -> Iterator[Portion]:
    for portion in portions:
        for table, lines in portion.lines.items():
            _copy(connection, table, COLUMNS[table], lines)
        yield portion


def _copy(connection: Connection[Any], table: str, columns: Sequence[str], lines: bytes) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
    with connection.cursor().copy(statement) as copy:
        copy.write(lines)


@contextmanager
def _without_indexes(connection: Connection[Any]) -> Iterator[None]:
    """Takes indexes and constraints but the primary keys away, and builds the same again."""
    tables = list(COLUMNS)
    constraints = connection.execute(_CONSTRAINTS, [tables]).fetchall()
    indexes = connection.execute(_INDEXES, [tables]).fetchall()
    for table, name, _ in constraints:
        _run(connection, "alter table {} drop constraint {}", table, name)
    for name, _ in indexes:
        _run(connection, "drop index {}", name)
    yield
    for _, definition in indexes:
        connection.execute(definition)
    for table, name, definition in sorted(constraints, key=lambda row: "FOREIGN KEY" in row[2]):
        _run(connection, f"alter table {{}} add constraint {{}} {definition}", table, name)


def _run(connection: Connection[Any], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def settle(connection: Connection[Any]) -> None:
    """Lets the planner know what is there now; outside of any transaction."""
    for table in (*COLUMNS, "person"):
        connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(table)))
