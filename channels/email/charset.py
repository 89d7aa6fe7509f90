"""Bytes to text: what was declared first, then a ladder that knows Greek; never fails."""

import re
from codecs import lookup
from functools import lru_cache
from typing import NamedTuple

from charset_normalizer import from_bytes

from channels.email.letters import looks_greek, scored

ALIASES = {
    "1252": "cp1252", "1253": "cp1253", "1251": "cp1251", "1250": "cp1250", "1254": "cp1254", "8859-7": "iso8859-7",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii", "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "euc_kr": "cp949", "ksc5601": "cp949",
    "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "big5": "big5hkscs", "x-big5": "big5hkscs", "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7", "utf8mb4": "utf-8", "utf_8_sig": "utf-8", "iso-8859-8-i": "iso8859_8",
    "iso-8859-8-e": "iso8859_8", "x-mac-greek": "mac_greek", "macgreek": "mac_greek", "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman", "x-mac-ce": "mac_latin2", "x-mac-cyrillic": "mac_cyrillic", "ibm737": "cp737",
    "dos-737": "cp737", "ibm869": "cp869", "dos-869": "cp869", "elot_928": "iso8859-7", "elot-928": "iso8859-7",
    "greek": "iso8859-7", "greek8": "iso8859-7", "sun_eu_greek": "iso8859-7", "iso-2022-jp": "iso2022_jp_ext",
    "windows-874": "cp874", "x-windows-949": "cp949", "iso-8859-11": "cp874", "tis-620": "cp874",
    "csisolatin1": "cp1252", "csisolatingreek": "iso8859-7", "win-1251": "cp1251", "win-1253": "cp1253",
}  # fmt: skip
"""What mail programs write, by the codec that reads it; the supersets that they really mean."""

GREEK = ("cp1253", "iso8859-7")
_SINGLE = ("cp1253", "iso8859-7", "cp1251", "koi8_r", "cp737", "mac_greek", "iso8859_5", "cp1252")
"""Tried where nothing valid is declared; the best score wins, the earlier one when equal."""

