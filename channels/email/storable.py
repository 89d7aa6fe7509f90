"""Takes out of what was understood the characters that no database keeps as text: NUL and halves of pairs."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

Value = TypeVar("Value")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: Value) -> Value:
    """The same value; its texts without them, however deep they stand."""
    found: Any = value
    if isinstance(found, str):
        found = _UNKEEPABLE.sub("", found) if _UNKEEPABLE.search(found) else found
    elif isinstance(found, tuple):
        found = tuple(map(storable, found))
    elif isinstance(found, Mapping):
        found = {storable(name): storable(one) for name, one in found.items()}
    elif is_dataclass(found) and not isinstance(found, type):
        found = _cleaned(found)
    return found  # type: ignore[no-any-return]


def _cleaned(value: Any) -> Any:
    before = {field.name: getattr(value, field.name) for field in fields(value)}
    after = {name: storable(one) for name, one in before.items()}
    changed = {name: one for name, one in after.items() if one != before[name]}
    return replace(value, **changed) if changed else value
