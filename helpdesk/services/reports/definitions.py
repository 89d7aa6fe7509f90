"""Each figure once: its name, unit, definition, and the tickets it counts. Labels are message ids."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_

from helpdesk.db import table
from helpdesk.models.tickets import Ticket, TicketClock
from helpdesk.services.reports.periods import Period
from helpdesk.vocabulary import ClockName

tickets, clocks = table(Ticket), table(TicketClock)


class Unit(StrEnum):
    """What a figure is measured in."""

    TICKETS = "tickets"
    SECONDS = "seconds"
    PERCENT = "percent"


@dataclass(frozen=True)
class Figure:
    """One published figure. ``chosen`` is true of the rows it counts; ``clock`` names whose rows those are."""

    key: str
    label: str
    definition: str
    unit: Unit
    chosen: Callable[[Period], ColumnElement[bool]]
    clock: ClockName | None = None
    met: bool = False


def _received(period: Period) -> ColumnElement[bool]:
    return and_(tickets.c.received_at >= period.begin, tickets.c.received_at < period.end)


def _resolved(period: Period) -> ColumnElement[bool]:
    return and_(tickets.c.resolved_at >= period.begin, tickets.c.resolved_at < period.end)


def _backlog(period: Period) -> ColumnElement[bool]:
    """Received before the end and not finished by then."""
    ended = or_(tickets.c.is_open, tickets.c.resolved_at >= period.end, tickets.c.closed_at >= period.end)
    return and_(tickets.c.received_at < period.end, ended)


def _reopened(period: Period) -> ColumnElement[bool]:
    return and_(_received(period), tickets.c.reopened > 0)


def _stopped(name: ClockName) -> Callable[[Period], ColumnElement[bool]]:
    def chosen(period: Period) -> ColumnElement[bool]:
        inside = and_(clocks.c.stopped_at >= period.begin, clocks.c.stopped_at < period.end)
        return and_(clocks.c.name == name, clocks.c.state.in_(("met", "breached")), inside)

    return chosen


def _judged(name: ClockName) -> Callable[[Period], ColumnElement[bool]]:
    """Stopped within the period, or missed within it and still running."""

    def chosen(period: Period) -> ColumnElement[bool]:
        missed = and_(clocks.c.breached_at >= period.begin, clocks.c.breached_at < period.end)
        return or_(_stopped(name)(period), and_(clocks.c.name == name, clocks.c.stopped_at.is_(None), missed))

    return chosen


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "received",
            "Requests received",
            "Requests that reached us within the period, on any channel.",
            Unit.TICKETS,
            _received,
        ),
        Figure(
            "resolved",
            "Requests resolved",
            "Requests whose last resolution lies within the period.",
            Unit.TICKETS,
            _resolved,
        ),
        Figure(
            "backlog",
            "Open at the end",
            "Requests received before the end of the period and not resolved, closed or cancelled by then.",
            Unit.TICKETS,
            _backlog,
        ),
        Figure(
            "reopened",
            "Reopened",
            "Requests received within the period that were reopened at least once since.",
            Unit.TICKETS,
            _reopened,
        ),
        Figure(
            "first_response",
            "Time to first response",
            "From the moment we received the request to the first public reply by a person, for replies within the"
            " period. Automatic messages do not count.",
            Unit.SECONDS,
            _stopped(ClockName.FIRST_RESPONSE),
            ClockName.FIRST_RESPONSE,
        ),
        Figure(
            "resolution",
            "Time to resolution",
            "From the moment we received the request to its resolution, waiting for the citizen left out of business"
            " time, for resolutions within the period.",
            Unit.SECONDS,
            _stopped(ClockName.RESOLUTION),
            ClockName.RESOLUTION,
        ),
        Figure(
            "first_response_met",
            "First response in time",
            "Share of first-response promises kept, among those that ended within the period or were missed within"
            " it and still run.",
            Unit.PERCENT,
            _judged(ClockName.FIRST_RESPONSE),
            ClockName.FIRST_RESPONSE,
            met=True,
        ),
        Figure(
            "resolution_met",
            "Resolution in time",
            "Share of resolution promises kept, among those that ended within the period or were missed within it"
            " and still run.",
            Unit.PERCENT,
            _judged(ClockName.RESOLUTION),
            ClockName.RESOLUTION,
            met=True,
        ),
    )
}
