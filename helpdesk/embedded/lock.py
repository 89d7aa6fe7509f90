"""File locks that end with their holder, however it ends."""

import errno
import fcntl
import os
from pathlib import Path

from helpdesk.embedded.account import CannotServe


class Lock:
    """One advisory lock; the kernel releases it when the process is gone."""

    def __init__(self, path: Path) -> None:
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise CannotServe(f"The data folder cannot be used: {problem}") from None

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Takes the lock; False when somebody holds it and we may not wait."""
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(self._handle, mode)
        except OSError as problem:
            if problem.errno in {errno.EAGAIN, errno.EACCES}:
                return False
            raise
        return True

    def release(self) -> None:
        """Gives the lock back."""
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def sign(self) -> None:
        """Writes who holds it, for the message others get."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(os.getpid()).encode(), 0)

    @property
    def holder(self) -> str:
        """The process that signed last."""
        return os.pread(self._handle, 32, 0).decode(errors="replace") or "unknown"
