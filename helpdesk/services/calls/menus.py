"""The tree of choices that callers hear: read from data, checked before it is kept, walked by digits (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.i18n import LANGUAGES


class Does(StrEnum):
    """What a choice leads to."""

    DEPARTMENT = "department"
    MENU = "menu"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    CALL_BACK = "call_back"


DIGITS = "123456789"
DEEPEST = 3


@dataclass(frozen=True)
class Option:
    """One choice. ``titles`` complete "For … press"; ``texts`` is what a message says."""

    digit: str
    titles: Mapping[str, str]
    does: Does
    department_id: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    options: "tuple[Option, ...]" = ()


def read(tree: Mapping[str, Any]) -> tuple[Option, ...]:
    """The choices of a kept tree."""
    return tuple(_option(item) for item in tree.get("options", ()))


def _option(item: Mapping[str, Any]) -> Option:
    return Option(
        str(item["digit"]), item["titles"], Does(item["does"]), item.get("department_id"), item.get("texts") or {},
        read(item),
    )  # fmt: skip


def at(options: Sequence[Option], place: str) -> Sequence[Option]:
    """The choices where the caller stands after these digits."""
    for digit in place:
        found = next((option for option in options if option.digit == digit), None)
        options = found.options if found else ()
    return options


def check(tree: Mapping[str, Any], departments: Mapping[int, Any]) -> None:
    """Raises Invalid that names each wrong choice by its digits."""
    wrong = dict(_wrong(tree, departments, "", 1))
    if wrong:
        raise Invalid("The menu cannot be used like this.", fields=wrong)


def _wrong(
    tree: Mapping[str, Any], departments: Mapping[int, Any], place: str, depth: int
) -> Iterator[tuple[str, str]]:
    digits = [str(item.get("digit")) for item in tree.get("options", ())]
    if not digits:
        yield place or "options", "at least one choice"
    for item in tree.get("options", ()):
        digit = str(item.get("digit"))
        here = place + digit
        if digit not in DIGITS or len(digit) != 1 or digits.count(digit) > 1:
            yield here, "a digit from 1 to 9, each once"
        if not all(str((item.get("titles") or {}).get(language, "")).strip() for language in LANGUAGES):
            yield here, "words in every language"
        yield from _wrong_way(item, departments, here, depth)


def _wrong_way(
    item: Mapping[str, Any], departments: Mapping[int, Any], here: str, depth: int
) -> Iterator[tuple[str, str]]:
    does = item.get("does")
    if does not in set(Does):
        yield here, f"one of {', '.join(Does)}"
    elif does == Does.DEPARTMENT and item.get("department_id") not in departments:
        yield here, "a department"
    elif does == Does.MESSAGE and not all((item.get("texts") or {}).get(language) for language in LANGUAGES):
        yield here, "what is said, in every language"
    elif does == Does.MENU and depth >= DEEPEST:
        yield here, f"at most {DEEPEST} menus deep"
    elif does == Does.MENU:
        yield from _wrong(item, departments, here, depth + 1)
