"""A town whose helpdesk runs as real processes on servers of its own, so that any of them may be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from flask import Flask
from redis import Redis
from sqlalchemy import NullPool, create_engine, make_url

from helpdesk import create_app, migrations
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.embedded import Servers, process
from helpdesk.embedded.process import Program
from tests.builders import an_agent
from tests.conftest import settings_for
from tests.ground.processes import a_data_folder
from tests.journeys.post import department, furnish

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0


def wait_for(what: str, settled: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What ``settled`` returns as soon as it is something."""
    limit = time.monotonic() + seconds
    while not (found := settled()):
        assert time.monotonic() < limit, f"after {seconds:g} s: {what}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Exchange:
    """The mail server of the town's provider; ``at`` says what happens when a command of SMTP is heard."""

    def __init__(self, port: int) -> None:
        self.letters: list[EmailMessage] = []
        self.at: dict[str, Callable[[], None]] = {}
        self.port, self._server = port, None

    def open(self) -> None:
        """Listens from now on."""
        if self._server is None:
            self._server = Controller(self, "127.0.0.1", self.port)
            self._server.start()

    def close(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Nothing of the mail is here yet."""
        self._happen("MAIL")
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """The last byte is here, and its sender does not know that yet."""
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self._happen("DATA")
        return "250 2.0.0 Taken"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        """The sender knows that it was taken, and may not have written it down."""
        self._happen("QUIT")
        return "221 2.0.0 Bye"

    def _happen(self, line: str) -> None:
        self.at.pop(line, lambda: None)()


class Town:
    """Servers, parts by name, and the exchange that carries the town's mail."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self.servers, self.folder = servers, folder
        self.mail_port, self.exchange = free_port(), Exchange(free_port())
        self.smtp_url = f"smtp://127.0.0.1:{self.exchange.port}"
        self.settings: dict[str, str] = {}
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    def environment(self) -> dict[str, str]:
        """The settings of every part, over the servers' own addresses."""
        return os.environ | self.servers.environment() | {
            "RECEIVE_PORT": str(self.mail_port),
            "SMTP_URL": self.smtp_url,
            "DATA_DIR": str(self.folder),
            **self.settings,
        }  # fmt: skip

    def start(self, name: str, *arguments: str) -> None:
        """Starts ``helpdesk <arguments>`` as the part of that name."""
        command = [sys.executable, "-m", "helpdesk.cli", *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.parts[name] = process.start(Program(command, ROOT, environment=self.environment()), log)

    def kill(self, name: str) -> list[str]:
        """Kills the part and its forks as the kernel would, and waits for their end; how it was started."""
        part = self.parts.pop(name)
        forks = _children(part.pid)
        for pid in (*forks, part.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        part.wait()
        wait_for(f"{name} is not gone", lambda: all(_ended(pid) for pid in forks), 10)
        return [str(word) for word in part.args[3:]]  # type: ignore[index]

    def replace(self, name: str) -> None:
        """Kills the part and starts it anew."""
        self.start(name, *self.kill(name))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of the operator."""
        command = [sys.executable, "-m", "helpdesk.cli", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=120, check=False
        )

    def connection(self, **given: Any) -> psycopg.Connection[Any]:
        """A line of its own to the database."""
        url = make_url(self.servers.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, **given)

    def ask(self, statement: str) -> list[Any]:
        """The rows of a question to the database, the first column of each."""
        with self.connection(autocommit=True) as connection:
            found = connection.execute(statement)
            return [row[0] for row in found.fetchall()] if found.description else []

    def strike_database(self) -> None:
        """Ends PostgreSQL as a power cut would, leaves it away for a moment, and starts it again."""
        self.servers._running["postgres"].send_signal(signal.SIGQUIT)
        wait_for("PostgreSQL runs on", lambda: "postgres" in self.servers.fallen(), 20)
        time.sleep(0.5)
        self.servers.revive()

    def flush_carrier(self) -> None:
        """Empties Valkey."""
        with Redis.from_url(self.servers.redis_url) as client:
            client.flushall()

    @property
    def listens(self) -> bool:
        """Whether the receiver takes mail."""
        try:
            with socket.create_connection(("127.0.0.1", self.mail_port), 1) as client:
                return client.recv(3) == b"220"
        except OSError:
            return False

    def said(self, name: str) -> str:
        """The log of a part."""
        return (self.folder / f"{name}.log").read_text()

    def faults(self) -> str:
        """What ``helpdesk check`` finds wrong; empty when all is well."""
        done = self.run("check")
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def end(self) -> None:
        """Ends every part."""
        for name in list(self.parts):
            self.kill(name)
        self.exchange.close()


def _children(pid: int) -> list[int]:
    try:
        own = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return own + [grandchild for child in own for grandchild in _children(child)]


def _ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@contextmanager
def a_town() -> Iterator[Town]:
    """Durable servers with the body of `tests.journeys.post` and somebody who works there; no part runs yet."""
    with a_data_folder() as data, Servers(data, connections=100) as servers:
        engine = create_engine(servers.database_url, poolclass=NullPool)
        with engine.begin() as connection:
            migrations.upgrade(connection)
        with office_of(servers, data):
            furnish()
            an_agent(department("water"))
            ground.commit()
        town = Town(servers, data)
        try:
            yield town
        finally:
            town.end()


@contextmanager
def office_of(servers: Servers, data: Path) -> Iterator[Flask]:
    """The application in this process, on a town's servers."""
    app = create_app(settings_for(servers.database_url, servers.redis_url, data))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
