"""What ``helpdesk up`` was asked for, checked before anything starts."""

import errno
import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from helpdesk import config
from helpdesk.config import BadSetting


@dataclass(frozen=True)
class Options:
    """The command line of ``helpdesk up``; port 0 takes any free one."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    smtp_port: int = 2525
    demo: bool = True
    demo_public: bool = False
    workers: int = 1
    ready_file: Path | None = None
    demo_carrier: bool = False

    @property
    def url(self) -> str:
        """Where a browser on this machine finds us."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(options: Options) -> None:
    """Raises BadSetting with one line about the first thing that cannot work."""
    config.load({**os.environ, "DATA_DIR": str(options.data)})
    refuse_public_demo(options, demo=options.demo)
    refuse_carrier(options, demo=options.demo)
    if not options.demo and os.environ.get("HELPDESK_NOW"):
        raise BadSetting("HELPDESK_NOW shifts the clock of demo bodies only; unset it.")
    if options.ready_file and not os.access(options.ready_file.absolute().parent, os.W_OK | os.X_OK):
        raise BadSetting(f"The folder of --ready-file {options.ready_file} is missing or cannot be written.")


def refuse_public_demo(options: Options, *, demo: bool) -> None:
    """The demo's accounts are for one machine unless the operator says otherwise."""
    if demo and not options.demo_public and not is_loopback(options.host):
        raise BadSetting(f"A demo body is not shown on {options.host} without --demo-public.")


def refuse_carrier(options: Options, *, demo: bool) -> None:
    """A simulated carrier would keep real citizens from being reached."""
    if options.demo_carrier and not demo:
        raise BadSetting("--demo-carrier simulates calls for a demo body; this body is its own.")


def free_port(host: str, port: int, option: str) -> int:
    """The port itself when it can be taken, any free one for 0. Raises BadSetting that names the option."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise BadSetting(f"{option} {port} is not a port.") from None
        except OSError as problem:
            raise BadSetting(_why(problem, host, port, option)) from None
        return int(probe.getsockname()[1])


def _why(problem: OSError, host: str, port: int, option: str) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; choose another with {option}."
    return f"Port {port} on {host} cannot be used: {problem.strerror}."
