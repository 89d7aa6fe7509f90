"""How long it takes to recompute every clock of a body from its journals and compare, from few to many tickets."""

from collections.abc import Sequence
from typing import Any

from benchmarks.past import growth, measured, seeded

MOST = 60
"""Seconds for 100,000 tickets on two cores."""

GROWTH = 1.3
"""From the smallest to the largest body a ticket may take this many times as long."""


def run(sizes: Sequence[int] = (10_000, 100_000)) -> list[dict[str, Any]]:
    """One row a size; the last says whether the budgets are kept."""
    rows = []
    for size in sizes:
        with seeded(size) as here:
            rows.append(measured(here, size, "sla", "verify"))
    return growth(rows, GROWTH, MOST)
