"""Promised calls as who supervises sees them: what may be missed, what comes, and how well promises were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from helpdesk.db import db, table
from helpdesk.models.callbacks import CallbackAttempt
from helpdesk.models.people import Person
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import dial_brake as brake
from helpdesk.services.callbacks.rows import PROMISES
from helpdesk.services.scope import visible
from helpdesk.vocabulary import OPEN_PROMISES, CallOutcome, PromiseEnd, PromiseState

NEAR = timedelta(minutes=15)
"""So long before a window ends a call that was not dialled is at risk."""
MOST = 300
_TICKETS, _ATTEMPTS, _PEOPLE = table(Ticket), table(CallbackAttempt), table(Person)
_WAIT = [PromiseState.SCHEDULED.value, PromiseState.RETRY_WAIT.value]
_OPEN = [state.value for state in OPEN_PROMISES]


def owed(actor: Actor, now: datetime, department_id: int | None = None) -> Sequence[Row[Any]]:
    """Every call that is owed, what may be missed first; of tickets the actor sees."""
    ringing = select(_PEOPLE.c.name).join(_ATTEMPTS, _ATTEMPTS.c.agent_id == _PEOPLE.c.id)
    ringing = ringing.where(_ATTEMPTS.c.promise_id == PROMISES.c.id, _ATTEMPTS.c.ended_at.is_(None))
    query = (
        select(
            PROMISES, _TICKETS.c.subject, _TICKETS.c.language, _TICKETS.c.assignee_id, at_risk(now).label("at_risk"),
            ringing.scalar_subquery().label("ringing"),
        )
        .join(_TICKETS, _TICKETS.c.id == PROMISES.c.ticket_id)
        .where(PROMISES.c.state.in_(_OPEN), visible(actor))
        .order_by(at_risk(now).desc(), PROMISES.c.due_at, PROMISES.c.id)
        .limit(MOST)
    )  # fmt: skip
    if department_id is not None:
        query = query.where(PROMISES.c.department_id == department_id)
    return db.session.execute(query).all()


def at_risk(now: datetime) -> ColumnElement[bool]:
    """True of promises whose window ends soon or is over without a ring, of retries that nobody makes, and of all
    that are due while the carrier refuses us: these are for people to ring by hand."""
    unheard = (PROMISES.c.first_dialled_at.is_(None)) & (PROMISES.c.ends_at <= now + NEAR)
    idle = (PROMISES.c.state == PromiseState.RETRY_WAIT.value) & (PROMISES.c.due_at <= now - NEAR)
    by_hand = PROMISES.c.state.in_(_WAIT) & (PROMISES.c.due_at <= now) & brake.is_on()
    return unheard | idle | by_hand


@dataclass(frozen=True)
class Kept:
    """How well promises of a period were kept; shares from 0 to 1, lengths in seconds, None where nothing counts.

    ``to_talk`` is from asking until they were on the line; ``to_ring`` the same without the attempts that did not
    reach them: until their telephone rang first.
    """

    promised: int
    kept: int
    late_median: float | None
    late_p90: float | None
    reached: int
    unreachable: int
    attempts_per_reach: float | None
    to_talk_median: float | None
    to_talk_p90: float | None
    to_ring_median: float | None
    to_ring_p90: float | None

    @property
    def share_kept(self) -> float | None:
        """Of the promises that fell due."""
        return self.kept / self.promised if self.promised else None

    @property
    def reach_rate(self) -> float | None:
        """Of those for whom it is decided whether they were reached."""
        decided = self.reached + self.unreachable
        return self.reached / decided if decided else None


_OFF = [
    PromiseEnd.CITIZEN.value, PromiseEnd.MOVED_BY_CITIZEN.value, PromiseEnd.STAFF.value,
    PromiseEnd.TICKET_ENDED.value,
]  # fmt: skip


def kept(actor: Actor, since: datetime, until: datetime, department_id: int | None = None) -> Kept:
    """Of the promises whose window ended in that time. What was called off before it rang, or before it was late, was
    no promise any more; what we moved ourselves was not kept."""
    rung, ends = PROMISES.c.first_dialled_at, PROMISES.c.ends_at
    off = rung.is_(None) & PROMISES.c.ended.in_(_OFF) & (PROMISES.c.ended_at <= ends)
    counts = ~func.coalesce(off, False)
    late = func.extract("epoch", func.coalesce(rung, until) - ends)
    unheard = rung.is_(None) & PROMISES.c.ended.is_distinct_from(PromiseEnd.MOVED_BY_US.value)
    was_late = counts & ((rung > ends) | unheard)
    reached = PROMISES.c.state == PromiseState.FULFILLED.value
    tries = _tries()
    talk = func.extract("epoch", func.coalesce(tries.c.talked_at, PROMISES.c.ended_at) - PROMISES.c.promised_at)
    ring = func.extract("epoch", rung - PROMISES.c.promised_at)
    query = select(
        func.count().filter(counts).label("promised"),
        func.count().filter(counts & (rung <= ends)).label("kept"),
        _percentile(0.5, late, was_late).label("late_median"),
        _percentile(0.9, late, was_late).label("late_p90"),
        func.count().filter(reached).label("reached"),
        func.count().filter(PROMISES.c.state == PromiseState.UNREACHABLE.value).label("unreachable"),
        func.avg(case((reached, tries.c.rings))).label("attempts_per_reach"),
        _percentile(0.5, talk, reached).label("to_talk_median"),
        _percentile(0.9, talk, reached).label("to_talk_p90"),
        _percentile(0.5, ring, reached).label("to_ring_median"),
        _percentile(0.9, ring, reached).label("to_ring_p90"),
    ).join(_TICKETS, _TICKETS.c.id == PROMISES.c.ticket_id)
    query = query.outerjoin(tries, true())
    query = query.where(visible(actor), ends >= since, ends < until)
    if department_id is not None:
        query = query.where(PROMISES.c.department_id == department_id)
    row = db.session.execute(query).one()
    told: dict[str, Any] = {
        name: float(value) if name in _FLOATS and value is not None else value for name, value in row._mapping.items()
    }
    return Kept(**told)


def _tries() -> LateralFromClause:
    """How often each promise's citizen was rung, and when they answered; a colleague who did not is no attempt."""
    reached = _ATTEMPTS.c.outcome == CallOutcome.REACHED.value
    query = select(
        func.count().filter(_ATTEMPTS.c.dialled_at.is_not(None)).label("rings"),
        func.max(_ATTEMPTS.c.dialled_at).filter(reached).label("talked_at"),
    ).where(_ATTEMPTS.c.promise_id == PROMISES.c.id)
    return query.lateral("tries")


_FLOATS = frozenset(
    {"late_median", "late_p90", "attempts_per_reach", "to_talk_median", "to_talk_p90", "to_ring_median", "to_ring_p90"}
)


def _percentile(share: float, value: Any, of: Any) -> Any:
    return func.percentile_cont(share).within_group(value.asc()).filter(of)
