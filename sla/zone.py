"""Time zones of the pinned tzdata package, as stretches of constant offset."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownZone(ValueError):
    """No zone of that name in the IANA database."""


class Stretch(NamedTuple):
    """A time during which local clocks keep one distance from UTC (all in microseconds)."""

    since: int
    until: int
    offset: int


def version() -> str:
    """The release of the IANA database that every computation here uses, for instance "2026f"."""
    return str(tzdata.IANA_VERSION)


@cache
def names() -> frozenset[str]:
    """Every zone name that `load` accepts."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@cache
def load(name: str) -> ZoneInfo:
    """The zone, always from the package and never from the machine, so that a replay is the same everywhere."""
    if name not in names():
        raise UnknownZone(f"{name!r} is not a zone of the IANA database")
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as source:
        return ZoneInfo.from_file(source, key=name)


def stretches(zone: ZoneInfo, since: int, until: int) -> Iterator[Stretch]:
    """The constant stretches of [since, until), in order.

    One look a day finds every change: the shortest stretch in the whole database lasts a week.
    """
    if until <= since:
        return
    begun, offset, seen = since, _offset(zone, since), since
    while seen < until:
        look = min(seen + DAY, until)
        later = _offset(zone, look)
        if later != offset:
            change = _change(zone, seen, look)
            yield Stretch(begun, change, offset)
            begun, offset = change, later
        seen = look
    if begun < until:
        yield Stretch(begun, until, offset)


def _offset(zone: ZoneInfo, moment: int) -> int:
    local = (EPOCH + timedelta(microseconds=moment)).astimezone(zone)
    distance = local.utcoffset()
    assert distance is not None
    return (distance.days * 86_400 + distance.seconds) * SECOND


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The whole second in (before, after] at which the offset of `after` begins."""
    low, high, new = before // SECOND, after // SECOND, _offset(zone, after)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * SECOND) == new:
            high = middle
        else:
            low = middle
    return high * SECOND
