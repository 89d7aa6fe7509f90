"""Where a list goes on: the last record's keys as an opaque word, made and read strictly."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from helpdesk.errors import Invalid

Item = TypeVar("Item")


def write(values: Sequence[Any]) -> str:
    """The cursor that names these keys."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read(cursor: str, *kinds: type) -> list[Any]:
    """The keys of a cursor, one of each kind (``int`` or ``datetime``); raises Invalid for any other word."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise _bad() from None
    if not isinstance(values, list) or len(values) != len(kinds):
        raise _bad()
    return [_moment(value) if kind is datetime else _whole(value) for value, kind in zip(values, kinds, strict=True)]


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise _bad()
    return value


def _moment(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad() from None
    if found.tzinfo is None:
        raise _bad()
    return found


def _bad() -> Invalid:
    return Invalid("That cursor was not made by this list.", code="bad-cursor", fields={"cursor": "take it from next"})


def part(
    items: Sequence[Item], number: Callable[[Item], int], cursor: str | None, limit: int
) -> tuple[list[Item], str | None]:
    """A part of a short list that is read whole, in the order of its numbers, and where the next begins."""
    last = read(cursor, int)[0] if cursor else -1
    rest = sorted((item for item in items if number(item) > last), key=number)
    return rest[:limit], write([number(rest[limit - 1])]) if len(rest) > limit else None
