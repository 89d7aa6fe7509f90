"""Finds the channels' folders, loads each when it is first used, and answers `get(kind)` and `kinds()`."""

from functools import cache
from importlib import import_module
from pathlib import Path

from channels.port import Channel

_HERE = Path(__file__).parent


class NoSuchChannel(LookupError):
    """There is no folder of that name."""


@cache
def kinds() -> tuple[str, ...]:
    """Every kind there is a folder for."""
    return tuple(sorted(place.parent.name for place in _HERE.glob("*/__init__.py")))


@cache
def get(kind: str) -> Channel:
    """The channel of that kind; raises NoSuchChannel, and TypeError where a folder does not keep to the port."""
    if kind not in kinds():
        raise NoSuchChannel(f"there is no channel {kind!r}; there are: {', '.join(kinds())}")
    found = import_module(f"channels.{kind}").CHANNEL
    if not isinstance(found, Channel) or found.kind != kind:
        raise TypeError(f"channels/{kind} does not keep to channels.port.Channel")
    return found
