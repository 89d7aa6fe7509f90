"""The years about now as one flat table by day, in which a question costs a few look-ups whatever the interval.

`Table` answers any question in logarithmic time; most are about the same few years. Those are unrolled here once, in
the types that callers use, so that nothing is converted: a day of UTC leads to its open spans, each with the open time
before it. All moments are distances from 1970 in UTC.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from sla.table import SILENCE, WIDTH, Spans, Table
from sla.zone import DAY

_MOST = 64
"""Blocks unrolled at most: some seventeen years; what lies farther apart is left to the tree."""

Opening = tuple[timedelta, timedelta, timedelta]
"""From, to, and the open time before it."""


class Near(NamedTuple):
    """Blocks [first, last) of a table, unrolled. `days` leads from a day to its spans and the sum behind them."""

    first: int
    last: int
    days: dict[int, tuple[tuple[Opening, ...], timedelta]]
    starts: list[timedelta]
    sums: list[timedelta]
    is_silent: bool

    def worked(self, since: timedelta, until: timedelta) -> timedelta:
        """Open time in [since, until); raises KeyError for moments outside."""
        return self.before(until) - self.before(since)

    def before(self, at: timedelta) -> timedelta:
        """Open time before the moment, counted from the beginning of the table; raises KeyError outside of it."""
        spans, behind = self.days[at.days]
        for start, end, so_far in spans:
            if at < end:
                return so_far + (at - start) if at > start else so_far
        return behind

    def after(self, since: timedelta, amount: timedelta) -> timedelta:
        """The first moment with so much open time since then (amount > 0).

        Raises KeyError where it lies outside, or where a silence of years might have to be told.
        """
        wanted = self.before(since) + amount
        if self.is_silent or wanted > self.sums[-1]:
            raise KeyError(wanted)
        place = bisect_left(self.sums, wanted) - 1
        return self.starts[place] + (wanted - self.sums[place])


NOWHERE = Near(0, 0, {}, [], [], True)


class Unrolled(Table):
    """A table with the years that were asked about at hand."""

    def __init__(self, zone: str, weekly: Sequence[Spans], dated: Mapping[int, Spans]) -> None:
        super().__init__(zone, weekly, dated)
        self.near = NOWHERE

    def widen(self, since: int, until: int) -> None:
        """Unrolls these moments (microseconds) too, and twice as much as before; nothing where that is too much."""
        near = self.near
        first, last = (since - DAY) // WIDTH, (until + DAY) // WIDTH + 1
        if near.last:
            length = near.last - near.first
            first = min(first, near.first - length) if first < near.first else near.first
            last = max(last, near.last + length) if last > near.last else near.last
        if (first, last) != (near.first, near.last) and last - first <= _MOST:
            self.near = _unrolled(self, first, last)


@lru_cache(maxsize=512)
def table(zone: str, weekly: tuple[Spans, ...], dated: tuple[tuple[int, Spans], ...]) -> Unrolled:
    """The table of that content, shared by every calendar that has it."""
    return Unrolled(zone, weekly, dict(dated))


def _unrolled(table: Table, first: int, last: int) -> Near:
    blocks = [table.block(index) for index in range(first, last)]
    spans = _joined([span for block in blocks for span in zip(block.starts, block.ends, strict=True)])
    begins, ends = first * WIDTH, last * WIDTH
    days: dict[int, list[Opening]] = {day: [] for day in range(-(-begins // DAY), ends // DAY)}
    openings: list[Opening] = []
    total = 0
    for start, end in spans:
        opening = _time(start), _time(end), _time(total)
        openings.append(opening)
        for day in range(start // DAY, -(-end // DAY)):
            if day in days:
                days[day].append(opening)
        total += end - start
    sums = [so_far for _, _, so_far in openings] + [_time(total)]
    return Near(
        first, last, _by_day(days, sums[0]), [one[0] for one in openings], sums, _is_silent(spans, begins, ends)
    )


def _by_day(days: dict[int, list[Opening]], nothing: timedelta) -> dict[int, tuple[tuple[Opening, ...], timedelta]]:
    behind, found = nothing, {}
    for day, openings in days.items():
        if openings:
            start, end, so_far = openings[-1]
            behind = so_far + (end - start)
        found[day] = tuple(openings), behind
    return found


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that a block's edge cut in two put together again."""
    whole: list[tuple[int, int]] = []
    for start, end in spans:
        if whole and whole[-1][1] == start:
            whole[-1] = whole[-1][0], end
        else:
            whole.append((start, end))
    return whole


def _is_silent(spans: list[tuple[int, int]], begins: int, ends: int) -> bool:
    """Whether nothing opens for three years anywhere in it."""
    edges = [begins, *(edge for span in spans for edge in span), ends]
    return any(opens - closed > SILENCE for closed, opens in zip(edges[::2], edges[1::2], strict=True))


def _time(micros: int) -> timedelta:
    return timedelta(microseconds=micros)
