"""The command ``helpdesk``: every name works, says what it does, and takes ``--data``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpdesk import cli
from tests.ground.processes import a_data_folder

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.cli", *arguments],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    said = CliRunner().invoke(cli.helpdesk, [name, "--help"])
    assert said.exit_code == 0, f"helpdesk/cli/__init__.py names {name}, but: {said.output}"
    assert said.output.count("\n") > 3


def test_help_loads_neither_the_application_nor_the_database() -> None:
    heavy = "import sys, helpdesk.cli; print([name for name in sys.modules if name in ('flask', 'sqlalchemy', 'rq')])"
    done = subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_wrong_command_ends_with_status_2() -> None:
    assert run("dance").returncode == 2


def test_migrate_starts_and_ends_its_own_servers_and_says_so_on_stderr() -> None:
    with a_data_folder() as data:
        first = run("migrate", "--data", str(data))
        assert (first.returncode, first.stdout) == (0, ""), first.stderr
        assert "up to date" in first.stderr
        second = run("--data", str(data), "migrate")
        assert second.returncode == 0, second.stderr


def test_a_database_that_is_not_there_is_one_line_and_status_2() -> None:
    nowhere = {"DATABASE_URL": "postgresql://a:pa55@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1"}
    done = run("migrate", **nowhere)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "pa55" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("sla", "explain", "1"),
        ("token", "create", "--for", "nobody@example.org"),
        ("replay", "1"),
        ("user", "create", "--email", "new@example.org", "--name", "New", "--department", "none"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_refusal_is_one_line_on_stderr_nothing_on_stdout_and_status_1(
    arguments: tuple[str, ...], own_database: str, redis_url: str, tmp_path: Path
) -> None:
    servers = {"DATABASE_URL": own_database, "REDIS_URL": redis_url, "SECRET_KEY": "s" * 40}
    done = run(*arguments, "--data", str(tmp_path), **servers)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_raw_inputs_are_understood_without_a_database_or_a_setting(tmp_path: Path) -> None:
    mail = tmp_path / "leak.eml"
    mail.write_bytes(b"From: anna@example.org\r\nSubject: A leak\r\n\r\nWater in the street\r\n")
    done = run("channels", "parse", "email", str(mail), str(tmp_path / "missing.eml"))
    assert done.returncode == 0, done.stderr
    read, missing = map(json.loads, done.stdout.splitlines())
    assert (read["subject"], read["error"], read["from"]["address"]) == ("A leak", None, "anna@example.org")
    assert missing["error"]
