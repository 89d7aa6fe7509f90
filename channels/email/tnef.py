"""Opens winmail.dat, in which Outlook wraps files for other Outlooks (MS-OXTNEF); takes any bytes, never raises.

No package for it is kept alive; what a helpdesk needs of it is short: the files under their long names, and the words
where the mail has none of its own. Text in compressed RTF is left in the file.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SIGNATURE = 0x223E9F78
MOST_FILES, MOST_PROPERTIES = 100, 2_000
_TITLE, _DATA, _BEGINS, _PROPERTIES, _MESSAGE, _BODY = 0x18010, 0x6800F, 0x69002, 0x69005, 0x69003, 0x2800C
_NAME, _LONG_NAME, _TYPE, _CONTENT_ID, _PLAIN, _PAGE = 0x3704, 0x3707, 0x370E, 0x3712, 0x1000, 0x1013
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = {0x0D, 0x1E, 0x1F, 0x0102}


@dataclass(frozen=True)
class File:
    """A file that was wrapped."""

    name: str
    content_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Opened:
    """All that was wrapped; ``text`` and ``html`` only where they stand there uncompressed."""

    files: tuple[File, ...] = ()
    text: str = ""
    html: str = ""


def is_wrapped(content_type: str, name: str) -> bool:
    """Whether a part is such a wrapping."""
    return content_type in {"application/ms-tnef", "application/vnd.ms-tnef"} or name.lower() == "winmail.dat"


def read(raw: bytes) -> Opened | None:
    """What is in it; None where it is none, or holds nothing that can be read."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != SIGNATURE:
        return None
    files: list[dict[str, bytes]] = []
    message: dict[int, bytes] = {}
    for kind, data in _attributes(raw):
        if kind == _BEGINS and len(files) < MOST_FILES:
            files.append({})
        elif kind == _MESSAGE:
            message = _properties(data)
        elif kind == _BODY:
            message.setdefault(_PLAIN, data)
        elif files and kind == _TITLE:
            files[-1]["title"] = data
        elif files and kind == _DATA:
            files[-1]["data"] = data
        elif files and kind == _PROPERTIES:
            files[-1] |= _about(_properties(data))
    found = tuple(_file(one, number) for number, one in enumerate(files, 1) if one.get("data"))
    text, html = _words(message.get(_PLAIN, b"")), _words(message.get(_PAGE, b""))
    return Opened(found, text, html) if found or text or html else None


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each, up to the first that does not fit."""
    at = 6
    while at + 9 <= len(raw):
        _, kind, length = struct.unpack_from("<BII", raw, at)
        if at + 9 + length > len(raw):
            return
        yield kind, raw[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes) -> dict[int, bytes]:
    """The values of a property list by their ids, the first of several values; what is damaged ends it."""
    found: dict[int, bytes] = {}
    try:
        count = struct.unpack_from("<I", data)[0]
        at = 4
        for _ in range(min(count, MOST_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", data, at)
            at = _past_name(data, at + 4) if number >= 0x8000 else at + 4
            value, at = _value(data, kind, at)
            found.setdefault(number, value)
    except (struct.error, ValueError):
        return found
    return found


def _past_name(data: bytes, at: int) -> int:
    """Properties of a program's own carry a GUID and a number or a name."""
    kind, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 if kind == 0 else at + 24 + _padded(length)


def _value(data: bytes, kind: int, at: int) -> tuple[bytes, int]:
    """One value (the first of several), and where it ends."""
    plain = kind & ~0x1000
    if plain in _FIXED:
        count, at = (struct.unpack_from("<I", data, at)[0], at + 4) if kind & 0x1000 else (1, at)
        end = at + _FIXED[plain] * count
    elif plain in _VARIABLE:
        count, at = struct.unpack_from("<I", data, at)[0], at + 4
        values: list[bytes] = []
        for _ in range(min(count, MOST_PROPERTIES)):
            length = struct.unpack_from("<I", data, at)[0]
            values.append(data[at + 4 : at + 4 + length])
            at += 4 + _padded(length)
        first = values[0] if values else b""
        end = at
        if plain == 0x1F:
            first = first.decode("utf-16-le", "replace").encode()
        return first.rstrip(b"\0") if plain in {0x1E, 0x1F} else first, _within(data, end)
    else:
        raise ValueError("a type that nobody knows")
    return data[at:end], _within(data, end)


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4


def _within(data: bytes, at: int) -> int:
    if at > len(data) + 3:
        raise ValueError("beyond the end")
    return at


def _about(told: Mapping[int, bytes]) -> dict[str, bytes]:
    """What an attachment's properties say of it."""
    found = {"name": told.get(_LONG_NAME) or told.get(_NAME, b""), "type": told.get(_TYPE, b"")}
    return {name: value for name, value in {**found, "cid": told.get(_CONTENT_ID, b"")}.items() if value}


def _file(told: Mapping[str, bytes], number: int) -> File:
    name = _words(told.get("name") or told.get("title", b"")) or f"attachment-{number}.bin"
    kind = _words(told.get("type", b"")).lower()
    kind = kind if kind.count("/") == 1 else "application/octet-stream"
    return File(name, kind, told["data"], _words(told.get("cid", b"")))


def _words(raw: bytes) -> str:
    plain = raw.rstrip(b"\0")
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError:
        return plain.decode("cp1253", "replace")
