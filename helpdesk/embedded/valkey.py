"""Our own Valkey: one process on a unix socket, with an append-only file."""

import signal
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from helpdesk.embedded.account import Account, CannotServe, private_folder
from helpdesk.embedded.process import Program, end, evict, log_file, start, wait_until

_ENDING = ((signal.SIGTERM, 1.5),)
_PID_FILE = "valkey.pid"


@dataclass(frozen=True)
class Valkey:
    """Where one Valkey lives; ``durable`` turns the append-only file on."""

    program: Path
    data: Path
    sockets: Path
    account: Account
    log: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        """The unix socket clients connect to."""
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """For redis-py and RQ."""
        return f"unix://{quote(str(self.socket))}?db=0"

    def start(self) -> subprocess.Popen[bytes]:
        """Starts the server and returns when it answers."""
        private_folder(self.data, self.account)
        self._evict_leftover()
        self.socket.unlink(missing_ok=True)
        with log_file(self.log) as output:
            process = start(self._program(), output)
        (self.data / _PID_FILE).write_text(str(process.pid))
        wait_until(lambda: self.answers() or process.poll() is not None, 60)
        if process.poll() is not None or not self.answers():
            self.end(process)
            raise CannotServe(f"Valkey did not start; the reason is in {self.log}")
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ends the server after it has written everything."""
        end(process, _ENDING)

    def answers(self) -> bool:
        """Whether a client would be served now."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _evict_leftover(self) -> None:
        with suppress(OSError, ValueError):
            evict(self.data, int((self.data / _PID_FILE).read_text()), _ENDING)

    def _program(self) -> Program:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "databases": "64",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        return Program(
            [str(self.program), *arguments],
            self.data,
            self.account.identity(),
            {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            signal.SIGTERM,
        )
