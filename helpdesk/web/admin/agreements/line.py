"""The steps of a promise as a small picture to scale: where on the way to its end, or after it, each is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk.web.admin.agreements.promises import CELLS, EVERY, Promise
from sla import Step

WIDTH, EDGE = 320, 10
"""Units of the picture, and how far from its edges the line begins and ends."""
_NEAR = 14
_DAY = 86_400
_ROOM = 1.06


@dataclass(frozen=True)
class Tick:
    """One place on the line; ``label`` tells the numbers of the steps that are taken there."""

    x: float
    label: str
    late: bool


@dataclass(frozen=True)
class Line:
    """The picture: where the promise ends, where the line does, the ticks, and for which priority it is drawn.

    ``steps`` are in the order in which their time comes; the ticks are numbered by it.
    """

    due: float
    end: float
    ticks: Sequence[Tick]
    cell: str
    steps: Sequence[Step]


def line(promise: Promise) -> Line | None:
    """The picture of a promise's steps, drawn for its usual amount; None where there are no steps."""
    if not promise.steps:
        return None
    cell = _usual(promise.cells)
    seconds = promise.cells[cell] * (_DAY if promise.by_days else 1)
    steps = sorted(promise.steps, key=lambda step: _share(step, seconds))
    shares = [_share(step, seconds) for step in steps]
    most = max(1.0, *shares) * _ROOM
    ticks: list[Tick] = []
    for number, share in enumerate(shares, start=1):
        x = _place(share, most)
        if ticks and x - ticks[-1].x < _NEAR:
            ticks[-1] = Tick(ticks[-1].x, f"{ticks[-1].label}, {number}", ticks[-1].late)
        else:
            ticks.append(Tick(x, str(number), share > 1))
    return Line(_place(1, most), WIDTH - EDGE, ticks, cell, steps)


def _usual(cells: Mapping[str, int]) -> str:
    return next(cell for cell in (EVERY, "normal", *CELLS) if cell in cells)


def _share(step: Step, seconds: int) -> float:
    if isinstance(step.at, str):
        return int(step.at[:-1]) / 100
    return max(0.0, 1 + step.at / seconds)


def _place(share: float, most: float) -> float:
    return round(EDGE + (WIDTH - 2 * EDGE) * share / most, 1)
