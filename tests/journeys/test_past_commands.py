"""helpdesk demo, seed and import stories, as an operator runs them."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.conftest import KEY
from tests.servers import drop_database, worker_database

ROOT = Path(__file__).resolve().parents[2]
STORY = {
    "key": "one",
    "ticket": {"subject": "Διαρροή", "text": "Τρέχει νερό.", "requester": {"name": "Ρέα"}, "department": "seed-water"},
    "story": [
        {"at": "2026-03-09T10:00:00+02:00", "do": "open"},
        {"at": "2026-03-09T11:00:00+02:00", "do": "take", "by": "water1@seed.example"},
    ],
}


@pytest.fixture
def database(worker_name: str) -> Iterator[str]:
    """An empty database of its own."""
    name = f"helpdesk_past_{worker_name}"
    yield worker_database(name)
    drop_database(name)


def _helpdesk(database: str, redis_url: str, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"DATABASE_URL": database, "REDIS_URL": redis_url, "SECRET_KEY": "s" * 40, "CHANNEL_KEYS": KEY}
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.cli", *arguments, "--data", str(data)],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _count(database: str) -> int:
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.execute(text("select count(*) from ticket")).scalar_one())


def test_seeds_and_imports_each_line_once(database: str, redis_url: str, tmp_path: Path) -> None:
    sown = _helpdesk(database, redis_url, tmp_path, "seed", "--tickets", "20")
    assert sown.returncode == 0, sown.stderr
    assert sown.stdout.startswith("20 tickets and ")
    file = tmp_path / "stories.jsonl"
    file.write_text(f"{json.dumps(STORY)}\n\n{{}}\n{json.dumps(STORY | {'key': 'two'})}\n")
    first = _helpdesk(database, redis_url, tmp_path, "import", "stories", str(file))
    assert (first.returncode, len(first.stdout.splitlines())) == (1, 2), first.stderr
    assert first.stderr.startswith("line 3: ")
    assert _count(database) == 22
    strict = _helpdesk(database, redis_url, tmp_path, "import", "stories", "--strict", str(file))
    assert (strict.returncode, strict.stdout) == (1, "")
    again = _helpdesk(database, redis_url, tmp_path, "import", "stories", str(file))
    assert again.stdout.count("is here already") == 2
    assert _count(database) == 22


def test_tells_how_to_get_into_the_demo_in_a_file_for_the_owner_alone(
    database: str, redis_url: str, tmp_path: Path
) -> None:
    told = tmp_path / "demo.json"
    made = _helpdesk(database, redis_url, tmp_path, "demo", "--days", "1", "--ready-file", str(told))
    assert made.returncode == 0, made.stderr
    facts = json.loads(told.read_text())
    assert stat.S_IMODE(told.stat().st_mode) == 0o600
    assert {"accounts", "mailboxes", "smtp", "api_token"} <= facts.keys()
    assert all(account["password"] not in made.stdout + made.stderr for account in facts["accounts"])
    refused = _helpdesk(database, redis_url, tmp_path, "seed", "--tickets", "5")
    assert refused.returncode == 0, "a demo may be seeded: nobody works in it"
