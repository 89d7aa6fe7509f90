"""Cuts raw bytes into header fields and a tree of parts, by offsets and without copies; takes any bytes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from channels.email import parameters
from channels.email.transfer import decoded

MOST_PARTS = 500
MOST_DEPTH = 24
MOST_FIELDS = 1_000
MOST_HEADER = 256 * 1024
"""What is beyond these is not understood (a warning says so); the raw bytes are kept elsewhere."""

_NAME = re.compile(rb"([!-9;-~]{1,128})[ \t]*:[ \t]*")
_GUESS = re.compile(rb"\s*--([^\s]{1,70})[ \t]*\r?\n(?=[!-9;-~]{1,128}[ \t]*:|\r?\n)")


@dataclass(frozen=True)
class Headers:
    """Header fields in order, names in lower case, values unfolded but undecoded."""

    fields: tuple[tuple[str, bytes], ...] = ()

    @cached_property
    def _by_name(self) -> Mapping[str, list[bytes]]:
        found: dict[str, list[bytes]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def all(self, name: str) -> list[bytes]:
        """Every value of that name, the topmost first."""
        return self._by_name.get(name, [])

    def get(self, name: str) -> bytes:
        """The topmost value that is not empty."""
        return next(filter(None, self.all(name)), b"")

    def plain(self, name: str) -> str:
        """The topmost value as latin-1 text, trimmed: for fields that are made of words and tokens."""
        return self.get(name).decode("latin-1").strip()


@dataclass(eq=False)
class Part:
    """A part of a message: its own headers and where its body stands in the buffer."""

    headers: Headers
    buffer: bytes = field(repr=False)
    start: int
    end: int
    content_type: str
    parameters: Mapping[str, str]
    children: list["Part"] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The bytes as they stand."""
        return self.buffer[self.start : self.end]

    @cached_property
    def content(self) -> bytes:
        """The bytes without their transfer encoding."""
        return decoded(self.body, self.headers.plain("content-transfer-encoding"))

    @cached_property
    def disposition(self) -> tuple[str, Mapping[str, str]]:
        """``attachment``, ``inline`` or nothing, and its parameters."""
        kind, given = parameters.read(self.headers.get("content-disposition"))
        return kind.partition(" ")[0], given

    def walk(self) -> Iterator["Part"]:
        """This part and all below, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


class Cutter:
    """One run over one message, with its limits; ``warnings`` say what was wrong."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._parts = 0

    def cut(self, raw: bytes) -> Part:
        """The whole message."""
        if b"\n" not in raw and b"\r" in raw:
            raw = raw.replace(b"\r", b"\n")
        start = _first_line(raw)
        return self._part(raw, start, len(raw), 0, "text/plain")

    def _part(self, raw: bytes, start: int, end: int, depth: int, default: str) -> Part:
        self._parts += 1
        headers, body = self._headers(raw, start, end)
        kind, given = parameters.read(headers.get("content-type"))
        content_type = _content_type(kind, default if "content-type" not in headers else "text/plain")
        part = Part(headers, raw, body, end, content_type, given)
        if content_type.startswith("multipart/"):
            self._divide(part, depth)
        return part

    def _headers(self, raw: bytes, start: int, end: int) -> tuple[Headers, int]:
        stop, body = _blank_line(raw, start, end)
        if stop - start > MOST_HEADER:
            self.warn("headers-cut")
        fields, rest = _fields(raw, start, min(stop, start + MOST_HEADER))
        if rest is not None:
            self.warn("headers-broken")
            return Headers(tuple(fields)), rest
        return Headers(tuple(fields)), body

    def _divide(self, part: Part, depth: int) -> None:
        boundary = part.parameters.get("boundary", "").encode("latin-1", "replace")
        spans = list(_spans(part, boundary)) if boundary else []
        if not spans and (guessed := _GUESS.search(part.buffer, part.start, min(part.end, part.start + 10_000))):
            self.warn("boundary-missing")
            spans = list(_spans(part, guessed[1]))
        if not spans:
            self.warn("boundary-missing")
            part.content_type = "text/plain"
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for start, end in spans:
            if depth >= MOST_DEPTH or self._parts >= MOST_PARTS:
                self.warn("parts-cut")
                part.children.append(Part(Headers(), part.buffer, start, end, "application/octet-stream", {}))
                return
            part.children.append(self._part(part.buffer, start, end, depth + 1, default))

    def warn(self, word: str) -> None:
        """Notes it once."""
        if word not in self.warnings:
            self.warnings.append(word)


