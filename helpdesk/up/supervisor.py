"""Starts every part in order, holds them up, and ends them all."""

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from helpdesk.embedded import CannotServe, Servers
from helpdesk.embedded.process import wait_until
from helpdesk.up import body, command, options
from helpdesk.up.options import Options
from helpdesk.up.part import Backoff, Part, stop_all

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "helpdesk" / "static" / "vendor" / "manifest.json"
STOP_SECONDS = 4.5
_READY_SECONDS = 60
NOWHERE = 9
"""Where a demo without a carrier places its calls: a port on which nobody answers."""
MAILBOX_SECONDS = 10.0
"""How often we look whether an account is read by IMAP, until one is."""


class _Stop(BaseException):
    """Somebody asked us to end."""


def _on_signals(act: Any) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, act)


def _raise_stop(*_: object) -> NoReturn:
    _on_signals(signal.SIG_IGN)
    raise _Stop


def run(asked: Options, say: Callable[[str], None]) -> None:
    """Everything, until SIGTERM or Ctrl-C. Raises CannotServe or BadSetting with one clear line."""
    options.check(asked)
    chosen = replace(
        asked,
        port=options.free_port(asked.host, asked.port, "--port"),
        smtp_port=options.free_port(asked.host, asked.smtp_port, "--smtp-port"),
    )
    _on_signals(_raise_stop)
    supervisor = Supervisor(chosen, say)
    try:
        supervisor.start()
        supervisor.hold()
    except _Stop:
        say("Stopping.")
    finally:
        supervisor.stop()


