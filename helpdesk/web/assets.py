"""Addresses of static files with a part of their content's hash, so that browsers may keep them for ever."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, url_for

FRESH = 1.0
"""Seconds in which a file is not looked at again: a page names some of them dozens of times."""


@dataclass
class _Known:
    """An address, the moment of the file it was made for, and when that was looked at last."""

    url: str
    changed: float | None
    looked_at: float


_known: dict[tuple[str | None, str], _Known] = {}


def static_url(path: str) -> str:
    """The address of a file below static/; without a mark where the file is not there (packages not brought yet)."""
    folder, now = current_app.static_folder, time.monotonic()
    known = _known.get((folder, path))
    if known is None or now - known.looked_at > FRESH:
        known = _known[folder, path] = _looked_at(Path(folder or "") / path, path, known, now)
    return known.url


def _looked_at(file: Path, path: str, known: _Known | None, now: float) -> _Known:
    try:
        changed = file.stat().st_mtime
    except OSError:
        return _Known(url_for("static", filename=path), None, now)
    if known is not None and known.changed == changed:
        return _Known(known.url, changed, now)
    mark = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
    return _Known(url_for("static", filename=path, v=mark), changed, now)
