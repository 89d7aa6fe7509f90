"""Attachments as files named by their content, on the local disk."""

import hashlib
import os
import tempfile
from pathlib import Path

from flask import current_app


def keep(data: bytes) -> str:
    """Stores the bytes durably, once, and gives their SHA-256 in hex, which is also their name."""
    name = hashlib.sha256(data).hexdigest()
    place = path(name)
    if not place.exists():
        _write(place, data)
    return name


def keep_file(file: Path) -> str:
    """Takes a file of our own on the same disk into storage, durably; its SHA-256."""
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
        os.fsync(source.fileno())
    place = path(digest.hexdigest())
    place.parent.mkdir(parents=True, exist_ok=True)
    file.replace(place)
    _sync_folder(place.parent)
    return digest.hexdigest()


def beginning(name: str, size: int) -> bytes:
    """The first bytes; raises FileNotFoundError."""
    with path(name).open("rb") as source:
        return source.read(size)


def path(name: str) -> Path:
    """Where the bytes of that SHA-256 stand; the file may be missing."""
    if len(name) != 64 or not all(letter in "0123456789abcdef" for letter in name):
        raise ValueError("not a SHA-256 in hex")
    return Path(current_app.config["DATA_DIR"]) / "attachments" / name[:2] / name


def read(name: str) -> bytes:
    """The bytes of that SHA-256; raises FileNotFoundError."""
    return path(name).read_bytes()


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(place)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
