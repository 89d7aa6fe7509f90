"""Two readings of one life compared: what is kept, missed, promised or no longer promised under other terms."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from sla.clock import ClockState, Reading


class Change(StrEnum):
    """What became of a promise."""

    BROKEN = "broken"  # kept or in time before, missed after
    MENDED = "mended"  # missed before, kept or in time after
    PROMISED = "promised"  # nothing was promised before
    DROPPED = "dropped"  # nothing is promised after


class Changed(NamedTuple):
    """One cycle of a clock that is another one after; a side is None where there is no such cycle."""

    change: Change
    before: Reading | None
    after: Reading | None

    @property
    def cycle(self) -> int:
        """Its number."""
        reading = self.after or self.before
        return reading.cycle if reading else 0


def changes(before: Iterable[Reading], after: Iterable[Reading]) -> Iterator[Changed]:
    """Which cycles of one clock changed in kind; cycles are paired by their numbers."""
    earlier, later = ({reading.cycle: reading for reading in side} for side in (before, after))
    for cycle in sorted(earlier.keys() | later.keys()):
        one, other = earlier.get(cycle), later.get(cycle)
        if change := _change(one, other):
            yield Changed(change, one, other)


def _change(before: Reading | None, after: Reading | None) -> Change | None:
    if before is None:
        return Change.PROMISED
    if after is None:
        return Change.DROPPED
    missed, misses = (reading.state is ClockState.BREACHED for reading in (before, after))
    if missed == misses:
        return None
    return Change.BROKEN if misses else Change.MENDED
