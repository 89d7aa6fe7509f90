"""Decodes header fields: encoded words (RFC 2047), raw 8-bit text, ids and moments; never raises."""

import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from unicodedata import normalize

from channels.email import charset
from channels.email.transfer import base64

_LONGEST = 64 * 1024
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?(.*?)(?:\?=|$)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u2028\u2029]")
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?")
MOST_REFERENCES = 100


def text(value: bytes, hint: str = "") -> str:
    """A field's text on one line. ``hint`` is the charset of the body, for raw 8-bit fields that name none."""
    value = value[:_LONGEST]
    raw = value.decode("ascii") if value.isascii() and b"\x1b" not in value else charset.decode(value, hint).text
    return normalize("NFC", " ".join(_CONTROLS.sub(" ", words(raw)).split()))


def words(raw: str) -> str:
    """The text with its encoded words read; words of one charset that stand together are read as one."""
    if "=?" not in raw:
        return raw
    pieces: list[str] = []
    pending, declared, at = b"", "", 0
    for found in _WORD.finditer(raw):
        gap = raw[at : found.start()]
        apart = bool(gap.strip()) or at == 0
        if pending and (apart or declared != found[1].lower()):
            pieces.append(charset.decode(pending, declared).text)
            pending = b""
        if apart:
            pieces.append(gap)
        pending, declared, at = pending + _bytes(found[2], found[3]), found[1].lower(), found.end()
    pieces.append(charset.decode(pending, declared).text)
    return "".join(pieces) + raw[at:]


def _bytes(encoding: str, letters: str) -> bytes:
    if encoding in "bB":
        return base64(letters.encode("ascii", "ignore"))
    return binascii.a2b_qp(letters.encode("utf-8", "replace").replace(b"\n", b""), header=True)


def ids(value: bytes) -> tuple[str, ...]:
    """Message-IDs without their brackets, in order, each once; also where the brackets are missing."""
    line = value[:_LONGEST].decode("latin-1")
    found = _ID.findall(line)
    if not found:
        found = [word.strip("<>,;\"'") for word in line.split() if "@" in word.strip("@<>")]
    return tuple(dict.fromkeys(item for item in found if item))[-MOST_REFERENCES:]


def identity(value: bytes) -> str | None:
    """The Message-ID of a mail; None without any."""
    found = ids(value)
    return found[0] if found else (value[:900].decode("latin-1").strip(" <>\t") or None)


def moment(value: bytes) -> datetime | None:
    """A ``Date`` in UTC; None where it says no moment that can be."""
    line = value[:200].decode("latin-1")
    try:
        return _rfc(line) or _iso(line)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _rfc(line: str) -> datetime | None:
    found = parsedate_tz(line)
    if found is None or found[0] < 1970:
        return None
    year, month, day, hour, minute, second = found[:6]
    zone = timezone(timedelta(seconds=found[9] or 0))
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)


def _iso(line: str) -> datetime | None:
    found = _ISO.search(line)
    if not found:
        return None
    zone = (found[7] or "Z").replace("Z", "+00:00")
    return datetime.fromisoformat(
        f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:{found[5]}:{found[6] or '00'}{zone}"
    ).astimezone(UTC)
