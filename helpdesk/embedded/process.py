"""Starts programs that cannot outlive us, and ends them in good time."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_LOG_CAP = 10 * 1024 * 1024


def die_with_parent(parent: int, number: int) -> Callable[[], None]:
    """For a child, after it changed its uid: have the kernel send ``number`` when ``parent`` is gone."""

    def bind() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return bind


@dataclass(frozen=True)
class Program:
    """What to run, as whom, where, and which signal ends it when we die without a word."""

    arguments: Sequence[str]
    folder: Path | None = None
    identity: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] | None = None
    orphan_signal: int = signal.SIGKILL


def start(program: Program, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Starts the program in a session of its own, so that Ctrl-C reaches only us."""
    return subprocess.Popen(
        list(program.arguments),
        cwd=program.folder,
        env=None if program.environment is None else dict(program.environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent(os.getpid(), program.orphan_signal),
        **program.identity,
    )


def log_file(path: Path) -> IO[bytes]:
    """Opens a log for appending; a log that grew past 10 MiB moves aside first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_CAP:
        path.replace(path.with_suffix(".log.1"))
    handle = path.open("ab", buffering=0)
    path.chmod(0o600)
    return handle


def end(process: subprocess.Popen[bytes], signals: Iterable[tuple[int, float]]) -> None:
    """Sends each signal in turn and waits its seconds; SIGKILL is the last word."""
    for number, patience in signals:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    process.wait()


def lives_in(folder: Path, pid: int) -> bool:
    """Whether process ``pid`` exists and works in ``folder`` (a reused pid does not)."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def evict(folder: Path, pid: int, signals: Iterable[tuple[int, float]]) -> None:
    """Ends a process that is not our child and still works in ``folder``, left by an owner that died."""
    for number, patience in (*signals, (signal.SIGKILL, 2.0)):
        if not lives_in(folder, pid):
            return
        os.kill(pid, number)
        wait_until(lambda: not lives_in(folder, pid), patience)


def wait_until(settled: Callable[[], bool], seconds: float) -> bool:
    """Asks again and again for so many seconds; whether it came true."""
    limit = time.monotonic() + seconds
    while not settled():
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True
