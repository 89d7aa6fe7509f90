"""From which confidence a department's proposals may be followed without a human; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

FEWEST = 20
"""Settled proposals of a department, at its threshold or above, that a threshold stands on."""

Settled = tuple[str, float, bool]
"""The proposed department, the confidence, and whether people agreed."""


def thresholds(settled: Sequence[Settled], wanted: float, proven: int) -> Mapping[str, float]:
    """The lowest confidence, by department, from which on proposals were right often enough.

    Departments without one are only suggested; all of them, until enough proposals were settled.
    """
    if len(settled) < proven:
        return {}
    by_department: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for department, confidence, right in settled:
        by_department[department].append((confidence, right))
    found = ((department, _lowest(rows, wanted)) for department, rows in sorted(by_department.items()))
    return {department: lowest for department, lowest in found if lowest is not None}


def _lowest(rows: Iterable[tuple[float, bool]], wanted: float) -> float | None:
    """Equal confidences stand or fall together."""
    lowest, good, count = None, 0, 0
    ordered = sorted(rows, key=lambda row: -row[0])
    for place, (confidence, right) in enumerate(ordered):
        good, count = good + right, count + 1
        last_of_equals = place + 1 == len(ordered) or ordered[place + 1][0] < confidence
        if last_of_equals and count >= FEWEST and good / count >= wanted:
            lowest = confidence
    return lowest
