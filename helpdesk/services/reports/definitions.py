"""Each figure once: its name, unit, definition, and the rows it counts. Labels are message ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal_column, or_, select

from helpdesk.db import table
from helpdesk.models.clocks import TicketClock
from helpdesk.models.informing import Informed
from helpdesk.models.journal import TicketEvent
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.services import informing
from helpdesk.services.reports.periods import Period
from helpdesk.vocabulary import ClockName, Delivery

tickets, clocks, facts = table(Ticket), table(TicketClock), table(TicketEvent)

FINISHES = ("ticket_resolved", "ticket_closed", "ticket_cancelled", "ticket_merged")
"""Facts after which nobody works on a ticket by itself; those below undo them."""

TURNS = (*FINISHES, "ticket_reopened", "ticket_unmerged")


class Unit(StrEnum):
    """What a figure is measured in."""

    TICKETS = "tickets"
    SECONDS = "seconds"
    PERCENT = "percent"


@dataclass(frozen=True)
class Counted:
    """The rows a figure counts: where they come from, which they are, and the moment that puts each in a period."""

    source: FromClause
    where: ColumnElement[bool]
    at: ColumnElement[datetime]
    met: ColumnElement[bool] | None = None
    """Of what is no promise of a clock: whether it was kept, and what names the row beside its ticket."""
    place: ColumnElement[int] | None = None


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


def _within(column: ColumnElement[datetime], period: Period) -> ColumnElement[bool]:
    return and_(column >= period.begin, column < period.end)


def _received(period: Period, now: datetime) -> Counted:
    return Counted(tickets, _within(tickets.c.received_at, period), tickets.c.received_at)


def _told(type_: str) -> Callable[[Period, datetime], Counted]:
    """Tickets of which the journal tells that within the period; each once, at the last time."""

    def counted(period: Period, now: datetime) -> Counted:
        said = select(facts.c.ticket_id, func.max(facts.c.at).label("at"))
        said = said.where(facts.c.type == type_, _within(facts.c.at, period)).group_by(facts.c.ticket_id)
        told = said.subquery("told")
        return Counted(tickets.join(told, told.c.ticket_id == tickets.c.id), told.c.ticket_id.is_not(None), told.c.at)

    return counted


ENDED = func.least(tickets.c.resolved_at, tickets.c.closed_at)
"""When a ticket that was never reopened was over; null for one that is not."""

NEVER_REOPENED = tickets.c.reopened == literal_column("0")


def open_at(moment: datetime) -> ColumnElement[bool]:
    """Received before that moment and not over by then; of reopened ones the journal says which was last."""
    last = select(facts.c.type).where(facts.c.ticket_id == tickets.c.id, facts.c.at < moment, facts.c.type.in_(TURNS))
    last_turn = last.order_by(facts.c.at.desc(), facts.c.id.desc()).limit(1).scalar_subquery()
    going = case(
        (NEVER_REOPENED, or_(tickets.c.is_open, moment <= ENDED)),
        else_=func.coalesce(last_turn.not_in(FINISHES), True),
    )
    return and_(tickets.c.received_at < moment, going)


def _backlog(period: Period, now: datetime) -> Counted:
    return Counted(tickets, open_at(period.end), tickets.c.received_at)


CLOCKED = clocks.join(tickets, tickets.c.id == clocks.c.ticket_id)


def _stopped(name: ClockName) -> Callable[[Period, datetime], Counted]:
    def counted(period: Period, now: datetime) -> Counted:
        stopped = (clocks.c.state.in_(("met", "breached")), _within(clocks.c.stopped_at, period))
        return Counted(CLOCKED, and_(clocks.c.name == name, *stopped), clocks.c.stopped_at)

    return counted


def _judged(name: ClockName) -> Callable[[Period, datetime], Counted]:
    """Stopped within the period, or missed within it and still going on."""

    def counted(period: Period, now: datetime) -> Counted:
        missed_at = func.coalesce(clocks.c.breached_at, clocks.c.due_at)  # no tick need have seen it
        missed = and_(clocks.c.stopped_at.is_(None), _within(missed_at, period), missed_at <= now)
        judged = or_(_within(clocks.c.stopped_at, period), missed)
        at = func.coalesce(clocks.c.stopped_at, missed_at)
        return Counted(CLOCKED, and_(clocks.c.name == name, clocks.c.state != "withdrawn", judged), at)

    return counted


letters, informed = table(Outbound), table(Informed)
TELLS = ("received", "follow_up", "answered", "resolved", "forwarded", "incomplete", "extended", "merged", "unmerged",
         "progress", "concerned", "closed", "reopened", "delayed", "agreement", "status")  # fmt: skip
"""Letters that tell people outside how a request stands, by template."""

_OUTSIDE = letters.outerjoin(informed, informed.c.external_id == letters.c.external_id)
_OUTSIDE = _OUTSIDE.join(tickets, tickets.c.id == letters.c.ticket_id)


def _told_in_time(period: Period, now: datetime) -> Counted:
    """Letters put within the period that have left, or whose time is over."""
    within = timedelta(minutes=informing.rules().table.within_minutes)
    until = func.coalesce(informed.c.leaves_at, letters.c.created_at) + within
    left = and_(letters.c.state == Delivery.SENT, letters.c.settled_at <= now)
    judged = and_(letters.c.template.in_(TELLS), letters.c.state != Delivery.WITHDRAWN, or_(left, until < now))
    met = and_(left, letters.c.settled_at <= until)
    where = and_(judged, _within(letters.c.created_at, period))
    return Counted(_OUTSIDE, where, letters.c.created_at, met, letters.c.id)


def _(message: str) -> str:
    """Marks a message for translation; pages translate it."""
    return message


def _kept(clock: ClockName, label: str, definition: str, *, public: bool = True) -> Figure:
    """The share of that clock's promises that were kept."""
    return Figure(f"{clock}_met", label, definition, Unit.PERCENT, _judged(clock), clock, "more", public)


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "received",
            _("Requests received"),
            _("Requests that reached us within the period, on any channel. Each counts once."),
            Unit.TICKETS,
            _received,
        ),
        Figure(
            "resolved",
            _("Requests resolved"),
            _("Requests that we resolved within the period, also those reopened since. Each counts once."),
            Unit.TICKETS,
            _told("ticket_resolved"),
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
            _backlog,
            good="less",
        ),
        Figure(
            "reopened",
            _("Reopened"),
            _("Requests on which work began again within the period after they had been resolved. Each counts once."),
            Unit.TICKETS,
            _told("ticket_reopened"),
            good="less",
        ),
        Figure(
            "first_response",
            _("Time to first response"),
            _(
                "From the moment we received the request to the first public reply by a person, for first replies"
                " within the period. Automatic messages do not count; nothing pauses this time."
            ),
            Unit.SECONDS,
            _stopped(ClockName.FIRST_RESPONSE),
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
            _stopped(ClockName.RESOLUTION),
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
            _told_in_time,
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
