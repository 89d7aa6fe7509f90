"""Files of messages as downloads that no browser runs: stored bytes under their own name, sandboxed, never sniffed."""

from io import BytesIO
from typing import Protocol

from flask import Response, send_file

from helpdesk import storage
from helpdesk.errors import NotFound
from helpdesk.services import scanning

POLICY = "sandbox; default-src 'none'"
OPAQUE = "application/octet-stream"
_RASTER = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
"""What may be shown in a page; an SVG may not, for it can carry scripts."""


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

    The type is read from the bytes, not believed: a raster image says so (and may be shown where ``inline`` is
    asked), a PDF too, everything else is opaque. Raises NotFound where the bytes are gone, Forbidden for a virus, and
    Stale while it is being looked for.
    """
    scanning.check(row.sha256)
    try:
        kind = content_type(storage.beginning(row.sha256, 16))
        source = storage.path(row.sha256) if storage.is_local() else BytesIO(storage.read(row.sha256))
    except FileNotFoundError:
        raise NotFound("This file is no longer here.") from None
    shown = inline and kind.startswith("image/")
    response = send_file(
        source, mimetype=kind, as_attachment=not shown, download_name=safe_name(row.name), etag=row.sha256
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def content_type(head: bytes) -> str:
    """What the first bytes say: a raster image, a PDF, or nothing that a browser should open by itself."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return next((kind for mark, kind in _RASTER if head.startswith(mark)), OPAQUE)


def safe_name(name: str) -> str:
    """The file's name without folders, control characters and turns of direction that disguise an ending."""
    last = name.replace("\\", "/").rpartition("/")[2].translate(_DIRECTIONS)
    return "".join(letter for letter in last if letter.isprintable()).strip(" .")[:200] or "file"
