"""Our own PostgreSQL: cluster, role and database made on first start, served on a unix socket only."""

import locale
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from helpdesk.embedded.account import Account, CannotServe, private_folder
from helpdesk.embedded.binaries import Binaries
from helpdesk.embedded.process import Program, end, evict, lives_in, log_file, start, wait_until

ROLE = DATABASE = "helpdesk"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_FAST, _IMMEDIATE = signal.SIGINT, signal.SIGQUIT
_ENDING = ((_FAST, 3.0), (_IMMEDIATE, 1.0))
_TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
_FRAIL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _letters() -> str:
    """The locale that tells letters from signs: search and trigrams ask libc for it, whatever the provider."""
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "el_GR.UTF-8"):
            with suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, kept)


@dataclass(frozen=True)
class Postgres:
    """Where one PostgreSQL lives; not ``durable`` is for tests alone."""

    binaries: Binaries
    data: Path
    sockets: Path
    account: Account
    log: Path
    password: str
    superuser_password: str
    durable: bool = True
    connections: int = 200

    @property
    def url(self) -> str:
        """For SQLAlchemy with psycopg 3."""
        host = quote(str(self.sockets), safe="")
        return f"postgresql+psycopg://{ROLE}:{self.password}@/{DATABASE}?host={host}"

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()

    def start(self) -> subprocess.Popen[bytes]:
        """Starts the server, the cluster first when there is none; returns when it takes connections."""
        if not self.exists:
            self._create()
        self._evict_leftover()
        for wait in (0.0, 0.5, 2.0, 5.0):  # backends of a killed server may need a moment to leave
            time.sleep(wait)
            process = self._start_once()
            if process:
                return process
        raise CannotServe(f"PostgreSQL did not start; the reason is in {self.log}")

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ends the server: a fast shutdown, an immediate one when that takes too long."""
        end(process, _ENDING)

    def answers(self) -> bool:
        """Whether the server says of itself that it takes connections."""
        lines = self._pid_lines()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _start_once(self) -> subprocess.Popen[bytes] | None:
        options = {**_TUNING, "max_connections": str(self.connections)}
        options["unix_socket_directories"] = '"' + str(self.sockets).replace('"', '""') + '"'
        options |= {} if self.durable else _FRAIL
        arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with log_file(self.log) as output:
            process = start(self._program(self.binaries.postgres, "-D", str(self.data), *arguments), output)
        wait_until(lambda: self._is_up(process) or process.poll() is not None, 120)
        if self._is_up(process):
            return process
        self.end(process)
        return None

    def _is_up(self, process: subprocess.Popen[bytes]) -> bool:
        return self.answers() and self._pid_lines()[0] == str(process.pid)

    def _program(self, program: Path, *arguments: str) -> Program:
        command = [str(program), *arguments]
        return Program(command, self.data, self.account.identity(), _ENVIRONMENT, _FAST)

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _evict_leftover(self) -> None:
        """Ends a server whose owner died; forgets a pid that now belongs to another program."""
        lines = self._pid_lines()
        if lines and lines[0].isdigit():
            pid = int(lines[0])
            wait_until(lambda: not lives_in(self.data, pid), 3)  # it was told of its owner's death
            evict(self.data, pid, _ENDING)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _create(self) -> None:
        """Makes the cluster beside its place and moves it whole, so that a kill leaves no half."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        if self.data.exists() and any(self.data.iterdir()):
            raise CannotServe(f"{self.data} is not empty and holds no database; move it away.")
        private_folder(draft, self.account)
        self._initdb(draft)
        self._make_database(draft)
        draft.rename(self.data)

    def _initdb(self, draft: Path) -> None:
        word = self.sockets / "first-password"
        word.write_text(self.superuser_password)
        word.chmod(0o600)
        os.chown(word, self.account.uid, self.account.gid)
        command = [
            str(self.binaries.initdb), "-D", str(draft), "-U", "postgres", "-A", "scram-sha-256",
            "--pwfile", str(word), "-E", "UTF8", "--locale=C", f"--lc-ctype={_letters()}",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        ]  # fmt: skip
        try:
            self._run([*command, *([] if self.durable else ["--no-sync"])], b"")
        finally:
            word.unlink()

    def _make_database(self, draft: Path) -> None:
        """The application's role owns its database and is no superuser."""
        statements = (
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self.password}'\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        )
        durability = [] if self.durable else ["-c", "fsync=off"]
        self._run(
            [str(self.binaries.postgres), "--single", *durability, "-D", str(draft), "postgres"],
            statements.encode(),
        )

    def _run(self, command: list[str], statements: bytes) -> None:
        with log_file(self.log) as output:
            done = subprocess.run(
                command, cwd="/", input=statements, stdout=output, stderr=output,
                env=_ENVIRONMENT, check=False, **self.account.identity(),
            )  # fmt: skip
        if done.returncode:
            raise CannotServe(f"The database could not be created; the reason is in {self.log}")
