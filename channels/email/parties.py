"""Reads address lists (RFC 5322 and what is written instead); never raises."""

import re
from collections.abc import Iterator

from channels.email import charset, headers
from channels.message import Party

MOST = 500
_LONGEST = 64 * 1024
_TOKEN = re.compile(
    r"\"(?:[^\"\\]|\\.){0,500}\"|\((?:[^()\\]|\\.|\([^()]{0,200}\)){0,500}\)|<[^<>]{0,500}>"
    r"|=\?[^?\s]{1,80}\?[bBqQ]\?[^?]{0,500}\?=|[,;:]|[^,;:\"(<=]+|.",
    re.DOTALL,
)
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:\"@])[^\s<>()\[\],;:\"@]++(?:@[^\s<>()\[\],;:\"@]+|@\[[^\]\s]{1,60}\])")
_QUOTED_LOCAL = re.compile(r"\"[^\"]{1,64}\"@[^\s<>()\",;:@]+")


def read(value: bytes, hint: str = "") -> tuple[Party, ...]:
    """Everyone in the list, each address once; a name without an address stays, with an empty address."""
    if not value:
        return ()
    raw = value[:_LONGEST]
    line = raw.decode("ascii") if raw.isascii() else charset.decode(raw, hint).text
    found: dict[tuple[str, str], Party] = {}
    for tokens in _entries(line):
        if party := _party(tokens):
            found.setdefault((party.address, "" if party.address else party.name), party)
        if len(found) >= MOST:
            break
    return tuple(found.values())


def first(value: bytes, hint: str = "") -> Party:
    """The first who has an address; else the first name; else nobody."""
    found = read(value, hint)
    return next((party for party in found if party.address), found[0] if found else Party(""))


def _entries(line: str) -> Iterator[list[str]]:
    """Lists of tokens between commas; the name of a group is left out."""
    pieces: list[str] = []
    for found in _TOKEN.finditer(line):
        piece = found[0]
        if piece in {",", ";"}:
            yield pieces
            pieces = []
        elif piece == ":" and not any("@" in one or one.startswith("<") for one in pieces):
            pieces = []
        else:
            pieces.append(piece)
    yield pieces


def _party(tokens: list[str]) -> Party | None:
    angled = next((token for token in reversed(tokens) if token.startswith("<") and "@" in token), "")
    if angled:
        return Party(_address(angled[1:-1]), _name([token for token in tokens if token is not angled]))
    whole = "".join(token for token in tokens if not token.startswith("(")).strip()
    if "@" not in whole and "=?" in whole:
        whole = headers.words(whole)
    if found := _QUOTED_LOCAL.search(whole) or _ADDRESS.search(whole):
        comments = [token[1:-1] for token in tokens if token.startswith("(")]
        rest = (whole[: found.start()] + " " + whole[found.end() :]).strip(" <>\"'")
        return Party(_address(found[0]), _name([rest] if rest else comments))
    name = _name(tokens)
    return Party("", name) if name else None


def _address(written: str) -> str:
    """The address itself: routes, spaces and a second ``<`` taken off."""
    plain = _COMMENT.sub("", written).strip().rpartition("<")[2].removeprefix("mailto:").strip(" <>'")
    if found := _QUOTED_LOCAL.search(plain) or _ADDRESS.search(plain):
        plain = found[0]
    return re.sub(r"[\s\x00-\x1f\x7f]", "", plain).lower()[:320]


def _name(tokens: list[str]) -> str:
    """The display name: unquoted, decoded, on one line."""
    pieces = [_unquoted(token) for token in tokens if not (token.startswith("(") and len(tokens) > 1)]
    joined = headers.words("".join(pieces))
    flat = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", " ", joined)
    return " ".join(flat.split()).strip(" \"'<>")[:200]


def _unquoted(token: str) -> str:
    if len(token) > 1 and token[0] == token[-1] == '"':
        return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
    if token.startswith("(") and token.endswith(")"):
        return token[1:-1]
    return token
