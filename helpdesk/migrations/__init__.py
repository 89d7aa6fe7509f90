"""Brings a database up to the newest migration; linear, numbered, forward only."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

HERE = Path(__file__).parent
_LOCK = 715_003_411


def head() -> str:
    """The newest migration's number, as pinned in the file HEAD."""
    return (HERE / "HEAD").read_text().strip()


def current(connection: Connection) -> str | None:
    """The number this database stands at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> None:
    """Applies what is missing, in the caller's transaction; two at once wait for each other."""
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    settings = Config()
    settings.set_main_option("script_location", str(HERE))
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
