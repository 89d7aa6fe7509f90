"""How fast synthetic history is loaded, indexes and statistics included, and how long its messages are."""

import time
from collections.abc import Sequence
from typing import Any

from benchmarks.ground import place

GOAL = 5_000
"""Tickets a second that are aimed at; told, not asserted: it belongs to a machine."""


def run(sizes: Sequence[int] = (10_000, 100_000)) -> list[dict[str, Any]]:
    """One row a size, each into an empty database."""
    return [_loaded(size) for size in sizes]


def _loaded(size: int) -> dict[str, Any]:
    with place() as here:
        begun = time.perf_counter()
        here.helpdesk("seed", "--tickets", str(size))
        spent = time.perf_counter() - begun
        facts = here.rows(
            """
            select (select count(*) from ticket) as tickets, (select count(*) from message) as messages,
                   (select round(avg(length(text)))::int from message) as "characters a message",
                   (select count(*) from ticket_event) as events, (select count(*) from ticket_clock) as clocks,
                   pg_size_pretty(pg_database_size(current_database())) as size
            """
        )[0]
        told = dict(facts._mapping)
        return told | {"seconds": spent, "tickets/s": size / spent, "goal": GOAL, "durability": here.durability()}
