"""Files of messages as downloads that no browser runs: stored bytes under their own name, sandboxed, never sniffed."""

from base64 import b64encode
from io import BytesIO
from typing import Protocol

from flask import Response, send_file

from helpdesk import kinds, storage
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.services import scanning

POLICY = "sandbox; default-src 'none'"
OF_PDF = "default-src 'none'; frame-ancestors 'none'"
"""Browsers open no PDF in a sandbox: their viewer is one of its own, and the fixed type keeps it from being a page."""


class Stored(Protocol):
    """A row of an attachment, as far as it takes to serve it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...


_DIRECTIONS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def serve(row: Stored, *, inline: bool = False) -> Response:
    """The file of a row; who calls has checked that the reader may have it.

    The type is read from the bytes, not believed: a raster image and a PDF say so and may be shown where ``inline``
    is asked, everything else is opaque and saved. Raises NotFound where the bytes are gone, Forbidden for a virus,
    and Stale while it is being looked for.
    """
    scanning.check(row.sha256)
    try:
        kind = kinds.of(storage.beginning(row.sha256, kinds.ENOUGH))
        source = storage.path(row.sha256) if storage.is_local() else BytesIO(storage.read(row.sha256))
    except FileNotFoundError:
        raise NotFound("This file is no longer here.") from None
    shown = inline and kind != kinds.OPAQUE
    response = send_file(
        source, mimetype=kind, as_attachment=not shown, download_name=safe_name(row.name), etag=row.sha256
    )
    response.headers["Content-Security-Policy"] = OF_PDF if shown and kind == kinds.PDF else POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def as_address(row: Stored) -> str | None:
    """A picture as a ``data:`` address for a page that fetches nothing; None for what is none, or may not be opened."""
    try:
        scanning.check(row.sha256)
        data = storage.read(row.sha256)
    except (FileNotFoundError, HelpdeskError):
        return None
    kind = kinds.of(data)
    return f"data:{kind};base64,{b64encode(data).decode()}" if kind in kinds.PICTURES else None


def safe_name(name: str) -> str:
    """The file's name without folders, control characters and turns of direction that disguise an ending."""
    last = name.replace("\\", "/").rpartition("/")[2].translate(_DIRECTIONS)
    return "".join(letter for letter in last if letter.isprintable()).strip(" .")[:200] or "file"
