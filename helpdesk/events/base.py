"""What every fact is: a typed value that the journal writes as JSON and reads back."""

import re
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self

_KINDS: dict[str, type["Event"]] = {}


@dataclass(frozen=True)
class Event:
    """A fact. Its name in the journal is the class's name in snake case: ``TicketOpened`` → ``ticket_opened``."""

    type: ClassVar[str] = "event"

    def __init_subclass__(cls) -> None:
        cls.type = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        _KINDS[cls.type] = cls

    def data(self) -> dict[str, Any]:
        """What the journal keeps of it: JSON values; moments as ISO 8601."""
        return {name: _json(value) for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Reads it back; keys that a later version dropped are ignored, what is left out was null."""
        given = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        return cls(**_needed(cls.type) | given)


@cache
def _needed(type_: str) -> dict[str, None]:
    """What must be given to make one of that name."""
    items = (item for item in fields(_KINDS[type_]) if item.default is MISSING and item.default_factory is MISSING)
    return dict.fromkeys(item.name for item in items)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def read(type_: str, data: dict[str, Any]) -> Event:
    """The event of that name; raises KeyError for a name no version knew."""
    return _KINDS[type_].from_data(data)
