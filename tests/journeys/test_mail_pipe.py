"""The pipe of an MTA: exit 0 once the mail is durable, 75 whenever it must be tried again, and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.db import db
from tests.conftest import settings_for
from tests.journeys.post import a_mail, counted, office

COMMAND = (sys.executable, "-m", "helpdesk.cli", "receive", "email")


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with office(f"pipe_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        yield body


def piped(app: Flask, raw: bytes, *options: str, **changed: str) -> subprocess.CompletedProcess[bytes]:
    settings = app.config["SETTINGS"]
    database = settings.database_url.replace("postgresql+psycopg", "postgresql")
    own = {"DATABASE_URL": database, "REDIS_URL": settings.redis_url, "SECRET_KEY": "s" * 40}
    environment = os.environ | own | changed
    command = [*COMMAND, *options, "--data", str(settings.data_dir)]
    return subprocess.run(command, input=raw, env=environment, capture_output=True, timeout=60)


def test_a_mail_is_kept_before_it_says_so_and_only_once(app):
    raw = a_mail().as_bytes()
    assert [piped(app, raw).returncode for _ in range(2)] == [0, 0]
    db.session.remove()
    assert counted("select count(*) from inbound where state = 'kept'") == 1


@pytest.mark.parametrize(
    "changed", [{"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, {"SECRET_KEY": "short"}], ids=["database", "setting"]
)
def test_what_cannot_be_kept_is_to_be_tried_again(app, changed):
    done = piped(app, a_mail().as_bytes(), **changed)
    assert (done.returncode, b"Traceback" in done.stderr) == (75, False)


def test_an_address_that_is_not_ours_is_to_be_tried_again_and_named(app):
    done = piped(app, a_mail().as_bytes(), "--account", "nobody@city.example")
    assert done.returncode == 75
    assert b"info@city.example" in done.stderr
    assert counted("select count(*) from inbound") == 0


def test_without_valkey_it_is_kept_all_the_same(app):
    assert piped(app, a_mail().as_bytes(), REDIS_URL="redis://127.0.0.1:1/0").returncode == 0
    db.session.remove()
    assert counted("select count(*) from inbound") == 1
