"""Breach risk: of past cycles alike that were once as old as this one is, the share that missed. Counting, no model.

The age of a cycle is its elapsed part of its own target, in whole millionths, so that cycles with other targets can be
compared; where the targets are the same it is the age in worked time.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import sqrt
from typing import NamedTuple

WHOLE = 1_000_000
"""The age at which a target is used up."""

LEAST = 30
"""Fewer comparable cycles than this say nothing: the next wider group is asked."""

_SURE = 1.96
"""Standard deviations of an interval that holds the truth 19 times in 20."""


class Traits(NamedTuple):
    """What makes the cycles of a clock comparable."""

    department: str
    type: str
    priority: str


class Group(StrEnum):
    """Among which past cycles of the clock it was counted, from the narrowest to the widest."""

    ALIKE = "alike"  # the same department, type and priority
    DEPARTMENT_PRIORITY = "department-priority"
    DEPARTMENT = "department"
    CLOCK = "clock"  # every cycle of that clock


_Key = tuple[str, ...]
_KEYS: Mapping[Group, Callable[[str, Traits], _Key]] = {
    Group.ALIKE: lambda clock, traits: (clock, *traits),
    Group.DEPARTMENT_PRIORITY: lambda clock, traits: (clock, traits.department, traits.priority),
    Group.DEPARTMENT: lambda clock, traits: (clock, traits.department),
    Group.CLOCK: lambda clock, traits: (clock,),
}


class Past(NamedTuple):
    """Cycles that were decided: the ages at which those that were met had stopped, ascending, and how many missed.

    A missed one had every age up to `WHOLE`, so that no more need be known of it.
    """

    met: Sequence[int]
    missed: int

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.met) + self.missed

    def as_old(self, age: int) -> int:
        """How many of them were once that old."""
        return len(self.met) - bisect_left(self.met, age) + self.missed


class Risk(NamedTuple):
    """The share that missed of `n` comparable cycles; between `low` and `high` the truth lies 19 times in 20."""

    share: float
    missed: int
    n: int
    low: float
    high: float
    group: Group


Pasts = Mapping[tuple[str, Traits], Past]
"""Decided cycles by clock and traits."""


@dataclass(frozen=True)
class History:
    """Past cycles as risks are read from them; made by `of`."""

    groups: Mapping[Group, Mapping[_Key, Past]]
    least: int

    @classmethod
    def of(cls, pasts: Pasts, least: int = LEAST) -> "History":
        """Puts the cycles into ever wider groups, of which one must have `least` to be believed."""
        return cls({group: _gathered(pasts, key) for group, key in _KEYS.items()}, least)

    def risk(self, clock: str, traits: Traits, age: int) -> Risk | None:
        """The risk of an open cycle of that age, by the narrowest group that is large enough; None where none is."""
        for group, key in _KEYS.items():
            past = self.groups[group].get(key(clock, traits))
            if past and (n := past.as_old(age)) >= self.least:
                return _risk(past.missed, n, group)
        return None

    def share(self, clock: str, age: int = 0) -> float | None:
        """The share that missed of all cycles of the clock that were once that old; None without any."""
        past = self.groups[Group.CLOCK].get((clock,))
        n = past.as_old(age) if past else 0
        return past.missed / n if past and n else None

    @property
    def n(self) -> int:
        """How many cycles are known."""
        return sum(past.n for past in self.groups[Group.CLOCK].values())


def age_of(elapsed: timedelta, target: timedelta) -> int:
    """The age of a cycle; `WHOLE` or more where its target is used up."""
    return WHOLE * elapsed // target if target else WHOLE


def merged(*pasts: Pasts) -> dict[tuple[str, Traits], Past]:
    """Several histories as one."""
    keys = dict.fromkeys(key for one in pasts for key in one)
    return {key: _together(one[key] for one in pasts if key in one) for key in keys}


def _gathered(pasts: Pasts, key: Callable[[str, Traits], _Key]) -> dict[_Key, Past]:
    found: defaultdict[_Key, list[Past]] = defaultdict(list)
    for (clock, traits), past in pasts.items():
        found[key(clock, traits)].append(past)
    return {name: _together(some) for name, some in found.items()}


def _together(pasts: Iterable[Past]) -> Past:
    some = list(pasts)
    if len(some) == 1:
        return some[0]
    return Past(array("i", sorted(age for past in some for age in past.met)), sum(past.missed for past in some))


def _risk(missed: int, n: int, group: Group) -> Risk:
    low, high = interval(missed, n)
    return Risk(missed / n, missed, n, low, high, group)


def interval(hits: int, n: int) -> tuple[float, float]:
    """Where a share lies 19 times in 20, by Wilson's score; everywhere where nothing was counted."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, _SURE * _SURE
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = _SURE * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def told(pasts: Pasts) -> Iterator[tuple[str, Traits, Past]]:
    """Clock, traits and cycles, in an order that does not depend on how they were read."""
    for clock, traits in sorted(pasts):
        yield clock, traits, pasts[clock, traits]
