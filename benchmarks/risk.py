"""What breach risk costs: to load a year of cycles, to ask it of one clock, to rank what is due next, to try it."""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from benchmarks.ground import Place, place
from helpdesk import clock, config, create_app
from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services import risks
from helpdesk.vocabulary import ActorKind, Role

RUNS, ASKED = 5, 20_000
CHIEF = Actor(ActorKind.STAFF, 1, Role.ADMINISTRATOR)
GROWTH = {"load, a cycle": 1.5, "one clock": 2.0, "the likeliest to miss": 2.5}
"""From the smallest to the largest body each may take so much longer: to load costs what there is, to ask does not.

The ranking stops at `risks.LOOKED_AT` tickets, which a small body has not got.
"""


def run(sizes: tuple[int, ...] = (10_000, 100_000)) -> list[dict[str, Any]]:
    """A row for each of them and each size of a seeded body; of the last size with how much they have grown."""
    found = [row for size in sizes for row in _sized(size)]
    first = {row["task"]: row["median_ms"] for row in found if row["tickets"] == sizes[0]}
    for row in found:
        if row["tickets"] == sizes[-1] and len(sizes) > 1 and row["task"] in GROWTH:
            row["growth"] = row["median_ms"] / first[row["task"]]
            row["budget"] = "met" if row["growth"] <= GROWTH[row["task"]] else "missed"
    return found


def _sized(size: int) -> list[dict[str, Any]]:
    with place() as body:
        body.helpdesk("seed", "--tickets", str(size))
        with body.engine.begin() as connection:
            connection.execute(text("analyze"))
        app = create_app(config.load(os.environ | body.environment))
        with app.app_context():
            try:
                return list(_measured(size, body))
            finally:
                db.session.remove()
                db.engine.dispose()


def _measured(size: int, body: Place) -> Any:
    now = clock.now()
    past = risks.load(now)
    whole, cycles = _timed(lambda: risks.load(now)), past.history.n
    yield _row(size, "load", whole, cycles=cycles)
    yield _row(size, "load, a cycle", [taken / cycles for taken in whole])
    risks.known(now)
    keys = sorted({*past.earlier, *past.later})
    asked = [(*keys[at % len(keys)], at * 997 % 1_000_000) for at in range(ASKED)]
    one = [taken / ASKED for taken in _timed(lambda: [past.history.risk(*each) for each in asked])]
    yield _row(size, "one clock", one, groups=len(keys))
    yield _row(size, "the likeliest to miss", _timed(lambda: risks.likeliest(CHIEF, now)))
    yield _row(size, "back-test", _timed(lambda: risks.trial(CHIEF, now)))


def _timed(do: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        do()
        taken.append(time.perf_counter() - begun)
    return taken


def _row(size: int, task: str, taken: list[float], **more: Any) -> dict[str, Any]:
    return {
        "tickets": size, "task": task, "median_ms": statistics.median(taken) * 1000, "most_ms": max(taken) * 1000,
    } | more  # fmt: skip
