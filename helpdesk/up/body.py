"""Whether this installation holds a demo body or one of its own, and what the demo tells its visitors."""

import json
import os
from pathlib import Path
from typing import Any

import psycopg

from helpdesk.embedded import CannotServe

HEAD = Path(__file__).resolve().parents[1] / "migrations" / "HEAD"
DEMO_FILE = "demo.json"
OLDEST_SERVER = 160_000
"""As PostgreSQL numbers its versions."""


def database_version(url: str) -> str | None:
    """The migration a database stands at; None when it is empty."""
    try:
        with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=10) as connection:
            if connection.info.server_version < OLDEST_SERVER:
                raise CannotServe(f"PostgreSQL {OLDEST_SERVER // 10_000} or newer is needed.")
            known = connection.execute("select to_regclass('alembic_version')").fetchone()
            if not known or known[0] is None:
                return None
            row = connection.execute("select version_num from alembic_version").fetchone()
            return str(row[0]) if row else None
    except psycopg.Error as problem:
        reason = str(problem).strip().splitlines()[0]
        raise CannotServe(f"The database cannot be reached: {reason}") from None


def has_staff(url: str) -> bool:
    """Whether anybody works here yet; asked before a whole command is started for the answer."""
    with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=10) as connection:
        return connection.execute("select 1 from staff limit 1").fetchone() is not None


def reads_mailboxes(url: str) -> bool:
    """Whether any account in use names a server that mail is read from; False where the database does not say."""
    question = "select 1 from channel_account where active and settings ? 'imap_url' limit 1"
    try:
        with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=2) as connection:
            return connection.execute(question).fetchone() is not None
    except psycopg.Error:
        return False


def newest_version() -> str:
    """The migration this checkout needs."""
    return HEAD.read_text().strip()


def settle(data: Path, *, empty: bool, demo: bool) -> bool:
    """Decides once, while the database is empty, whether the body is a demo; later starts keep to that."""
    marker = data / "body"
    if empty:
        marker.write_text("demo\n" if demo else "own\n")
    return marker.exists() and marker.read_text().strip() == "demo"


def demo_facts(data: Path) -> dict[str, Any]:
    """What the demo wrote about itself; empty when there is none."""
    try:
        known: dict[str, Any] = json.loads((data / DEMO_FILE).read_text())
    except FileNotFoundError:
        return {}
    return known


def write_private(path: Path, facts: dict[str, Any]) -> None:
    """Writes JSON that only this user may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(facts, file, ensure_ascii=False, indent=1)
        file.write("\n")
    draft.replace(path)
