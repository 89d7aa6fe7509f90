"""What benchmarks over past tickets share: a seeded body, a command timed with the processor time it took, budgets."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.ground import Place, place

Row = dict[str, Any]


@contextmanager
def seeded(size: int) -> Iterator[Place]:
    """A body with so many tickets, four in five of them closed."""
    with place() as here:
        here.helpdesk("seed", "--tickets", str(size))
        yield here


def measured(here: Place, size: int, *command: str) -> Row:
    """How long a command takes from its start to its end, and how long its processes computed."""
    before, begun = os.times(), time.perf_counter()
    here.helpdesk(*command)
    spent, after = time.perf_counter() - begun, os.times()
    computed = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        "tickets": size,
        "of them closed": here.value("select count(*) from ticket where not is_open"),
        "events": here.value("select count(*) from ticket_event"),
        "clocks": here.value("select count(*) from ticket_clock"),
        "seconds": spent,
        "tickets/s": size / spent,
        "processor s": computed,
        "processor ms a ticket": computed / size * 1000,
        "load": os.getloadavg()[0],
        "durability": here.durability(),
    }


def growth(rows: list[Row], most_growth: float, most_seconds: float) -> list[Row]:
    """The rows, the last with what it grew by a ticket and whether it keeps within the budgets.

    The seconds are those for 100,000 tickets, in proportion where there were others.
    """
    first, last = rows[0], rows[-1]
    grown = last["processor ms a ticket"] / first["processor ms a ticket"]
    whole = last["seconds"] * 100_000 / last["tickets"]
    kept = grown <= most_growth and whole <= most_seconds
    rows[-1] |= {"growth": grown, "s at 100,000": whole, "budget": "met" if kept else "missed"}
    return rows
