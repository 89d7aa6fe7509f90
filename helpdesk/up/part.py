"""One process that is held up: started, watched, started again with growing delay."""

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.embedded.process import Program, log_file, start

FIRST_DELAY, LONGEST_DELAY, SETTLED = 0.5, 30.0, 60.0
"""Seconds: before the first new start, between starts at most, and after which all is forgiven."""


@dataclass
class Backoff:
    """How long to wait before the next start of something that keeps ending."""

    delay: float = 0.0
    started: float = 0.0

    def next_delay(self) -> float:
        """Seconds to wait now; doubles while the thing does not stay up."""
        stayed = time.monotonic() - self.started > SETTLED
        self.delay = FIRST_DELAY if stayed or not self.delay else min(self.delay * 2, LONGEST_DELAY)
        return self.delay

    def note_start(self) -> None:
        """The thing was started now."""
        self.started = time.monotonic()


@dataclass
class Part:
    """A program by name, with its log."""

    name: str
    arguments: list[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    backoff: Backoff = field(default_factory=Backoff)
    due: float | None = None

    def start(self) -> None:
        """Starts the program; its words go to its log."""
        program = Program(self.arguments, self.folder, environment=self.environment)
        with log_file(self.log) as output:
            self.process = start(program, output)
        self.backoff.note_start()
        self.due = None

    def watch(self, say: Callable[[str], None]) -> None:
        """Notices an end, and starts again when the delay is over."""
        if self.due is not None:
            if time.monotonic() >= self.due:
                self.start()
        elif self.process and self.process.poll() is not None:
            delay = self.backoff.next_delay()
            self.due = time.monotonic() + delay
            say(f"{self.name} ended ({_status(self.process)}); again in {delay:g} s. See {self.log}")


def _status(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"signal {-code}" if code < 0 else f"status {code}"


def stop_all(parts: list[Part], seconds: float) -> None:
    """Asks all to end at once, waits so long for the last, then insists."""
    running = [part.process for part in parts if part.process and part.process.poll() is None]
    for process in running:
        process.terminate()
    limit = time.monotonic() + seconds
    for process in running:
        try:
            process.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
