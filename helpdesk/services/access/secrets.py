"""Random tokens for links and cookies, of which the database knows only the hash."""

import hashlib
import secrets


def new_token() -> str:
    """256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a token (SHA-256); enough for a secret that nobody can guess."""
    return hashlib.sha256(token.encode()).digest()
