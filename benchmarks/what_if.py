"""How long it takes to try other promises and other hours on all tickets of the past, from few to many tickets."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.past import growth, measured, seeded

MOST = 60
"""Seconds for 100,000 tickets on two cores."""

GROWTH = 1.3
"""From the smallest to the largest body a ticket may take this many times as long."""

HOUR = 3600
POLICY = {
    "targets": [
        {"clock": "acknowledge", "seconds": 2 * HOUR},
        {"clock": "first_response", "seconds": 3 * HOUR},
        {"clock": "next_response", "seconds": 6 * HOUR},
        {"clock": "update", "seconds": 20 * HOUR},
        {"clock": "resolution", "seconds": 10 * HOUR, "when": {"priority": ["critical", "high"]}},
        {"clock": "resolution", "seconds": 25 * HOUR},
    ]
}
CALENDAR = {
    "tz": "Europe/Athens",
    "hours": {day: [["09:00", "13:00"], ["17:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}


def run(sizes: Sequence[int] = (10_000, 100_000)) -> list[dict[str, Any]]:
    """One row a size: six promises where there were two or three, in other hours; every clock is read twice."""
    rows = []
    with TemporaryDirectory() as folder:
        tried = _written(Path(folder))
        for size in sizes:
            with seeded(size) as here:
                rows.append(measured(here, size, "sla", "what-if", *tried, "--tickets", "0"))
    return growth(rows, GROWTH, MOST)


def _written(folder: Path) -> list[str]:
    """The options that name the drafts."""
    options = []
    for name, data in (("policy", POLICY), ("calendar", CALENDAR)):
        path = folder / f"{name}.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        options += [f"--{name}", str(path)]
    return options
