"""Small pictures of a series, as coordinates for inline SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from sla.backtest import Bin

WIDTH, HEIGHT = 240, 48
_GAP = 0.15
"""Share of a bar's place that stays free."""


@dataclass(frozen=True)
class Bar:
    """One bar, in the picture's own units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """Bars from the ground, or lines that break where nothing was measured."""

    bars: Sequence[Bar] = ()
    lines: Sequence[str] = ()
    width: int = WIDTH
    height: int = HEIGHT


SIDE = 240
"""Both sides of a calibration's square."""

_SMALLEST, _LARGEST = 3.0, 11.0
_GRID = 5


@dataclass(frozen=True)
class Dot:
    """What was foretold (across) against what came (up), in the square's units, with the reach of the truth."""

    x: float
    y: float
    radius: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Calibration:
    """Dots in a square whose rising diagonal is the truth; ``grid`` are lines as (place, percent)."""

    dots: Sequence[Dot]
    grid: Sequence[tuple[float, int]]
    side: int = SIDE


def calibration(bins: Sequence[Bin]) -> Calibration:
    """A dot for each bin, its surface by how many it counts."""
    most = max((one.n for one in bins), default=1)
    grid = [(_round(SIDE * at / _GRID), 100 * at // _GRID) for at in range(_GRID + 1)]
    return Calibration([_dot(one, most) for one in bins], grid)


def _dot(one: Bin, most: int) -> Dot:
    low, high = one.interval
    radius = max(_SMALLEST, _LARGEST * sqrt(one.n / most))
    return Dot(*map(_round, (SIDE * one.foretold, SIDE * (1 - one.came), radius, SIDE * (1 - high), SIDE * (1 - low))))


def bars(values: Sequence[float | None]) -> Picture:
    """Counts: a bar each, the highest as high as the picture; what is not nothing can be seen."""
    top, place = _top(values), WIDTH / max(1, len(values))
    return Picture(bars=[_bar(index, value or 0, top, place) for index, value in enumerate(values)])


def _bar(index: int, value: float, top: float, place: float) -> Bar:
    height = max(2.0, HEIGHT * value / top) if value else 0.0
    return Bar(_round(index * place), _round(HEIGHT - height), _round(place * (1 - _GAP)), _round(height))


def line(values: Sequence[float | None], top: float | None = None) -> Picture:
    """Levels: a line from point to point, broken at what was not measured."""
    highest, place = top or _top(values), WIDTH / max(1, len(values))
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            height = 2 + (HEIGHT - 4) * (1 - value / highest)
            runs[-1].append(f"{_round((index + 0.5) * place)},{_round(height)}")
    return Picture(lines=[" ".join(_seen(run)) for run in runs if run])


def _seen(run: list[str]) -> list[str]:
    """A point alone becomes a short stroke."""
    if len(run) > 1:
        return run
    x, _, y = run[0].partition(",")
    return [f"{_round(float(x) - 2)},{y}", f"{_round(float(x) + 2)},{y}"]


def _top(values: Sequence[float | None]) -> float:
    return max((value for value in values if value), default=0) or 1.0


def _round(value: float) -> float:
    return round(value, 1)
