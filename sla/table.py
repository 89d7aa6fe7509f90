"""The open time of one calendar as a lazily grown table that answers sums and searches quickly.

Time is cut into blocks of about three months. A block lists its open spans with their prefix sums; a binary tree
over the blocks keeps how much is open below each node, so that an interval of any length costs a logarithm.
Blocks and nodes are computed when first asked for and never change: two threads may compute the same one twice, to
the same result, and no lock is needed. All moments are microseconds since 1970 in UTC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from sla.zone import DAY, EPOCH, SECOND, load, stretches

WIDTH = (1 << 23) * SECOND
SILENCE = 3 * 366 * DAY
FIRST = -719_100 * DAY
LAST = 2_932_800 * DAY

Spans = Sequence[tuple[int, int]]


class NeverOpens(ValueError):
    """The calendar stays closed for three years, or for ever."""


class Node(NamedTuple):
    """What a stretch of time holds: what is open, and how long it is silent first, last and at most.

    In one that never opens lead, tail and gap are all its length.
    """

    total: int
    lead: int
    tail: int
    gap: int

    def then(self, later: "Node") -> "Node":
        """The two stretches, one after the other, as one."""
        return Node(
            self.total + later.total,
            self.lead if self.total else self.lead + later.lead,
            later.tail if later.total else later.tail + self.tail,
            max(self.gap, later.gap, self.tail + later.lead),
        )


class Block:
    """The open spans of one block of time, in order, apart from each other, with prefix sums."""

    __slots__ = ("ends", "node", "starts", "sums")

    def __init__(self, since: int, until: int, spans: Spans) -> None:
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.sums = [0]
        for start, end in spans:
            self.sums.append(self.sums[-1] + end - start)
        edges = [since, *(edge for span in spans for edge in span), until]
        gaps = [closes - opens for opens, closes in zip(edges[::2], edges[1::2], strict=True)]
        self.node = Node(self.sums[-1], gaps[0], gaps[-1], max(gaps))

    def before(self, moment: int) -> int:
        """Open time from the block's beginning to the moment."""
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0
        end = self.ends[place]
        return self.sums[place] + (moment if moment < end else end) - self.starts[place]

    def moment(self, amount: int) -> int:
        """The first moment before which so much is open (0 < amount <= total)."""
        place = bisect_left(self.sums, amount) - 1
        return self.starts[place] + amount - self.sums[place]


class Table:
    """Open time of a zone with weekly hours and days that differ (days count from 1970, Monday is 0)."""

    def __init__(self, zone: str, weekly: Sequence[Spans], dated: Mapping[int, Spans]) -> None:
        self._zone = load(zone)
        self._weekly = weekly
        self._dated = dated
        self._blocks: dict[int, Block] = {}
        self._nodes: dict[tuple[int, int], Node] = {}

    def worked(self, start: int, end: int) -> int:
        """Open time in [start, end); nothing when end <= start."""
        if end <= start:
            return 0
        first, last = start // WIDTH, end // WIDTH
        opening, closing = self.block(first), self.block(last)
        inside = closing.before(end) - opening.before(start)
        return inside if first == last else inside + opening.node.total + self._between(first + 1, last)

    def after(self, start: int, amount: int) -> int:
        """The first moment with so much open time since start (amount > 0)."""
        index, level = start // WIDTH, 0
        block = self.block(index)
        left = amount + block.before(start)
        if left <= block.node.total:
            return block.moment(left)
        left -= block.node.total
        silent = min(block.node.tail, (index + 1) * WIDTH - start)
        index += 1
        while True:
            node = self._node(level, index)
            if level and (left <= node.total or node.gap > SILENCE):
                index, level = index * 2, level - 1
                continue
            if silent + node.lead > SILENCE:
                raise NeverOpens(f"closed for three years or more, counted from {_date(start)}")
            if left <= node.total:
                return self.block(index).moment(left)
            left -= node.total
            silent = node.tail if node.total else silent + node.lead
            index += 1
            if not index & 1:  # Climbing one level a step builds at most twice what the answer needs.
                index, level = index // 2, level + 1

    def spans(self, start: int, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Open spans from start on, up to end or for ever; one that crosses a block's edge comes in two that touch."""
        silent_since = start
        for opens, closes in self._onwards(start, end):
            if end is None and opens - silent_since > SILENCE:
                raise NeverOpens(f"closed for three years or more, counted from {_date(silent_since)}")
            if opens < closes:
                yield opens, closes
                silent_since = closes

    def _onwards(self, start: int, end: int | None) -> Iterator[tuple[int, int]]:
        """Spans clipped to [start, end), and an empty one at the edge of each block, so that silence is noticed."""
        for index in count(start // WIDTH):
            block = self.block(index)
            for opens, closes in zip(block.starts, block.ends, strict=True):
                if closes > start:
                    yield max(opens, start), closes if end is None else min(closes, end)
            edge = (index + 1) * WIDTH
            if end is not None and edge >= end:
                return
            yield edge, edge

    def block(self, index: int) -> Block:
        """The block of that number, computed when first asked for."""
        found = self._blocks.get(index)
        if found is None:
            since, until = index * WIDTH, (index + 1) * WIDTH
            found = self._blocks[index] = Block(since, until, merged(self._openings(since, until)))
        return found

    def _node(self, level: int, index: int) -> Node:
        if not level:
            return self.block(index).node
        found = self._nodes.get((level, index))
        if found is None:
            earlier, later = self._node(level - 1, 2 * index), self._node(level - 1, 2 * index + 1)
            found = self._nodes[level, index] = earlier.then(later)
        return found

    def _between(self, first: int, last: int) -> int:
        """Open time of the blocks [first, last), taken from the highest nodes that fit."""
        total, level = 0, 0
        while first < last:
            if first & 1:
                total += self._node(level, first).total
                first += 1
            if last & 1:
                last -= 1
                total += self._node(level, last).total
            first, last, level = first // 2, last // 2, level + 1
        return total

    def _openings(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """Every period as the UTC time in which local clocks read it: less, or twice, when clocks are set."""
        for stretch in stretches(self._zone, max(since, FIRST), min(until, LAST)):
            local_since, local_until = stretch.since + stretch.offset, stretch.until + stretch.offset
            yesterday, today = local_since // DAY - 1, (local_until - 1) // DAY
            for day in range(yesterday, today + 1):
                for opens, closes in self._periods(day):
                    start, end = max(day * DAY + opens, local_since), min(day * DAY + closes, local_until)
                    if start < end:
                        yield start - stretch.offset, end - stretch.offset

    def _periods(self, day: int) -> Spans:
        dated = self._dated.get(day)
        return self._weekly[(day + 3) % 7] if dated is None else dated


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same time in order, with nothing that touches or overlaps."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _date(moment: int) -> str:
    days = moment // DAY + EPOCH.toordinal()
    return EPOCH.fromordinal(max(1, min(days, 3_652_059))).date().isoformat()
