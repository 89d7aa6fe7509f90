"""Undoes transfer encodings (base64, quoted-printable, uuencode), however damaged; never raises."""

import binascii
import re
from collections.abc import Iterator

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_UU_BEGIN = re.compile(rb"(?:^|(?<=\n))begin [0-7]{3,4} ([^\r\n]{1,255}?)[ \t]*\r?\n")
_UU_END = re.compile(rb"\n(?:`?[ \t]*\r?\n)?end[ \t]*(?=\r?\n|$)")


def decoded(body: bytes, encoding: str) -> bytes:
    """The bytes meant by ``Content-Transfer-Encoding``; the body itself where the encoding is none we know."""
    name = encoding.strip("\"'; \t").lower()
    if name.startswith("base64"):
        return base64(body)
    if name.startswith("quoted"):
        return binascii.a2b_qp(body)
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        found = _UU_BEGIN.search(body)
        return uudecoded(body[found.end() :]) if found else body
    return body


def base64(text: bytes) -> bytes:
    """As much as can be read; wrong letters are skipped, missing padding is added."""
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        letters = text.translate(None, _NOT_BASE64)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def uuencoded_files(body: bytes) -> Iterator[tuple[int, int, str, bytes]]:
    """Files written into a plain text: where each starts and ends, its name and its bytes."""
    at = 0
    while found := _UU_BEGIN.search(body, at):
        end = _UU_END.search(body, found.end() - 1)
        if not end:
            return
        data = uudecoded(body[found.end() : end.start() + 1])
        if data:
            yield found.start(), end.end(), found[1].decode("utf-8", "replace"), data
        at = end.end()


def uudecoded(lines: bytes) -> bytes:
    """The bytes of uuencoded lines, up to ``end`` or the first line that is none."""
    pieces: list[bytes] = []
    for line in lines.splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (line[0] - 32) & 63
            try:  # some writers pad the line with more than belongs to it
                pieces.append(binascii.a2b_uu(line[: 1 + (length * 4 + 5) // 3]))
            except binascii.Error:
                break
    return b"".join(pieces)
