"""Figures of a period: computed from journal and clocks, each leading to its tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from helpdesk import clock
from helpdesk.errors import Invalid, NotFound
from helpdesk.permissions import Actor
from helpdesk.services.reports import counting
from helpdesk.services.reports.counting import Reading, Value
from helpdesk.services.reports.definitions import FIGURES, Figure, Unit
from helpdesk.services.reports.periods import Period
from helpdesk.services.reports.reach import TRIAGE, reach

__all__ = [
    "FIGURES", "TRIAGE", "Figure", "Period", "Reading", "Tickets", "Unit", "Value", "figure", "overview", "tickets_of",
]  # fmt: skip


@dataclass(frozen=True)
class Tickets:
    """A part of the list behind a figure, and the cursor of the next (None: this is the end)."""

    rows: Sequence[Row[Any]]
    next: str | None


def overview(
    actor: Actor, period: Period, department_id: int | None = None, *, now: datetime | None = None
) -> list[Reading]:
    """Every figure for what the actor may see; raises Forbidden."""
    scope, at = reach(actor, department_id), now or clock.now()
    return [counting.read(figure, period, scope, at) for figure in FIGURES.values()]


def figure(
    actor: Actor, key: str, period: Period, department_id: int | None = None, *, now: datetime | None = None
) -> Reading:
    """One figure for what the actor may see; raises Forbidden, and NotFound for a figure nobody knows."""
    scope = reach(actor, department_id)
    return counting.read(_known(key), period, scope, now or clock.now())


def tickets_of(
    actor: Actor,
    key: str,
    period: Period,
    department_id: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
    *,
    now: datetime | None = None,
) -> Tickets:
    """The tickets behind a figure, by number; exactly those that it counts (a promise a line)."""
    scope = reach(actor, department_id)
    rows = counting.listed(_known(key), period, scope, now or clock.now(), _place(cursor), limit + 1)
    more = f"{rows[limit - 1].id}.{rows[limit - 1].cycle}" if len(rows) > limit else None
    return Tickets(rows[:limit], more)


def _known(key: str) -> Figure:
    if key not in FIGURES:
        raise NotFound("There is no such figure.")
    return FIGURES[key]


def _place(cursor: str | None) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    number, dot, cycle = cursor.partition(".")
    if not (dot and number.isdecimal() and cycle.isdecimal() and len(number) < 19 and len(cycle) < 10):
        raise Invalid("This link to the next page is broken: begin at the first page.", fields={"cursor": "unknown"})
    return int(number), int(cycle)
