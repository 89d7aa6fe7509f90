"""One statement a figure: for the whole, for each department and for each part of the period, in one reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.types import Date

from helpdesk.db import db
from helpdesk.i18n import ZONE
from helpdesk.services.reports.counted import Counted, clocks, facts, tickets
from helpdesk.services.reports.definitions import Figure, Unit
from helpdesk.services.reports.periods import Period
from helpdesk.vocabulary import Status


@dataclass(frozen=True)
class Value:
    """What a figure came to, over ``n`` requests or promises. Durations are seconds.

    ``value`` is the count, the median of office time, or the percentage; None where there is nothing to measure.
    """

    n: int
    value: float | None = None
    p90: float | None = None
    calendar_median: float | None = None
    calendar_p90: float | None = None
    met: int | None = None


NOTHING = Value(0)


@dataclass(frozen=True)
class Reading:
    """A figure of a period: the whole, by department (None: triage), and part by part for a small picture."""

    figure: Figure
    whole: Value
    departments: Mapping[int | None, Value] = field(default_factory=dict)
    series: Sequence[tuple[date, Value]] = ()


def read(figure: Figure, period: Period, scope: ColumnElement[bool], now: datetime) -> Reading:
    """The figure for the tickets of that scope."""
    whole, departments, parts = NOTHING, {}, {}
    for row in db.session.execute(_statement(figure, period, scope, now)):
        value = _value(figure, row)
        if row.level == _WHOLE:
            whole = value
        elif row.level == _BY_DEPARTMENT:
            departments[row.department_id] = value
        else:
            parts[row.part] = value
    if figure.key == "backlog":
        parts = _levels(period, scope, whole.n)
    whole = _value_of_none(figure) if whole is NOTHING else whole
    series = [(part, parts.get(part, _value_of_none(figure))) for part in period.parts()]
    return Reading(figure, whole, departments, series)


_WHOLE, _BY_DEPARTMENT = 3, 1
"""What ``grouping(department_id, part)`` says: a bit is set for what a row sums over."""


def _value_of_none(figure: Figure) -> Value:
    return Value(0, 0.0) if figure.unit is Unit.TICKETS else NOTHING


def _statement(figure: Figure, period: Period, scope: ColumnElement[bool], now: datetime) -> Select[Any]:
    rows = _rows(figure, period, scope, now)
    sets = "grouping sets ((), (counted.department_id), (counted.part))"
    level: ColumnElement[int] = literal_column("grouping(counted.department_id, counted.part)").label("level")
    query = select(level, rows.c.department_id, rows.c.part, *_measures(figure, rows))
    return query.group_by(literal_column(sets))


def _rows(figure: Figure, period: Period, scope: ColumnElement[bool], now: datetime) -> Subquery:
    """What is counted, row by row, with all that its measures need."""
    counted = figure.counted(period, now)
    part = cast(null(), Date) if figure.key == "backlog" else _part(counted.at, period)
    columns = [tickets.c.department_id, part.label("part")]
    if figure.unit is Unit.SECONDS:
        columns += [clocks.c.elapsed_seconds.label("office"), _calendar().label("calendar")]
    if figure.unit is Unit.PERCENT:
        met = counted.met if counted.met is not None else clocks.c.state == "met"
        columns.append(case((met, 1), else_=0).label("met"))
    return select(*columns).select_from(counted.source).where(counted.where, scope).subquery("counted")


def _calendar() -> ColumnElement[Any]:
    return extract("epoch", clocks.c.stopped_at - clocks.c.started_at)


def _part(at: ColumnElement[datetime], period: Period) -> ColumnElement[date]:
    """The first day of the part of the period in which a moment lies."""
    return cast(func.date_trunc(period.step.value, func.timezone(ZONE.key, at)), Date)


def _measures(figure: Figure, rows: Subquery) -> list[ColumnElement[Any]]:
    n = func.count().label("n")
    if figure.unit is Unit.TICKETS:
        return [n]
    if figure.unit is Unit.PERCENT:
        return [n, func.sum(rows.c.met).label("met")]
    return [
        n,
        _percentile(0.5, rows.c.office).label("median"),
        _percentile(0.9, rows.c.office).label("p90"),
        _percentile(0.5, rows.c.calendar).label("calendar_median"),
        _percentile(0.9, rows.c.calendar).label("calendar_p90"),
    ]


def _percentile(share: float, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Exact, interpolated between the two neighbours where it falls between them."""
    return func.percentile_cont(share).within_group(column)


