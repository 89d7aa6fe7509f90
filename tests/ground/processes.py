"""Finds and watches the real processes of an installation under test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = "HELPDESK_TEST_MARK"


@contextmanager
def a_data_folder(name: str = "data") -> Iterator[Path]:
    """A folder that every account may pass; whatever was made outside it goes too."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-up-"))
    folder.chmod(0o711)
    try:
        yield folder / name
    finally:
        servers = folder / name / "servers"
        if servers.is_symlink():
            shutil.rmtree(servers.resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b"\n").decode(errors="replace")
    except OSError:
        return ""


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")).is_relative_to(folder)
    except OSError:
        return False


def processes_of(data: Path, mark: str = "") -> dict[int, str]:
    """Every live process that works in the data folder, names it, or carries the mark."""
    home = (data / "servers").resolve()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        command = _read(entry / "cmdline")
        marked = bool(mark) and f"{MARK}={mark}\n" in _read(entry / "environ")
        if command and (marked or _works_in(int(entry.name), home) or f"{home}/" in command):
            found[int(entry.name)] = command.replace("\n", " ").strip()
    return found
