"""One of our own commands, run to its end while ``up`` starts: what it tells on its way is told on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from helpdesk.embedded import CannotServe
from helpdesk.embedded.process import die_with_parent

HELPDESK = [sys.executable, "-m", "helpdesk.cli"]


def run(arguments: list[str], folder: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> str:
    """What it wrote to stdout. Raises CannotServe with its last words when it fails; it never outlives us."""
    child = subprocess.Popen(
        [*HELPDESK, *arguments], cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=die_with_parent(os.getpid(), signal.SIGKILL),
    )  # fmt: skip
    with child:
        try:
            last = _told(child, say)
            written = child.stdout.read() if child.stdout else ""
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        reason = last.removeprefix("helpdesk: ") or f"status {child.returncode}"
        raise CannotServe(f"helpdesk {arguments[0]} failed: {reason}")
    return written


def _told(child: "subprocess.Popen[str]", say: Callable[[str], None]) -> str:
    """Says every line but the last, which is the reason when it fails and nothing new when it does not."""
    last = ""
    for line in child.stderr or ():
        if last and not last.startswith("{"):  # a line of the log is for the log
            say(f"  {last}")
        last = line.strip()
    return last
