"""The rows each figure counts: which they are, where they come from, and the moment that puts each in a period."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal_column, or_, select

from helpdesk.db import table
from helpdesk.models.clocks import TicketClock
from helpdesk.models.informing import Informed
from helpdesk.models.journal import TicketEvent
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.services import informing
from helpdesk.services.reports.periods import Period
from helpdesk.vocabulary import LEFT, ClockName, Delivery, Status

tickets, clocks, facts = table(Ticket), table(TicketClock), table(TicketEvent)

FINISHES = ("ticket_resolved", "ticket_closed", "ticket_cancelled", "ticket_merged")
"""Facts after which nobody works on a ticket by itself; those below undo them."""

TURNS = (*FINISHES, "ticket_reopened", "ticket_unmerged")


@dataclass(frozen=True)
class Counted:
    """The rows a figure counts: where they come from, which they are, and the moment that puts each in a period."""

    source: FromClause
    where: ColumnElement[bool]
    at: ColumnElement[datetime]
    met: ColumnElement[bool] | None = None
    """Of what is no promise of a clock: whether it counts among the share, and what names the row beside its ticket."""
    place: ColumnElement[int] | None = None


def _within(column: ColumnElement[datetime], period: Period) -> ColumnElement[bool]:
    return and_(column >= period.begin, column < period.end)


def received(period: Period, now: datetime) -> Counted:
    """Tickets that reached us within the period."""
    return Counted(tickets, _within(tickets.c.received_at, period), tickets.c.received_at)


def told(type_: str) -> Callable[[Period, datetime], Counted]:
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


def backlog(period: Period, now: datetime) -> Counted:
    """Tickets that were open when it ended."""
    return Counted(tickets, open_at(period.end), tickets.c.received_at)


CLOCKED = clocks.join(tickets, tickets.c.id == clocks.c.ticket_id)


def stopped(name: ClockName) -> Callable[[Period, datetime], Counted]:
    """Promises of that clock that were kept or missed by an act within the period."""

    def counted(period: Period, now: datetime) -> Counted:
        stopped = (clocks.c.state.in_(("met", "breached")), _within(clocks.c.stopped_at, period))
        return Counted(CLOCKED, and_(clocks.c.name == name, *stopped), clocks.c.stopped_at)

    return counted


def judged(name: ClockName) -> Callable[[Period, datetime], Counted]:
    """Promises of that clock that ended within the period, or were missed within it and still going on."""

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


def told_in_time(period: Period, now: datetime) -> Counted:
    """Letters put within the period that have left, or whose time is over."""
    within = timedelta(minutes=informing.rules().table.within_minutes)
    until = func.coalesce(informed.c.leaves_at, letters.c.created_at) + within
    left = and_(letters.c.state.in_(LEFT), letters.c.settled_at <= now)
    judged = and_(letters.c.template.in_(TELLS), letters.c.state != Delivery.WITHDRAWN, or_(left, until < now))
    met = and_(left, letters.c.settled_at <= until)
    where = and_(judged, _within(letters.c.created_at, period))
    return Counted(_OUTSIDE, where, letters.c.created_at, met, letters.c.id)


def recategorised(period: Period, now: datetime) -> Counted:
    """Tickets closed within the period that opened with a category; met where they ended with another one."""
    opened_with, ended_with = tickets.c.opening_category_id, tickets.c.category_id
    closed = and_(tickets.c.status == Status.CLOSED, opened_with.is_not(None), _within(tickets.c.closed_at, period))
    return Counted(tickets, closed, tickets.c.closed_at, ended_with.is_distinct_from(opened_with))
