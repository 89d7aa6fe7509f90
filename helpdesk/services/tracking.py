"""Tracking codes: an HMAC over ticket and version, so that a mail can repeat it and a counter revokes it."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from flask import current_app

from helpdesk import i18n

LETTERS = 12
"""60 bits: more than anybody can try against a counted, delayed door."""

_READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B", "-": None, " ": None})


def code_of(ticket_id: int, version: int) -> str:
    """The ticket's code in groups of four, ``ABCD-EFGH-JKLM``; valid until the version is raised."""
    code = _code(_keys()[0], ticket_id, version)
    return "-".join(code[at : at + 4] for at in range(0, LETTERS, 4))


def check(code: str, ticket_id: int, version: int) -> bool:
    """Whether that is the ticket's code, under any key still accepted; forgiving about case, dashes and 0, 1, 8."""
    said = code.strip().upper().translate(_READ_AS).encode()
    answers = [hmac.compare_digest(said, _code(key, ticket_id, version).encode()) for key in _keys()]
    return any(answers)


def link(ticket_id: int, version: int, language: str) -> str:
    """The page that shows the request, number and code filled in."""
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    query = urlencode({"number": ticket_id, "code": code_of(ticket_id, version)})
    return f"{base}/{i18n.chosen(language)}/track?{query}"


_KEPT_VERSIONS = 9
_NUMBERS = re.compile(r"(?<!\d)\d{6,10}(?!\d)")
_MOST_NUMBERS = 10
_SHOWN = re.compile(
    r"""(?:https?://[^\s"'<>]{0,200}/track\?[^\s"'<>]{0,200}?code=)?"""
    r"([A-Z0-9]{4}-[\s>]{0,6}[A-Z0-9]{4}-[\s>]{0,6}[A-Z0-9]{4})(?![A-Z0-9])",
    re.IGNORECASE,
)
"""A code as letters show it, alone or at the end of a link, perhaps broken by a mail programme that quotes it."""


def without_codes(text: str, ticket_id: int, language: str) -> str:
    """The text without codes and links of that ticket or of tickets it names: who reads it may not act as the citizen.

    Only what proves to be a code goes; a serial number that merely looks like one stays.
    """
    if not _SHOWN.search(text):
        return text
    instead = i18n.gettext(i18n.chosen(language), "(only in the letter itself)")
    secret = _codes_of({ticket_id, *map(int, _NUMBERS.findall(text)[:_MOST_NUMBERS])})

    def left_out(found: re.Match[str]) -> str:
        code = re.sub(r"[\s>]", "", found[1]).upper().translate(_READ_AS)
        return instead if code in secret else found[0]

    return _SHOWN.sub(left_out, text)


def _codes_of(ticket_ids: Iterable[int]) -> set[str]:
    """Every code those tickets may have had: worked out once for a text, however much in it looks like one."""
    versions = range(1, _KEPT_VERSIONS + 1)
    return {_code(key, number, version) for key in _keys() for number in ticket_ids for version in versions}


def _keys() -> Sequence[str]:
    settings = current_app.config["SETTINGS"]
    return (settings.secret_key, *settings.old_secret_keys)


def _code(key: str, ticket_id: int, version: int) -> str:
    made = hmac.digest(key.encode(), f"tracking:{ticket_id}:{version}".encode(), hashlib.sha256)
    return base64.b32encode(made).decode()[:LETTERS]
