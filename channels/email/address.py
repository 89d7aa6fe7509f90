"""Signed reply addresses: which ticket an answer belongs to, provably, in the local part of an address."""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

_MAC_LETTERS = 13
"""65 bits in base32, which survives mail programs that change the case of addresses."""

_TAG = re.compile(r"\+t(\d{1,15})\.([a-z2-7]{13})@", re.IGNORECASE)


def sign(ticket: int, key: bytes, address: str) -> str:
    """``help@city.gr`` → ``help+t100001.abcdefghijklm@city.gr``, whoever gets it can answer to that ticket."""
    local, _, domain = address.rpartition("@")
    return f"{local}+t{ticket}.{_mac(ticket, key)}@{domain}"


def read(address: str, keys: Sequence[bytes]) -> int | None:
    """The ticket a signed address names, under any key still accepted; None for any other address."""
    found = _TAG.search(address)
    if not found:
        return None
    ticket, said = int(found[1]), found[2].lower()
    answers = [hmac.compare_digest(said, _mac(ticket, key)) for key in keys]
    return ticket if any(answers) else None


def bare(address: str) -> str:
    """The address without its signed tag, in lower case."""
    return _TAG.sub("@", address).lower()


def _mac(ticket: int, key: bytes) -> str:
    made = hmac.digest(key, f"reply:{ticket}".encode(), hashlib.sha256)
    return base64.b32encode(made).decode()[:_MAC_LETTERS].lower()