def _value(figure: Figure, row: Row[Any]) -> Value:
    if figure.unit is Unit.TICKETS:
        return Value(row.n, float(row.n))
    if row.n == 0:
        return NOTHING
    if figure.unit is Unit.PERCENT:
        return Value(row.n, 100.0 * row.met / row.n, met=row.met)
    return Value(row.n, float(row.median), float(row.p90), float(row.calendar_median), float(row.calendar_p90))


def _levels(period: Period, scope: ColumnElement[bool], at_the_end: int) -> dict[date, Value]:
    """How many tickets were open at the end of each part, counted back from the last by what came and went."""
    moves = _moves(period, scope).subquery("moves")
    part = _part(moves.c.at, period)
    sums = select(part.label("part"), func.sum(moves.c.step).label("step")).group_by(literal_column("1"))
    change = {row.part: int(row.step) for row in db.session.execute(sums)}
    found, level = {}, at_the_end
    for day in reversed(period.parts()):
        found[day] = Value(level, float(level))
        level -= change.get(day, 0)
    return found


def _moves(period: Period, scope: ColumnElement[bool]) -> Any:
    """``(at, step)``: +1 where a ticket became open within the period, -1 where it was over.

    What is closed was resolved before, so that closing changes nothing (`transitions.MOVES`). Of merges those count
    that hold: what was parted again was never over.
    """
    came = select(tickets.c.received_at.label("at"), literal(1).label("step"))
    came = came.where(tickets.c.received_at >= period.begin, tickets.c.received_at < period.end, scope)
    steps = case((facts.c.type == "ticket_reopened", 1), else_=-1)
    turned = select(facts.c.at, steps).join(tickets, tickets.c.id == facts.c.ticket_id)
    turned = turned.where(
        facts.c.type.in_(("ticket_resolved", "ticket_cancelled", "ticket_reopened")),
        facts.c.at >= period.begin,
        facts.c.at < period.end,
        scope,
    )
    merged = select(tickets.c.closed_at, literal(-1)).where(tickets.c.status == Status.MERGED)
    merged = merged.where(tickets.c.closed_at >= period.begin, tickets.c.closed_at < period.end, scope)
    return union_all(came, turned, merged)


LISTED = ("id", "subject", "language", "status", "priority", "department_id", "received_at", "resolved_at")


def listed(
    figure: Figure, period: Period, scope: ColumnElement[bool], now: datetime, after: tuple[int, int], limit: int
) -> Sequence[Row[Any]]:
    """The rows a figure counts, by ticket and cycle of the clock, after that place."""
    counted = figure.counted(period, now)
    place = _place(figure, counted)
    columns: list[ColumnElement[Any]] = [tickets.c[name] for name in LISTED]
    columns.append(counted.at.label("at"))
    columns += [column.label(name) for name, column in _clocked(figure, counted).items()]
    rest = tuple_(*place) > tuple_(*map(literal, after[: len(place)]))
    query = select(*columns).select_from(counted.source).where(counted.where, scope, rest)
    return db.session.execute(query.order_by(*place).limit(limit)).all()


def _place(figure: Figure, counted: Counted) -> list[ColumnElement[int]]:
    """What orders the list: the ticket's number, and where a ticket may count twice the cycle of its clock."""
    if counted.place is not None:
        return [tickets.c.id, counted.place]
    return [tickets.c.id, clocks.c.cycle] if figure.clock else [tickets.c.id]


def _clocked(figure: Figure, counted: Counted) -> dict[str, ColumnElement[Any]]:
    if figure.clock is None:
        nothing = dict.fromkeys(("state", "office", "calendar", "late", "stopped_at"), null())
        return {"cycle": literal_column("0") if counted.place is None else counted.place, **nothing}
    return {
        "cycle": clocks.c.cycle,
        "state": clocks.c.state,
        "office": clocks.c.elapsed_seconds,
        "calendar": _calendar(),
        "late": clocks.c.late_seconds,
        "stopped_at": clocks.c.stopped_at,
    }
