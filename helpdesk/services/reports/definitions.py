"""Each figure once: its name, unit and definition; what it counts stands in `counted`. Labels are message ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.services.reports.counted import (
    Counted,
    backlog,
    judged,
    recategorised,
    received,
    stopped,
    told,
    told_in_time,
)
from helpdesk.services.reports.periods import Period
from helpdesk.vocabulary import ClockName


class Unit(StrEnum):
    """What a figure is measured in."""

    TICKETS = "tickets"
    SECONDS = "seconds"
    PERCENT = "percent"


@dataclass(frozen=True)
class Figure:
    """One published figure. ``counted`` says of a period, looked at now, which rows it counts.

    ``clock`` names whose rows those are, where they are not tickets; ``good`` whether more or less is better; what is
    agreed within the house is not ``public``.
    """

    key: str
    label: str
    definition: str
    unit: Unit
    counted: Callable[[Period, datetime], Counted]
    clock: ClockName | None = None
    good: str = ""
    public: bool = True


def _(message: str) -> str:
    """Marks a message for translation; pages translate it."""
    return message


def _kept(clock: ClockName, label: str, definition: str, *, public: bool = True) -> Figure:
    """The share of that clock's promises that were kept."""
    return Figure(f"{clock}_met", label, definition, Unit.PERCENT, judged(clock), clock, "more", public)


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "received",
            _("Requests received"),
            _("Requests that reached us within the period, on any channel. Each counts once."),
            Unit.TICKETS,
            received,
        ),
        Figure(
            "resolved",
            _("Requests resolved"),
            _("Requests that we resolved within the period, also those reopened since. Each counts once."),
            Unit.TICKETS,
            told("ticket_resolved"),
            good="more",
        ),
        Figure(
            "backlog",
            _("Open at the end"),
            _(
                "Requests received before the end of the period and not resolved, closed, cancelled or joined with"
                " another by then. What was reopened counts again from that moment."
            ),
            Unit.TICKETS,
            backlog,
            good="less",
        ),
        Figure(
            "reopened",
            _("Reopened"),
            _("Requests on which work began again within the period after they had been resolved. Each counts once."),
            Unit.TICKETS,
            told("ticket_reopened"),
            good="less",
        ),
        Figure(
            "recategorised",
            _("Categorised anew by the end"),
            _(
                "Share of the requests closed within the period whose category was another one than when they opened,"
                " among those that opened with one."
            ),
            Unit.PERCENT,
            recategorised,
            good="less",
            public=False,
        ),
        Figure(
            "first_response",
            _("Time to first response"),
            _(
                "From the moment we received the request to the first public reply by a person, for first replies"
                " within the period. Automatic messages do not count; nothing pauses this time."
            ),
            Unit.SECONDS,
            stopped(ClockName.FIRST_RESPONSE),
            ClockName.FIRST_RESPONSE,
            good="less",
        ),
        Figure(
            "resolution",
            _("Time to resolution"),
            _(
                "From the moment we received the request to its resolution, for resolutions within the period that"
                " still hold. Waiting that the policy allows, such as for the citizen, is left out of office time and"
                " counts in calendar time."
            ),
            Unit.SECONDS,
            stopped(ClockName.RESOLUTION),
            ClockName.RESOLUTION,
            good="less",
        ),
        _kept(
            ClockName.FIRST_RESPONSE,
            _("First response in time"),
            _(
                "Share of first-response promises kept, among those that ended within the period or were missed within"
                " it and are still owed. Withdrawn promises do not count."
            ),
        ),
        _kept(
            ClockName.RESOLUTION,
            _("Resolution in time"),
            _(
                "Share of resolution promises kept, among those that ended within the period or were missed within it"
                " and are still owed. Withdrawn promises do not count; allowed waiting does not use the promise up."
            ),
        ),
        _kept(
            ClockName.NEXT_RESPONSE,
            _("Later answers in time"),
            _(
                "Share kept of the promises to answer what citizens wrote after our first answer, among those that"
                " ended within the period or were missed within it. What needed no answer does not count."
            ),
        ),
        _kept(
            ClockName.UPDATE,
            _("Updates in time"),
            _(
                "Share kept of the promises to tell citizens again how things stand, among those that ended within the"
                " period or were missed within it."
            ),
        ),
        Figure(
            "told_in_time",
            _("Letters about changes in time"),
            _(
                "Share of the letters that tell people how their request stands which left within the minutes that the"
                " rules of informing set, counted from the change, or from the end of quiet hours where a letter"
                " waits for it. Letters taken back because a later one said more do not count."
            ),
            Unit.PERCENT,
            told_in_time,
            good="more",
            public=False,
        ),
        _kept(
            ClockName.STATUTORY,
            _("Decided in the days of the law"),
            _(
                "Share of the law's deadlines kept, counted in whole days from when a request was complete and with the"
                " competent department, among those that ended within the period or were missed within it."
            ),
        ),
        _kept(
            ClockName.CALLBACK,
            _("Promised calls in time"),
            _("Share of promised calls that we made before their window ended, among those due within the period."),
        ),
        _kept(
            ClockName.OLA,
            _("Departments within their agreements"),
            _(
                "Share of stays at a department that ended within the time it agreed on with the house, among those"
                " that ended within the period or ran over within it."
            ),
            public=False,
        ),
        _kept(
            ClockName.UA,
            _("Suppliers within their contracts"),
            _(
                "Share of tasks that suppliers answered within the time of their contract, among those that ended"
                " within the period or ran over within it."
            ),
            public=False,
        ),
    )
}
