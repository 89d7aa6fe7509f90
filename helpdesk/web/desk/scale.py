"""The ribbon of one cycle drawn to scale: where each stretch, mark and day lies, in percent of the width. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import sla
from helpdesk.services.timers import Account, Planned
from helpdesk.web.desk import ticks
from helpdesk.web.desk.ticks import Tick
from sla import Activity, Calendar, ClockState, Row

EDGE = 2.0
"""Percent that stay free at either end, so that a mark there can be seen."""

MOST_PIECES = 400
"""A stretch of more pieces than this is drawn as one that is partly open: they would be finer than a hair."""

NEAR = 2.4
"""Percent within which two steps share a mark."""

_A_MINUTE, _CHARACTER = timedelta(minutes=1), 1.15


@dataclass(frozen=True)
class Band:
    """A stretch of time: running, closed, mixed (partly open), paused, stopped, or open time ahead."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Flag:
    """A moment with a word over it: due, now, stopped, missed, changed. ``line`` of words it stands in, from below."""

    kind: str
    at: datetime
    x: float
    word: str
    anchor: str
    line: int = 0


@dataclass(frozen=True)
class Dot:
    """One or several steps at nearly one moment, by their numbers in the table."""

    state: str
    x: float
    numbers: str


@dataclass(frozen=True)
class Drawing:
    """The whole picture; ``lines`` of words over it."""

    since: datetime
    until: datetime
    bands: Sequence[Band]
    flags: Sequence[Flag]
    dots: Sequence[Dot]
    ticks: Sequence[Tick]
    lines: int


@dataclass(frozen=True)
class Scale:
    """Moments to percent of the width."""

    since: datetime
    until: datetime

    def x(self, at: datetime) -> float:
        """Where a moment lies; what lies outside is put to the edge."""
        share = (at - self.since) / (self.until - self.since)
        return round(EDGE + (100 - 2 * EDGE) * min(max(share, 0.0), 1.0), 3)


Word = Callable[[str], str]
"""The word for a kind of flag in the reader's language."""


def drawing(account: Account, now: datetime, language: str, word: Word) -> Drawing:
    """The picture of an account as of now."""
    scale = _scale(account, now)
    flags, lines = _stacked(_flags(account, now, scale, word))
    return Drawing(
        scale.since,
        scale.until,
        [*_bands(account.rows, scale), *_ahead(account, now, scale)],
        flags,
        _dots(account.steps, scale),
        ticks.ticks(scale.since, scale.until, scale.x, language),
        lines,
    )


def _scale(account: Account, now: datetime) -> Scale:
    """From the start to whatever comes last: the end or now, the due moment, the last step that is to come."""
    reading = account.reading
    moments = [row.until for row in account.rows]
    moments += [reading.stopped_at or now, reading.started_at + _A_MINUTE]
    if reading.state is not ClockState.WITHDRAWN:
        moments += [at for at in (reading.due_at, sla.due_if_resumed(reading, now)) if at]
        moments += [step.due_at for step in account.steps if step.due_at]
    return Scale(reading.started_at, max(moments))


def stretches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows together that one fact began: what ran, with the closed hours within."""
    for _, group in groupby(rows, key=lambda row: (row.ref, row.why, row.activity in _RUNS)):
        yield list(group)


_RUNS = (Activity.RUNNING, Activity.CLOSED)


def _bands(rows: Sequence[Row], scale: Scale) -> Iterator[Band]:
    for pieces in stretches(rows):
        if len(pieces) > MOST_PIECES:
            yield _band("mixed", pieces[0].since, pieces[-1].until, scale)
            continue
        for row in pieces:
            yield _band(row.activity.value, row.since, row.until, scale)


def _ahead(account: Account, now: datetime, scale: Scale) -> Iterator[Band]:
    """The open hours to come, while the clock runs."""
    if not account.reading.is_running or scale.until <= now:
        return
    spans = list(_spans(account.promise.calendar.value, now, scale.until))
    if len(spans) > MOST_PIECES:
        yield _band("ahead", now, scale.until, scale)
        return
    for start, end in spans:
        yield _band("ahead", start, end, scale)


def _spans(calendar: Calendar, now: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    for span in calendar.spans(now, until):
        yield span.start, span.end


def _band(kind: str, since: datetime, until: datetime, scale: Scale) -> Band:
    begin, end = scale.x(since), scale.x(until)
    return Band(kind, begin, round(end - begin, 3))


def _flags(account: Account, now: datetime, scale: Scale, word: Word) -> list[Flag]:
    reading = account.reading
    found = [_flag("missed", missed.due_at, scale, word) for missed in reading.missed]
    found += [_flag("changed", change.at, scale, word) for change in account.changes]
    found.append(_flag("stopped", reading.stopped_at, scale, word) if reading.stopped_at else _now(now, scale, word))
    if reading.state is ClockState.WITHDRAWN:
        return found
    if reading.due_at:
        found.append(_flag("due", reading.due_at, scale, word))
    elif resumed := sla.due_if_resumed(reading, now):
        found.append(_flag("if-resumed", resumed, scale, word))
    return found


def _now(now: datetime, scale: Scale, word: Word) -> Flag:
    return _flag("now", now, scale, word)


def _flag(kind: str, at: datetime, scale: Scale, word: Word) -> Flag:
    x = scale.x(at)
    return Flag(kind, at, x, word(kind), "start" if x < 10 else "end" if x > 90 else "middle")


def _stacked(flags: Sequence[Flag]) -> tuple[list[Flag], int]:
    """Each word in the lowest line where it covers no other; and how many lines that takes."""
    ends: list[float] = []
    placed = []
    for flag in sorted(flags, key=lambda one: (one.x, one.kind)):
        left, right = _extent(flag)
        line = next((at for at, end in enumerate(ends) if end < left), len(ends))
        ends[line:] = [right, *ends[line + 1 :]]
        placed.append(replace(flag, line=line))
    return placed, len(ends)


def _extent(flag: Flag) -> tuple[float, float]:
    width = _CHARACTER * (len(flag.word) + 2)
    left = flag.x - {"start": 0.0, "middle": width / 2, "end": width}[flag.anchor]
    return left, left + width


_WORST = ("late", "due", "fired", "to-come")


def _dots(steps: Sequence[Planned], scale: Scale) -> list[Dot]:
    """Steps that have a moment, those nearly at one moment together."""
    groups: list[list[tuple[float, int, str]]] = []
    for number, step in enumerate(steps, start=1):
        if step.due_at is None:
            continue
        x = scale.x(step.due_at)
        if groups and x - groups[-1][0][0] < NEAR:
            groups[-1].append((x, number, step.state.value))
        else:
            groups.append([(x, number, step.state.value)])
    return [_dot(group) for group in groups]


def _dot(group: Sequence[tuple[float, int, str]]) -> Dot:
    numbers = [number for _, number, _ in group]
    told = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    return Dot(min((state for _, _, state in group), key=_WORST.index), group[0][0], told)
