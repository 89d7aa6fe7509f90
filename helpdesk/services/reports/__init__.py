"""Figures of a period: computed from clocks and the tickets' own moments, each leading to its tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, extract, func, literal, select, true

from helpdesk.db import db
from helpdesk.errors import Forbidden, NotFound
from helpdesk.permissions import Actor, may
from helpdesk.services.reports.definitions import FIGURES, Figure, Unit, clocks, tickets
from helpdesk.services.reports.periods import Period
from helpdesk.services.scope import visible

__all__ = ["FIGURES", "Figure", "Period", "Unit", "Value", "by_department", "daily", "overview", "public", "tickets_of"]


@dataclass(frozen=True)
class Value:
    """A figure with what it came to. Durations are seconds; ``business`` is open time, ``calendar`` all time.

    ``value`` is the count, the median of business time, or the percentage; None where n is 0.
    """

    figure: Figure
    n: int
    value: float | None
    p90: float | None = None
    calendar_median: float | None = None
    calendar_p90: float | None = None
    parts: Mapping[str, int] = field(default_factory=dict)


def overview(actor: Actor, period: Period, department_id: int | None = None) -> list[Value]:
    """Every figure for what the actor may see; raises Forbidden."""
    _check(actor)
    return [_value(figure, period, _scope(actor, department_id)) for figure in FIGURES.values()]


def public(period: Period) -> list[Value]:
    """Every figure for the whole house, for anybody: numbers only."""
    return [_value(figure, period, true()) for figure in FIGURES.values()]


def by_department(actor: Actor, period: Period) -> dict[int | None, list[Value]]:
    """Every figure by department (None: triage)."""
    _check(actor)
    found: dict[int | None, list[Value]] = {}
    for figure in FIGURES.values():
        for row in _rows(figure, period, _scope(actor, None), tickets.c.department_id):
            found.setdefault(row.part, []).append(_from_row(figure, row))
    return found


def _check(actor: Actor) -> None:
    if not may(actor, "see-figures"):
        raise Forbidden("Figures are for supervisors and administrators.")


def _scope(actor: Actor, department_id: int | None) -> ColumnElement[bool]:
    condition = visible(actor)
    return condition if department_id is None else condition & (tickets.c.department_id == department_id)


def _value(figure: Figure, period: Period, scope: ColumnElement[bool]) -> Value:
    rows = _rows(figure, period, scope, literal(0))
    return _from_row(figure, rows[0]) if rows else Value(figure, 0, None)


def _rows(figure: Figure, period: Period, scope: ColumnElement[bool], part: ColumnElement[Any]) -> Sequence[Row[Any]]:
    query = select(part.label("part"), *_measures(figure)).where(figure.chosen(period), scope)
    query = query.select_from(_source(figure)).group_by(part)
    return db.session.execute(query).all()


def _source(figure: Figure) -> Any:
    return clocks.join(tickets, tickets.c.id == clocks.c.ticket_id) if figure.clock else tickets


def _measures(figure: Figure) -> list[ColumnElement[Any]]:
    n = func.count().label("n")
    if figure.unit is Unit.TICKETS:
        return [n]
    if figure.met:
        return [n, func.sum(case((clocks.c.state == "met", 1), else_=0)).label("met")]
    whole = extract("epoch", clocks.c.stopped_at - clocks.c.started_at)
    return [
        n,
        _percentile(0.5, clocks.c.elapsed_seconds).label("median"),
        _percentile(0.9, clocks.c.elapsed_seconds).label("p90"),
        _percentile(0.5, whole).label("calendar_median"),
        _percentile(0.9, whole).label("calendar_p90"),
    ]


def _percentile(share: float, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.percentile_cont(share).within_group(column)


def _from_row(figure: Figure, row: Row[Any]) -> Value:
    if figure.unit is Unit.TICKETS:
        return Value(figure, row.n, float(row.n))
    if figure.met:
        return Value(figure, row.n, 100.0 * row.met / row.n if row.n else None, parts={"met": row.met})
    median, p90, calendar_median, calendar_p90 = map(
        _float, (row.median, row.p90, row.calendar_median, row.calendar_p90)
    )
    return Value(figure, row.n, median, p90, calendar_median, calendar_p90)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def daily(actor: Actor, period: Period, department_id: int | None = None) -> dict[str, dict[str, int]]:
    """Received and resolved by day (ISO date of the body's zone), for a small picture."""
    _check(actor)
    scope = _scope(actor, department_id)
    return {
        name: _by_day(column, FIGURES[name].chosen(period) & scope)
        for name, column in (("received", tickets.c.received_at), ("resolved", tickets.c.resolved_at))
    }


def _by_day(column: ColumnElement[Any], condition: ColumnElement[bool]) -> dict[str, int]:
    day = func.to_char(func.timezone("Europe/Athens", column), "YYYY-MM-DD")
    query = select(day, func.count()).where(condition).group_by(day).order_by(day)
    return dict(db.session.execute(query).tuples())


def tickets_of(
    actor: Actor, key: str, period: Period, department_id: int | None = None, after: int = 0, limit: int = 50
) -> Sequence[Row[Any]]:
    """The tickets behind a figure, by number; exactly those that it counts."""
    _check(actor)
    if key not in FIGURES:
        raise NotFound("There is no such figure.")
    query = _tickets_of(FIGURES[key], period, _scope(actor, department_id))
    return db.session.execute(query.where(tickets.c.id > after).order_by(tickets.c.id).limit(limit)).all()


def _tickets_of(figure: Figure, period: Period, scope: ColumnElement[bool]) -> Select[Any]:
    columns = [
        tickets.c[name]
        for name in ("id", "subject", "status", "priority", "department_id", "received_at", "resolved_at")
    ]
    more = [clocks.c.state, clocks.c.elapsed_seconds, clocks.c.late_seconds] if figure.clock else []
    return select(*columns, *more).select_from(_source(figure)).where(figure.chosen(period), scope)
