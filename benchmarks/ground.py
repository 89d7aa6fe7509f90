"""What benchmarks stand on: durable servers, the Procfile's processes, a client that keeps its connection."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, NullPool, create_engine, text

from helpdesk import migrations
from helpdesk.embedded import Servers

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class Place:
    """An installation: its settings, its database, the port of its pages, and its servers."""

    environment: dict[str, str]
    engine: Engine
    port: int
    servers: Servers

    def helpdesk(self, *arguments: str) -> str:
        """Runs a command to its end; what it wrote to stdout."""
        command = [str(PROGRAMS / "helpdesk"), *arguments]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
        return done.stdout.strip()

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What a statement finds."""
        with self.engine.begin() as connection:
            return list(connection.execute(text(statement), values).all())

    def value(self, statement: str, **values: Any) -> Any:
        """The one value that a statement finds."""
        return self.rows(statement, **values)[0][0]

    def durability(self) -> str:
        """PostgreSQL's settings that decide whether a commit is kept."""
        return ", ".join(f"{name} {self.value(f'show {name}')}" for name in DURABILITY)


@contextmanager
def place() -> Iterator[Place]:
    """Durable servers with an empty database, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    folder.chmod(0o711)
    (folder / "sink").mkdir()
    servers = Servers(folder / "data")
    servers.start()
    engine = create_engine(servers.database_url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    port = free_port()
    try:
        with engine.begin() as connection:
            migrations.upgrade(connection)
        own = {"SMTP_URL": f"file://{folder}/sink", "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"}
        environment = os.environ | servers.environment() | own
        yield Place(environment, engine, port, servers)
    finally:
        engine.dispose()
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(at: Place, *names: str) -> Iterator[None]:
    """Lines of the Procfile, run until the end of the block; its pages answer from the start of it."""
    with ExitStack() as parts:
        for name in names:
            parts.enter_context(_part(at, name))
        _wait_for(at.port)
        yield


@contextmanager
def _part(at: Place, name: str) -> Iterator[None]:
    environment = at.environment | {
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{at.port}",
    }
    command = shlex.split(procfile()[name])
    with subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL) as one:
        try:
            yield
        finally:
            one.send_signal(signal.SIGTERM)
            one.wait(timeout=30)


def procfile() -> Mapping[str, str]:
    """The command of each process."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return {name.strip(): command.strip() for name, _, command in (line.partition(":") for line in lines)}


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if Client(port).get("/health/ready").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the pages did not come up")


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took from the first byte sent to the last received."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float


class Client:
    """One browser or program: a connection that stays open, and its cookies."""

    def __init__(self, port: int, **headers: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Accept-Language": "el", "Accept-Encoding": "gzip", **headers}
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Asks for a page."""
        return self.ask("GET", path)

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """Sends a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(form).encode(), kind)

    def ask(
        self, method: str, path: str, given: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Sends a request and reads the whole answer."""
        sent = {**self.headers, **(headers or {})}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            response, content, spent = self._once(method, path, given, sent)
        except http.client.RemoteDisconnected:  # an idle connection was closed: as browsers do, once more
            self._connection.close()
            response, content, spent = self._once(method, path, given, sent)
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(response.status, content, dict(response.headers), spent)

    def _once(
        self, method: str, path: str, given: bytes | None, sent: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes, float]:
        begun = time.perf_counter()
        self._connection.request(method, path, given, dict(sent))
        response = self._connection.getresponse()
        content = response.read()
        return response, content, time.perf_counter() - begun

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page, as anybody does."""
        token = re.search(rb'name="csrf_token" value="([^"]+)"', self.get("/auth/sign-in").body)
        if token is None:
            raise SystemExit("the sign-in page has no token")
        form = {"email": email, "password": password, "csrf_token": token[1].decode()}
        if self.post("/auth/sign-in", form).status != 303:
            raise SystemExit("the sign-in was refused")

    @property
    def cookies(self) -> Sequence[tuple[str, str]]:
        """What the browser holds now."""
        return list(self._cookies.items())
