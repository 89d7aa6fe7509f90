"""Holds a mail while it comes in: small ones in memory, large ones in a file that goes when it is forgotten."""

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

IN_MEMORY = 1024 * 1024
"""Bytes beyond which a mail goes to disk."""


class Spool:
    """What came so far. `close` gives it up, `taken` says that its file belongs to somebody else now."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held = bytearray()
        self._file: BinaryIO | None = None
        self.path: Path | None = None
        self.size = 0

    def write(self, line: bytes) -> None:
        """Adds to it."""
        self.size += len(line)
        if self._file is not None:
            self._file.write(line)
            return
        self._held += line
        if len(self._held) > IN_MEMORY and self._folder is not None:
            self._to_disk(self._folder)

    def _to_disk(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="mail-", dir=folder)
        self.path, self._file = Path(name), os.fdopen(handle, "wb")
        self._file.write(self._held)
        self._held = bytearray()

    def finish(self) -> bytes:
        """All that came, where it is small; empty where it lies in ``path``, which is whole then."""
        if self._file is None:
            return bytes(self._held)
        self._file.close()
        return b""

    def close(self) -> None:
        """Forgets it, file and all; what was taken away is not missed."""
        self._held = bytearray()
        if self._file is not None:
            self._file.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
