"""Migrations: numbered, linear, pinned, and in step with the models."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, text

import helpdesk.models  # noqa: F401
from helpdesk import migrations
from helpdesk.db import Base
from tests.servers import drop_database, empty_database

VERSIONS = sorted(Path(migrations.HERE, "versions").glob("*.py"))


@pytest.fixture
def connection(worker_name: str, database_url: str) -> Iterator[Connection]:
    """A connection to an empty database."""
    engine = create_engine(empty_database(f"migrated_{worker_name}"), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()
    drop_database(f"migrated_{worker_name}")


def test_they_are_numbered_from_one_without_a_gap_and_the_head_is_pinned():
    numbers = [path.name[:4] for path in VERSIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert migrations.head() == numbers[-1], "write the newest number into migrations/HEAD"


def test_each_follows_the_one_before():
    for before, path in zip([None, *VERSIONS], VERSIONS, strict=False):
        named = re.search(r"^down_revision = (.*)$", path.read_text(), re.MULTILINE)
        expected = repr(before.name[:4]) if before else "None"
        assert named and named[1].replace('"', "'") == expected, path.name


def test_from_empty_they_lead_to_what_the_models_say(connection):
    assert migrations.current(connection) is None
    migrations.upgrade(connection)
    assert migrations.current(connection) == migrations.head()
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == [], "add a migration for what changed in the models"


def test_running_them_again_changes_nothing(connection):
    migrations.upgrade(connection)
    connection.execute(text("insert into setting values ('a', '{}', '2026-01-01 00:00Z')"))
    migrations.upgrade(connection)
    assert connection.execute(text("select count(*) from setting")).scalar() == 1
