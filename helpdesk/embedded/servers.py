"""The database and the carrier of one data folder, started together, owned by one process."""

import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from helpdesk.embedded import binaries, keys, place
from helpdesk.embedded.account import CannotServe
from helpdesk.embedded.lock import Lock
from helpdesk.embedded.postgres import Postgres
from helpdesk.embedded.valkey import Valkey

_JOIN_SECONDS = 60


class Servers:
    """PostgreSQL and Valkey below ``data``.

    ``durable=False`` trades safety for speed and is for tests alone; ``wanted`` leaves out a server that the
    operator names elsewhere. Raises ``CannotServe`` with one clear
    line when they cannot run, or when another process owns them.
    """

    def __init__(
        self,
        data: Path,
        *,
        durable: bool = True,
        connections: int = 200,
        wanted: Collection[str] = ("postgres", "valkey"),
        say: Callable[[str], None] = place.tell,
    ) -> None:
        self.data = place.open_data(data)
        self.keys = keys.kept(self.data)
        account = place.servers_account(self.data)
        self.home = place.servers_home(self.data, account, self.keys.installation, say)
        self._ownership = Lock(self.home / "lock")
        self._users = Lock(self.home / "users")
        programs = binaries.find(account, place.passable(self.home / "programs"))
        sockets = place.sockets_folder(self.home, account)
        logs = self.data / "logs"
        self.postgres = Postgres(
            programs, self.home / "postgres", sockets, account, logs / "postgres.log",
            self.keys.database_password, self.keys.superuser_password, durable, connections,
        )  # fmt: skip
        self.valkey = Valkey(programs.valkey, self.home / "valkey", sockets, account, logs / "valkey.log", durable)
        known: dict[str, Postgres | Valkey] = {"postgres": self.postgres, "valkey": self.valkey}
        self._wanted = {name: server for name, server in known.items() if name in wanted}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def database_url(self) -> str:
        """For SQLAlchemy, over a unix socket."""
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        """For redis-py and RQ, over a unix socket."""
        return self.valkey.url

    def environment(self) -> dict[str, str]:
        """The settings a part of the application needs to work on these servers."""
        urls = {
            name: server.url
            for name, server in (("DATABASE_URL", self.postgres), ("REDIS_URL", self.valkey))
            if server in self._wanted.values()
        }
        return {**self.keys.settings(), **urls, "DATA_DIR": str(self.data)}

    def start(self) -> None:
        """Starts both as their owner."""
        if not self._ownership.take(wait=False):
            raise CannotServe(
                f"The data folder {self.data} is in use by process {self._ownership.holder}; "
                "stop that one first or choose another with --data."
            )
        self._ownership.sign()
        try:
            self.revive()
        except BaseException:
            self.stop()
            raise

    def revive(self) -> list[str]:
        """Starts what does not run; the names of what was started."""
        started = []
        for name, server in self._wanted.items():
            running = self._running.get(name)
            if running is None or running.poll() is not None:
                self._running[name] = server.start()
                started.append(name)
        return started

    def fallen(self) -> list[str]:
        """Which servers ended by themselves since they were started."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def stop(self) -> None:
        """Ends both and gives the data folder back; may be called twice."""
        for name, server in reversed(self._wanted.items()):
            process = self._running.pop(name, None)
            if process:
                server.end(process)
        self._ownership.release()

    def join(self) -> bool:
        """Uses the servers that run on this data, else starts them; whether we own them now."""
        limit = time.monotonic() + _JOIN_SECONDS
        while time.monotonic() < limit:
            if self._ownership.take(wait=False):
                self.start()
                return True
            self._users.take(shared=True)
            if all(server.answers() for server in self._wanted.values()):
                return False
            self._users.release()
            time.sleep(0.1)
        raise CannotServe(f"Process {self._ownership.holder} owns {self.data} and its servers do not answer.")

    def leave(self, *, owner: bool) -> None:
        """Ends what ``join`` began; an owner waits for the others that use its servers."""
        if owner:
            self._users.take()
            self.stop()
        self._users.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextmanager
def borrowed(data: Path, wanted: Collection[str] = ("postgres", "valkey")) -> Iterator[Servers]:
    """The servers of a data folder for the time of one command."""
    servers = Servers(data, wanted=wanted)
    owner = servers.join()
    try:
        yield servers
    finally:
        servers.leave(owner=owner)
