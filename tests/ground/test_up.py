"""``helpdesk up`` as an operator meets it: real processes, real signals, real sockets."""

import http.client
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from helpdesk.embedded.process import wait_until
from tests.ground.processes import MARK, a_data_folder, processes_of

UP = [sys.executable, "-m", "helpdesk.cli", "up", "--port", "0", "--smtp-port", "0", "--no-demo"]
ROOT = Path(__file__).resolve().parents[2]


def clean_environment(**more: str) -> dict[str, str]:
    ours = ("HELPDESK_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "SMTP_URL", "PUBLIC_BASE_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


class Running:
    """One ``helpdesk up`` that became ready."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data, self.mark = data, uuid4().hex
        self.ready = data.parent / f"{self.mark}.json"
        self.words = data.parent / f"{self.mark}.txt"
        with self.words.open("wb") as words:
            self.process = subprocess.Popen(
                [*UP, "--data", str(data), "--ready-file", str(self.ready)],
                cwd=ROOT, env=clean_environment(**settings, **{MARK: self.mark}), stdout=words, stderr=words,
            )  # fmt: skip
        assert wait_until(lambda: self.ready.exists() or self.process.poll() is not None, 90), self.said()
        assert self.ready.exists(), self.said()
        self.facts = json.loads(self.ready.read_text())

    def said(self) -> str:
        return self.words.read_text()

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection(urlsplit(self.facts["url"]).netloc, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        return processes_of(self.data, self.mark)

    def pid_of(self, words: str) -> int:
        """The oldest process whose command line has the words; 0 when there is none."""
        return min((pid for pid, command in self.processes().items() if words in command), default=0)

    def end(self, number: int) -> float:
        """Sends the signal; the seconds until nothing was left."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(20)
        assert wait_until(lambda: not self.processes(), 10), self.processes()
        return time.monotonic() - began


@contextmanager
def an_up(data: Path, **settings: str) -> Iterator[Running]:
    running = Running(data, **settings)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def data() -> Iterator[Path]:
    with a_data_folder() as folder:
        yield folder


def refusal(*options: str, **environment: str) -> str:
    """The one line that ``up`` says when it cannot work; it must end with status 2."""
    done = subprocess.run(
        [*UP, *options], cwd=ROOT, env=clean_environment(**environment), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()


def test_it_says_where_everything_is_and_ends_on_sigterm(data: Path) -> None:
    with an_up(data) as running:
        assert stat.S_IMODE(running.ready.stat().st_mode) == 0o600
        assert stat.S_IMODE((data / "secrets.json").stat().st_mode) == 0o600
        assert running.status("/health/ready") == 200
        smtp = running.facts["smtp"]
        with socket.create_connection((smtp["host"], smtp["port"]), 5) as client:
            assert client.recv(3) == b"220"
        assert Path(running.facts["mail_sink"]).is_dir()
        secrets = json.loads((data / "secrets.json").read_text())
        everything = running.said() + "".join(log.read_text() for log in (data / "logs").glob("*.log"))
        assert not [name for name, secret in secrets.items() if secret in everything]
        assert running.facts["url"] in running.said()
        link = running.facts["first_administrator"]
        assert link in running.said() and link.startswith(f"{running.facts['url']}/auth/first?token=")
        assert running.status(link.removeprefix(running.facts["url"])) == 200
        assert running.end(signal.SIGTERM) < 10
        assert running.process.returncode == 0


def test_a_part_that_dies_is_started_again_and_that_is_said(data: Path) -> None:
    with an_up(data) as running:
        for words, name in (("receive-mail", "mail"), ("gunicorn", "web"), ("bin/postgres -D", "postgres")):
            victim = running.pid_of(words)
            os.kill(victim, signal.SIGKILL)
            assert wait_until(lambda said=f"{name} ended": said in running.said(), 10), running.said()
            assert wait_until(lambda gone=victim, words=words: running.pid_of(words) not in {0, gone}, 20)
        assert wait_until(lambda: running.status("/health/ready") == 200, 20), running.said()
        refused = refusal("--data", str(data))
        assert f"in use by process {running.process.pid}" in refused
        assert running.end(signal.SIGINT) < 10


def test_killing_it_leaves_nothing_and_the_next_start_is_quick(data: Path) -> None:
    with an_up(data) as running:
        running.end(signal.SIGKILL)
    began = time.monotonic()
    with an_up(data) as again:
        took = time.monotonic() - began
        assert "Preparing the database" not in again.said()
        assert took < 40, f"{took:.1f} s"  # 5 s on a machine of its own, held by the smoke run
        again.end(signal.SIGTERM)


def test_a_port_in_use_is_one_clear_line(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal("--data", str(data), "--port", str(port))
        assert f"Port {port} on 127.0.0.1 is in use" in said
        assert "--smtp-port" in refusal("--data", str(data), "--smtp-port", str(port))
    assert not data.exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PUBLIC_BASE_URL", "help.example.org"),
        ("DATABASE_URL", "mysql://x/y"),
        ("SECRET_KEY", "short"),
        ("TRUSTED_PROXIES", "many"),
        ("RECEIVE_PROTOCOL", "imap"),
        ("HELPDESK_NOW", "tomorrow"),
        ("HELPDESK_NOW", "+3d"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(data: Path, setting: str, value: str) -> None:
    assert setting in refusal("--data", str(data), **{setting: value})


def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(data: Path) -> None:
    said = refusal("--data", str(data), DATABASE_URL="postgresql://who:pa55word@127.0.0.1:1/none")
    assert "database cannot be reached" in said
    assert "pa55word" not in said


def test_a_data_folder_that_is_a_file_is_one_clear_line(data: Path) -> None:
    data.write_text("")
    assert "data" in refusal("--data", str(data))


def test_a_demo_body_is_not_shown_to_the_network_by_accident(data: Path) -> None:
    options = [option for option in UP if option != "--no-demo"]
    done = subprocess.run(
        [*options, "--data", str(data), "--host", "0.0.0.0"],
        cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--demo-public" in done.stderr


def test_settings_are_listed_and_secrets_are_masked() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "helpdesk.cli", "settings"],
        cwd=ROOT, env=clean_environment(SECRET_KEY="k" * 40, BODY_NAME="Dimos"), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert re.search(r"^SECRET_KEY=\*+$", done.stdout, re.MULTILINE)
    assert "BODY_NAME=Dimos" in done.stdout
    assert "HELPDESK_NOW=" in done.stdout
    assert "k" * 40 not in done.stdout + done.stderr


def test_servers_of_ones_own_replace_ours(own_database: str, redis_url: str, data: Path) -> None:
    with an_up(data, DATABASE_URL=own_database, REDIS_URL=redis_url, SECRET_KEY="s" * 40) as running:
        assert running.status("/health/ready") == 200
        assert not [command for command in running.processes().values() if "postgres -D" in command]
        assert not (data / "servers" / "postgres").exists()
        assert running.end(signal.SIGTERM) < 10
