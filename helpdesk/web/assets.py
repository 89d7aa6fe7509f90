"""Addresses of static files with a part of their content's hash, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path

from flask import current_app, url_for

_known: dict[Path, tuple[float, str]] = {}


def static_url(path: str) -> str:
    """The address of a file below static/; without a mark where the file is not there (packages not brought yet)."""
    mark = _mark(Path(current_app.static_folder or "") / path)
    return url_for("static", filename=path, v=mark) if mark else url_for("static", filename=path)


def _mark(file: Path) -> str:
    try:
        changed = file.stat().st_mtime
    except OSError:
        return ""
    known = _known.get(file)
    if known is None or known[0] != changed:
        known = _known[file] = (changed, hashlib.sha256(file.read_bytes()).hexdigest()[:10])
    return known[1]
