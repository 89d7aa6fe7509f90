"""Reads data of JSON's shape and says which field is wrong."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

Code = TypeVar("Code", bound=StrEnum)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Malformed(ValueError):
    """Data that cannot be understood; `field` is its path, `reason` says what is wrong there."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def mapping(value: object, field: str, allowed: Collection[str] | None = None) -> Mapping[str, object]:
    """A mapping with text keys, all of them in `allowed` (when given)."""
    if not isinstance(value, Mapping):
        raise Malformed(field, "must be an object")
    for key in value:
        if not isinstance(key, str) or (allowed is not None and key not in allowed):
            raise Malformed(field, f"unknown key {key!r}")
    return value


def items(value: object, field: str) -> Iterator[tuple[str, object]]:
    """The members of a list, each with its own path."""
    if not isinstance(value, list | tuple):
        raise Malformed(field, "must be a list")
    return ((f"{field}[{place}]", member) for place, member in enumerate(value))


def text(value: object, field: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise Malformed(field, "must be a text that is not empty")
    return value


def whole(value: object, field: str, least: int | None = None) -> int:
    """A whole number, at least `least` (when given)."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed(field, "must be a whole number")
    if least is not None and value < least:
        raise Malformed(field, f"must be at least {least}")
    return value


def flag(value: object, field: str) -> bool:
    """True or false, nothing that merely resembles them."""
    if not isinstance(value, bool):
        raise Malformed(field, "must be true or false")
    return value


def one_of(codes: type[Code], value: object, field: str) -> Code:
    """A member of a closed set, given by its code."""
    if not isinstance(value, str) or value not in {code.value for code in codes}:
        raise Malformed(field, f"must be one of {', '.join(codes)}")
    return codes(value)


def day(value: object, field: str) -> date:
    """A date written YYYY-MM-DD."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Malformed(field, "must be a date written YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Malformed(field, f"{value} is not a date of the calendar") from None
