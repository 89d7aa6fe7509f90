"""Attachments by the SHA-256 of their content: files on the local disk, or objects in a store of several hosts."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from flask import current_app
from werkzeug.utils import import_string


class Remote(Protocol):
    """An object store, as far as it takes to keep attachments there."""

    def put(self, name: str, data: bytes | Path) -> None: ...
    def get(self, name: str, size: int | None = None) -> bytes: ...
    def has(self, name: str) -> bool: ...
    def remove(self, name: str) -> None: ...


def _remote() -> Remote | None:
    """The store that ATTACHMENTS_STORE names; its library is loaded by those alone who name one."""
    url: str = current_app.config["SETTINGS"].attachments_store
    if not url:
        return None
    found: Remote = import_string("helpdesk.buckets:Bucket")(url)
    return found


def keep(data: bytes) -> str:
    """Stores the bytes durably, once, and gives their SHA-256 in hex, which is also their name."""
    name = hashlib.sha256(data).hexdigest()
    if remote := _remote():
        if not remote.has(name):
            remote.put(name, data)
        return name
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
    if remote := _remote():
        remote.put(digest.hexdigest(), file)
        file.unlink()
        return digest.hexdigest()
    place = path(digest.hexdigest())
    place.parent.mkdir(parents=True, exist_ok=True)
    file.replace(place)
    _sync_folder(place.parent)
    return digest.hexdigest()


def read(name: str) -> bytes:
    """The bytes of that SHA-256; raises FileNotFoundError."""
    remote = _remote()
    return remote.get(_checked(name)) if remote else path(name).read_bytes()


def beginning(name: str, size: int) -> bytes:
    """The first bytes; raises FileNotFoundError."""
    if remote := _remote():
        return remote.get(_checked(name), size)
    with path(name).open("rb") as source:
        return source.read(size)


def exists(name: str) -> bool:
    """Whether the bytes are there."""
    remote = _remote()
    return remote.has(_checked(name)) if remote else path(name).exists()


def remove(name: str) -> None:
    """Deletes the bytes; who calls has made sure that nothing names them."""
    if remote := _remote():
        remote.remove(_checked(name))
    else:
        path(name).unlink(missing_ok=True)


def is_local() -> bool:
    """Whether they are files on this disk."""
    return _remote() is None


def path(name: str) -> Path:
    """Where the bytes of that SHA-256 stand on the local disk; the file may be missing."""
    return Path(current_app.config["DATA_DIR"]) / "attachments" / _checked(name)[:2] / name


def _checked(name: str) -> str:
    if len(name) != 64 or not all(letter in "0123456789abcdef" for letter in name):
        raise ValueError("not a SHA-256 in hex")
    return name


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