_WESTERN = {"ascii", "cp1252", "iso8859-15", "iso8859_15", "latin_1", "iso8859-1", "mac_roman"}
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"), (b"\x1b(J", "iso2022_jp_ext"))
_HOLES = {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_SAMPLE = 20_000
_RUN_OF_GREEK = re.compile(rb"[\xc1-\xfe\xb8-\xba\xbc\xbe\xbf]{2}")
_WINDOWS_ONLY = re.compile(rb"[\x80\x82-\x87\x89\x8b\x91-\x97\x99\x9b]|\xa2(?=[\xc1-\xfe])")
_ISO_ONLY = re.compile(rb"\xb6(?=[\xc1-\xfe])")


class Text(NamedTuple):
    """What it says, by which codec, and what was odd about it (a code, or nothing)."""

    text: str
    codec: str
    warning: str = ""


def decode(data: bytes, declared: str = "") -> Text:
    """Text for any bytes. ``declared`` is believed unless the bytes contradict it."""
    if data.isascii() and b"\x1b" not in data and not declared.lower().endswith("7") and b"\x00" not in data:
        return Text(data.decode("ascii"), "ascii")
    if bom := _by_mark(data):
        return bom
    codec = named(declared)
    if codec in GREEK:
        return _greek(data, codec)
    if codec in _WESTERN:
        return _western(data, codec)
    if codec and (text := _strictly(data, codec)) is not None:
        return Text(text, codec)
    return _undeclared(data, codec)


@lru_cache(256)
def named(declared: str) -> str:
    """The codec for a charset as mail names it; empty for none we have."""
    name = declared.strip("\"' \t;,()<>").lower().removeprefix("charset=").partition(" ")[0]
    name = ALIASES.get(name) or ALIASES.get(name.replace("_", "-")) or name
    if not name or len(name) > 40 or not name.isascii() or "\x00" in name:
        return ""
    for tried in (name, name.replace("windows-", "cp"), name.removeprefix("x-"), "cp" + name):
        try:
            found = lookup(tried)
        except (LookupError, ValueError):
            continue
        if found._is_text_encoding and found.name not in {"idna", "punycode", "unicode_escape", "raw_unicode_escape"}:
            return found.name if found.name != "undefined" else ""
    return ""


def _by_mark(data: bytes) -> Text | None:
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return Text(data[len(mark) :].decode(codec, "replace"), codec)
    return None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _greek(data: bytes, codec: str) -> Text:
    """Windows-1253 and ISO-8859-7 differ in few letters, and each is often declared as the other."""
    if (text := _multibyte(data)) is not None:
        return Text(text, "utf-8", "charset-mislabelled")
    other = GREEK[codec == GREEK[0]]
    windows, iso = bool(_WINDOWS_ONLY.search(data)), bool(_ISO_ONLY.search(data))
    wrong = (iso and not windows) if codec == "cp1253" else (windows and not iso)
    chosen = other if wrong else codec
    return Text(data.decode(chosen, "replace"), chosen, "charset-mislabelled" if wrong else "")


def _multibyte(data: bytes) -> str | None:
    """The text, when it is UTF-8 that says more than ASCII."""
    return _strictly(data, "utf-8") if not data.isascii() else None


def _western(data: bytes, codec: str) -> Text:
    """Declared Latin (or ASCII): believed, unless it is UTF-8 or reads as Greek."""
    if data.isascii() and b"\x1b" not in data:
        return Text(data.decode("ascii"), codec)
    if (text := _multibyte(data)) is not None:
        return Text(text, "utf-8", "charset-mislabelled")
    if codec == "ascii":
        return _undeclared(data, "")
    if _RUN_OF_GREEK.search(data) and looks_greek(data[:_SAMPLE].decode("cp1253", "replace")):
        best = _best_greek(data)
        return Text(data.decode(best, "replace"), best, "charset-mislabelled")
    text = _strictly(data, codec)
    return Text(text, codec) if text is not None else Text(_patched(data), "cp1252")


def _patched(data: bytes) -> str:
    """Windows-1252 with its five holes as the control letters they are elsewhere."""
    return data.decode("cp1252", "surrogateescape").translate(_HOLES)


def _best_greek(data: bytes) -> str:
    return "iso8859-7" if _ISO_ONLY.search(data) and not _WINDOWS_ONLY.search(data) else "cp1253"


def _undeclared(data: bytes, codec: str) -> Text:
    """Nothing declared, nothing known by that name, or not what was declared."""
    warning = "charset-mislabelled" if codec else "charset-guessed"
    if escape := next((name for mark, name in _ESCAPES if mark in data), ""):
        if (text := _strictly(data, escape)) is not None:
            return Text(text, escape, warning)
        return Text(data.decode(escape, "replace"), escape, "charset-damaged")
    if (text := _strictly(data, "utf-8")) is not None:
        return Text(text.replace("\x00", ""), "utf-8", warning if not data.isascii() else "")
    if codec and _mostly(data, codec):
        return Text(data.decode(codec, "replace"), codec, "charset-damaged")
    return _guessed(data, warning)


def _mostly(data: bytes, codec: str) -> bool:
    """Whether what was declared holds but for a few damaged letters."""
    text = data[:_SAMPLE].decode(codec, "replace")
    odd = sum(not letter.isascii() for letter in text)
    return text.count("\ufffd") * 5 <= odd


def _guessed(data: bytes, warning: str) -> Text:
    if _mostly(data, "utf-8"):
        return Text(data.decode("utf-8", "replace"), "utf-8", "charset-damaged")
    sample = data[:_SAMPLE]
    scores = {codec: scored(sample.decode(codec, "replace")) for codec in _SINGLE}
    best = max(_SINGLE, key=lambda codec: scores[codec])
    if scores[best] < 0.5 and (found := from_bytes(sample[:4_000]).best()):
        return Text(data.decode(found.encoding, "replace"), found.encoding, warning)
    if best in GREEK:
        best = _best_greek(data)
    return Text(_patched(data) if best == "cp1252" else data.decode(best, "replace"), best, warning)
