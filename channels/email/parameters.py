"""Reads `Content-Type`, `Content-Disposition` and their parameters (RFC 2045, RFC 2231), as damaged as they come."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from channels.email import charset

_LONGEST = 8_000
_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL)
_SECTION = re.compile(r"(.+?)\*(\d{1,3})?(\*)?$")


def read(value: bytes) -> tuple[str, Mapping[str, str]]:
    """The value in lower case, and its parameters with names in lower case; the first of a name wins."""
    if not value:
        return "", {}
    text = _text(value[:_LONGEST])
    kind, semicolon, rest = text.partition(";")
    if not semicolon:
        return kind.strip().lower(), {}
    simple: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[bool, str]]] = {}
    for found in _PARAMETER.finditer(semicolon + rest):
        name, given = found[1].lower(), _unquoted(found[2])
        section = _SECTION.match(name)
        if section:
            number, coded = int(section[2] or 0), bool(section[3]) or section[2] is None
            extended.setdefault(section[1], {}).setdefault(number, (coded, given))
        else:
            simple.setdefault(name, given)
    return kind.strip().lower(), simple | {name: _joined(parts) for name, parts in extended.items()}


def _text(value: bytes) -> str:
    return value.decode("ascii") if value.isascii() else charset.decode(value).text


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1]) if "\\" in value else value[1:-1]
    return value.strip('"')


def _joined(parts: Mapping[int, tuple[bool, str]]) -> str:
    """The sections of an RFC 2231 parameter in order, under the charset that the first names."""
    coded, first = parts[min(parts)]
    declared, rest = "", first
    if coded and first.count("'") >= 2:
        declared, _, rest = first.split("'", 2)
    pieces = [(coded, rest), *(parts[number] for number in sorted(parts)[1:])]
    whole = b"".join(unquote_to_bytes(text) if one else text.encode() for one, text in pieces)
    return charset.decode(whole, declared).text
