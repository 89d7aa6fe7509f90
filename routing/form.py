"""Reads data of JSON's shape within limits and says which field is wrong."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import time
from enum import StrEnum
from typing import TypeVar

Code = TypeVar("Code", bound=StrEnum)

LONGEST_TEXT = 200
LONGEST_LIST = 200

_KEY = re.compile(r"\w[\w.:-]*")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class InvalidRuleset(ValueError):
    """A ruleset that cannot be understood; `field` is the path of the wrong member, `reason` what is wrong there."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def mapping(value: object, field: str, allowed: Collection[str] | None = None) -> Mapping[str, object]:
    """A mapping with text keys, all of them in `allowed` (when given)."""
    if not isinstance(value, Mapping):
        raise InvalidRuleset(field, "must be an object")
    for key in value:
        if not isinstance(key, str) or (allowed is not None and key not in allowed):
            raise InvalidRuleset(field, f"unknown key {str(key)[:40]!r}")
    return value


def items(value: object, field: str, most: int = LONGEST_LIST) -> Iterator[tuple[str, object]]:
    """The members of a list of at most `most`, each with its own path."""
    if not isinstance(value, list | tuple):
        raise InvalidRuleset(field, "must be a list")
    if len(value) > most:
        raise InvalidRuleset(field, f"must hold at most {most} members")
    return ((f"{field}[{place}]", member) for place, member in enumerate(value))


def text(value: object, field: str, most: int = LONGEST_TEXT) -> str:
    """A text that is neither empty nor too long."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidRuleset(field, "must be a text that is not empty")
    if len(value) > most:
        raise InvalidRuleset(field, f"must have at most {most} characters")
    return value


def key(value: object, field: str) -> str:
    """The name of a thing: letters, digits and `_ - . :`."""
    if not _KEY.fullmatch(text(value, field, 80)):
        raise InvalidRuleset(field, "must hold letters, digits and _ - . : only")
    return str(value)


def texts(value: object, field: str, one: Callable[[object, str], str] = text) -> tuple[str, ...]:
    """A list of texts with at least one member."""
    found = tuple(one(member, path) for path, member in items(value, field))
    if not found:
        raise InvalidRuleset(field, "must not be empty")
    return found


def flag(value: object, field: str) -> bool:
    """True or false, nothing that merely resembles them."""
    if not isinstance(value, bool):
        raise InvalidRuleset(field, "must be true or false")
    return value


def number(value: object, field: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
        raise InvalidRuleset(field, "must be a number")
    return float(value)


def clock(value: object, field: str) -> time:
    """A time of day written HH:MM."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise InvalidRuleset(field, "must be a time of day written HH:MM")
    return time.fromisoformat(value)


def one_of(codes: type[Code], value: object, field: str) -> Code:
    """A member of a closed set, given by its code."""
    if not isinstance(value, str) or value not in {code.value for code in codes}:
        raise InvalidRuleset(field, f"must be one of {', '.join(codes)}")
    return codes(value)
