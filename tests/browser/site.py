"""A whole installation for browsers: the demo body on a database of its own, web and workers as real processes."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

from tests.conftest import KEY
from tests.servers import drop_database, worker_database

ROOT = Path(__file__).resolve().parents[2]
HELPDESK = [sys.executable, "-m", "helpdesk.cli"]
READY_SECONDS = 180.0


@dataclass(frozen=True)
class Site:
    """Where it answers and what the demo tells of itself (its accounts, its API token)."""

    url: str
    facts: Mapping[str, Any]
    environment: Mapping[str, str]

    def account(self, role: str) -> Mapping[str, str]:
        """The first demo account of that role: ``email`` and ``password``."""
        return next(account for account in self.facts["accounts"] if account["role"] == role)

    def api(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the API answers to the administrator's token."""
        headers = {"Authorization": f"Bearer {self.facts['api_token']}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _environment(database_url: str, redis_url: str, folder: Path, url: str) -> dict[str, str]:
    (folder / "sink").mkdir()
    return os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_BASE_URL": url,
        "SECRET_KEY": "s" * 40,
        "CHANNEL_KEYS": KEY,
        "SMTP_URL": (folder / "sink").as_uri(),
        "DATA_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def _web(port: int) -> list[str]:
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "1", "--no-control-socket"]
    return [*gunicorn, "--graceful-timeout", "2", "--bind", f"127.0.0.1:{port}", "helpdesk:create_app()"]


def _await(url: str, web: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):
                return
        except (URLError, OSError):
            assert web.poll() is None, "the web process ended"
            assert time.monotonic() < limit, "the site did not become ready"
            time.sleep(0.1)


@contextmanager
def standing(name: str, redis_url: str, folder: Path, *, telephones: bool = False) -> Iterator[Site]:
    """The demo body with its processes, until the end; what they log stands in ``folder``.

    ``telephones``: with the simulated carrier, whose address the site knows, and with the clock; its past is short.
    """
    port, carrier = _free_port(), _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment(worker_database(name), redis_url, folder, url)
    parts = [_web(port), [*HELPDESK, "work"]]
    if telephones:
        environment["TWILIO_BASE_URL"] = f"http://127.0.0.1:{carrier}"
        parts += [[*HELPDESK, "clock"], [*HELPDESK, "carrier", "--port", str(carrier)]]
    ready = folder / "demo.json"
    demo = [*HELPDESK, "demo", "--ready-file", str(ready), *(["--days", "1"] if telephones else [])]
    subprocess.run(demo, cwd=ROOT, env=environment, check=True, timeout=600)
    log = (folder / "log").open("wb")
    started = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) for command in parts]
    try:
        _await(url, started[0])
        yield Site(url, json.loads(ready.read_text()), environment)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)
        log.close()
        drop_database(name)