def _first_line(raw: bytes) -> int:
    """Where headers begin: after a byte order mark, empty lines and the separator line of an mbox."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    if raw.startswith((b"From ", b">From "), start) and (line := raw.find(b"\n", start)) > 0:
        return line + 1
    return start


def _blank_line(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the headers end and where the body begins."""
    if raw.startswith(b"\n", start, end):
        return start, start + 1
    if raw.startswith(b"\r\n", start, end):
        return start, start + 2
    crlf = raw.find(b"\n\r\n", start, end)
    bare = raw.find(b"\n\n", start, crlf + 1 if crlf >= 0 else end)
    if bare >= 0:
        return bare + 1, bare + 2
    return (crlf + 1, crlf + 3) if crlf >= 0 else (end, end)


def _fields(raw: bytes, start: int, stop: int) -> tuple[list[tuple[str, bytes]], int | None]:
    """The fields of a header block; and where the body begins when a line there is none of a header."""
    fields: list[tuple[str, list[bytes]]] = []
    at, broken = start, None
    for line in raw[start:stop].split(b"\n"):
        found = _NAME.match(line)
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line.rstrip(b"\r"))
        elif found and len(fields) < MOST_FIELDS:
            fields.append((found[1].decode("latin-1").lower(), [line[found.end() :].rstrip(b"\r")]))
        elif not found and line.strip() and not _headers_follow(raw, at + len(line) + 1, stop):
            broken = at
            break
        elif not found and line.strip() and fields:
            fields[-1][1].append(b" " + line.rstrip(b"\r"))
        at += len(line) + 1
    return [(name, b"".join(lines).strip()) for name, lines in fields], broken


_KNOWN = re.compile(
    rb"(?:^|\n)(?:from|to|subject|date|message-id|mime-version|content-type|received|return-path)[ \t]*:", re.IGNORECASE
)


def _headers_follow(raw: bytes, at: int, stop: int) -> bool:
    """Whether a stray line stands among headers and not behind the last."""
    return _KNOWN.search(raw, max(at - 1, 0), min(stop, at + 8_000)) is not None


def _content_type(said: str, default: str) -> str:
    kind = re.sub(r"\s|\(.*?\)", "", said).lower()
    main, slash, sub = kind.partition("/")
    if slash and main and sub:
        return kind[:100]
    return {"text": "text/plain", "html": "text/html"}.get(kind, default)


def _spans(part: Part, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of every part between lines of that boundary; the last may lack its end."""
    start = None
    for line, after, closing in _boundary_lines(part, boundary.rstrip()):
        if start is not None:
            yield start, max(start, _before_newline(part.buffer, line))
        start = None if closing else after
        if closing:
            break
    if start is not None and start < part.end:
        yield start, part.end


def _boundary_lines(part: Part, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    mark, raw = b"--" + boundary, part.buffer
    at = raw.find(mark, part.start, part.end)
    while at >= 0:
        if at == part.start or raw[at - 1 : at] == b"\n":
            end = raw.find(b"\n", at, part.end)
            end = part.end if end < 0 else end + 1
            rest = raw[at + len(mark) : min(end, at + len(mark) + 100)].strip()
            if rest in (b"", b"--"):
                yield at, end, rest == b"--"
        at = raw.find(mark, at + len(mark), part.end)


def _before_newline(raw: bytes, at: int) -> int:
    if raw[at - 2 : at] == b"\r\n":
        return at - 2
    return at - 1 if raw[at - 1 : at] == b"\n" else at
