"""What a file is by its first bytes, whatever its sender calls it."""

OPAQUE = "application/octet-stream"
"""Nothing that a browser should open by itself."""

PDF = "application/pdf"
_RASTER = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
PICTURES = frozenset({*(kind for _, kind in _RASTER), "image/webp"})
"""What may be shown in a page; an SVG may not, for it can carry scripts."""

ENOUGH = 16
"""Bytes that tell it."""


def of(head: bytes) -> str:
    """A raster image, a PDF, or nothing that a browser should open by itself."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return PDF
    return next((kind for mark, kind in _RASTER if head.startswith(mark)), OPAQUE)


def honest(said: str, head: bytes) -> str:
    """The type that its sender gave, unless the bytes show that a picture or PDF is none, or is another."""
    found = of(head)
    if found != OPAQUE:
        return found
    return OPAQUE if said in PICTURES or said == PDF else said
