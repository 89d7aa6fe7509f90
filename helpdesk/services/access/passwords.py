"""Passwords: argon2id, computed off the event loop, as slow for an unknown account as for a known one."""

from collections.abc import Callable
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from gevent import get_hub, monkey

from helpdesk.errors import Invalid

SHORTEST, LONGEST = 12, 200
"""Characters of a password (NIST SP 800-63B: length instead of rules about its letters)."""

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The hash to keep."""
    return str(_off_the_loop(_hasher.hash, password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password; takes as long where none is kept."""
    good = _off_the_loop(_verify, kept, password[:LONGEST])
    return bool(good) and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def check_new(password: str) -> None:
    """Refuses what is too short or too long for a new password."""
    if len(password) < SHORTEST:
        raise Invalid("A password has at least 12 characters.", fields={"password": "Use at least 12 characters."})
    if len(password) > LONGEST:
        raise Invalid("A password has at most 200 characters.", fields={"password": "Use at most 200 characters."})


def _verify(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobodys(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("a password that nobody has")


def _off_the_loop(act: Callable[..., Any], *args: Any) -> Any:
    """Under gevent a hash would stop every other request of the process for its 50 ms."""
    if monkey.is_module_patched("threading"):
        return get_hub().threadpool.apply(act, args)
    return act(*args)