class Supervisor:
    """The servers and the parts of one ``helpdesk up``."""

    def __init__(self, chosen: Options, say: Callable[[str], None]) -> None:
        self.options = chosen
        self.say = say
        names = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
        wanted = [name for name, setting in names.items() if not os.environ.get(setting)]
        self.servers = Servers(chosen.data, wanted=wanted, say=say)
        self.data = self.servers.data
        self.environment = self._environment()
        self.parts: list[Part] = []
        self._servers_backoff = Backoff()
        self._servers_due: float | None = None
        self._fetches, self._mailboxes_due = False, 0.0
        self._carrier_port = options.free_port("127.0.0.1", 0, "--demo-carrier") if chosen.demo_carrier else NOWHERE

    def start(self) -> None:
        """Servers, tables, assets and demo where they are missing, then the parts."""
        if self.options.ready_file:
            self.options.ready_file.unlink(missing_ok=True)
        self.servers.start()
        demo = self._prepare_database()
        new = not demo and not body.has_staff(self.environment["DATABASE_URL"])
        first = self._command("first").strip() if new else ""
        self._start_parts()
        facts = self._facts(demo, first)
        if self.options.ready_file:
            body.write_private(self.options.ready_file, facts)
        self._welcome(facts, demo)

    def hold(self) -> NoReturn:
        """Keeps everything running until a signal raises."""
        while True:
            self._watch_servers()
            self._watch_mailboxes()
            for part in self.parts:
                part.watch(self.say)
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the parts, then the servers; nothing interrupts that."""
        _on_signals(signal.SIG_IGN)
        stop_all(self.parts, STOP_SECONDS)
        self.servers.stop()

    def _environment(self) -> dict[str, str]:
        ours = {
            **self.servers.environment(),
            "PUBLIC_BASE_URL": self.options.url,
            "RECEIVE_HOST": self.options.host,
            "RECEIVE_PORT": str(self.options.smtp_port),
            "SMTP_URL": (self.data / "sink").as_uri(),
        }
        always = {name: ours[name] for name in ("DATA_DIR", "RECEIVE_HOST", "RECEIVE_PORT")}
        given = {name: value for name, value in os.environ.items() if value}
        return {**ours, **given, **always, "PYTHONUNBUFFERED": "1"}

    def _prepare_database(self) -> bool:
        version = body.database_version(self.environment["DATABASE_URL"])
        demo = body.settle(self.data, empty=version is None, demo=self.options.demo)
        options.refuse_public_demo(self.options, demo=demo)
        options.refuse_carrier(self.options, demo=demo)
        if version != body.newest_version():
            self.say("Preparing the database.")
            self._command("migrate")
        if not VENDOR.exists():
            self.say("Bringing the front-end packages.")
            self._command("assets")
        (self.data / "sink").mkdir(mode=0o700, exist_ok=True)
        if demo and not body.demo_facts(self.data):
            self.say("Making the demo body.")
            self._command("demo", "--ready-file", str(self.data / body.DEMO_FILE))
            (self.data / body.DEMO_FILE).chmod(0o600)
        if demo:
            self.environment.setdefault("TWILIO_BASE_URL", f"http://127.0.0.1:{self._carrier_port}")
        return demo

    def _command(self, *arguments: str) -> str:
        return command.run(list(arguments), ROOT, self.environment, self.say)

    def _start_parts(self) -> None:
        """Web and mail first, for they answer people; the others while nobody waits."""
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        web = [
            sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "2", "--preload",
            "--worker-connections", "4000",
            "--no-control-socket", "--graceful-timeout", "4", "--bind", f"{host}:{self.options.port}",
            "-c", str(Path(__file__).with_name("hooks.py")), "helpdesk:create_app()",
        ]  # fmt: skip
        self._add("web", web)
        self._add("mail", [*command.HELPDESK, "receive-mail"])
        self._await("web", self._web_answers)
        self._await("mail", self._mail_answers)
        self._add("worker", [*command.HELPDESK, "work", "--count", str(self.options.workers)])
        self._add("clock", [*command.HELPDESK, "clock"])
        if self.options.demo_carrier:
            self._add("carrier", [*command.HELPDESK, "carrier", "--port", str(self._carrier_port)])

    def _watch_mailboxes(self) -> None:
        """The fetcher starts with the first account that is read by IMAP; it stays, and looks itself for others."""
        if self._fetches or time.monotonic() < self._mailboxes_due:
            return
        self._mailboxes_due = time.monotonic() + MAILBOX_SECONDS
        if body.reads_mailboxes(self.environment["DATABASE_URL"]):
            self._fetches = True
            self._add("fetch", [*command.HELPDESK, "fetch-mail"])

    def _add(self, name: str, arguments: list[str]) -> None:
        part = Part(name, arguments, ROOT, self.environment, self.data / "logs" / f"{name}.log")
        self.parts.append(part)
        part.start()

    def _await(self, name: str, answers: Callable[[], bool]) -> None:
        def settled() -> bool:
            for part in self.parts:
                part.watch(self.say)
            return answers()

        if not wait_until(settled, _READY_SECONDS):
            raise CannotServe(f"{name} did not become ready; see {self.data / 'logs' / name}.log")

    def _web_answers(self) -> bool:
        connection = http.client.HTTPConnection(self.options.host, self.options.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()

    def _mail_answers(self) -> bool:
        try:
            with socket.create_connection((self.options.host, self.options.smtp_port), 1) as client:
                return client.recv(3) == b"220"
        except OSError:
            return False

    def _watch_servers(self) -> None:
        fallen = self.servers.fallen()
        if self._servers_due is None and fallen:
            delay = self._servers_backoff.next_delay()
            self._servers_due = time.monotonic() + delay
            self.say(f"{' and '.join(fallen)} ended; again in {delay:g} s. See {self.data / 'logs'}")
        elif self._servers_due is not None and time.monotonic() >= self._servers_due:
            self._servers_due = None
            self._servers_backoff.note_start()
            try:
                self.servers.revive()
            except CannotServe as problem:
                self.say(str(problem))

    def _facts(self, demo: bool, first: str) -> dict[str, Any]:
        known = body.demo_facts(self.data) if demo else {}
        mailboxes = known.get("mailboxes", {})
        address = known.get("smtp", {}).get("address") or next(iter(mailboxes.values()), "")
        smtp = {"host": self.options.host, "port": self.options.smtp_port, "address": address}
        sink = str(self.data / "sink")
        facts = {"accounts": [], "mailboxes": {}, **known, "url": self.options.url, "smtp": smtp, "mail_sink": sink}
        return facts | ({"first_administrator": first} if first else {})

    def _welcome(self, facts: dict[str, Any], demo: bool) -> None:
        self.say(f"Civic Helpdesk is ready: {self.environment['PUBLIC_BASE_URL']}")
        self.say(f"Mail is taken in on {self.options.host}:{self.options.smtp_port}; logs: {self.data / 'logs'}")
        if demo:
            self.say("This is a demo body. Sign in as:")
            for account in facts["accounts"]:
                self.say(f"  {account['role']:<14} {account['email']}  {account['password']}")
        elif "first_administrator" in facts:
            self.say(f"Nobody works here yet. Make the first administrator: {facts['first_administrator']}")
        self.say("Ctrl-C ends everything.")
