"""The tick of waiting: whatever is due of it is done once, in the order of time; what fails is set aside alone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text, update
from sqlalchemy.exc import OperationalError

from helpdesk import clock
from helpdesk.db import db, savepoint, table, unit
from helpdesk.models.waiting import TicketWait
from helpdesk.permissions import SYSTEM
from helpdesk.services import pauses, tickets
from helpdesk.services.pauses import Terms
from helpdesk.services.waiting import reminding
from helpdesk.vocabulary import WAITING, ResolutionCode
from sla import waiting
from sla.waiting import Wait, WaitingAct, WaitingEnd

_WAITS = table(TicketWait)

PORTION = 50
"""Tickets a transaction takes: few enough to hold locks briefly."""

AGAIN = timedelta(hours=1)
"""After this a wait that was set aside is tried again."""

_COLUMNS = """
    select ticket.id, ticket.status, ticket.waiting_until, ticket.department_id, ticket.language, ticket.requester_id,
           ticket_wait.reason, ticket_wait.since, ticket_wait.rules_id, ticket_wait.reminded_at, ticket_wait.warned_at
    from ticket_wait join ticket on ticket.id = ticket_wait.ticket_id
    where ticket_wait.next_at <= :now"""
_DUE = text(f"{_COLUMNS} order by ticket_wait.next_at, ticket.id limit :limit for update of ticket skip locked")
_OF_ONE = text(f"{_COLUMNS} and ticket.id = :id for update of ticket")
_NEXT = text(
    "select min(next_at) from ticket_wait where next_at is not null"
    " and (cast(:ticket as bigint) is null or ticket_id = :ticket)"
)


def tick(now: datetime | None = None, limit: int = 10_000) -> int:
    """Does all that is due of at most ``limit`` waits, oldest first; how many were looked at.

    Two ticks at once share the work: what one looks at is locked and skipped by the other.
    """
    moment, seen = now or clock.now(), 0
    while seen < limit and (taken := _portion(moment)):
        seen += taken
    return seen


@unit()
def _portion(now: datetime) -> int:
    rows = db.session.execute(_DUE, {"now": now, "limit": PORTION}).all()
    for row in rows:
        _alone(row, now)
    return len(rows)


@unit()
def act_on(ticket_id: int, now: datetime) -> None:
    """Does what is due of one ticket's wait."""
    row = db.session.execute(_OF_ONE, {"id": ticket_id, "now": now}).one_or_none()
    if row is not None:
        _alone(row, now)


def next_of(ticket_id: int | None = None) -> datetime | None:
    """When something of a wait is due next, of one ticket or of all."""
    found: datetime | None = db.session.execute(_NEXT, {"ticket": ticket_id}).scalar()
    return found


def _alone(row: Row[Any], now: datetime) -> None:
    """One wait by itself: what fails in it is set aside with its reason, tried again later, and holds up nobody."""
    try:
        with savepoint():
            _do(row, now)
    except OperationalError:  # a lost connection or a deadlock says nothing about the ticket
        raise
    except Exception as error:
        _note(row.id, next_at=now + AGAIN, error=f"{type(error).__name__}: {error}"[:500])


def _do(row: Row[Any], now: datetime) -> None:
    if row.status not in WAITING:
        _note(row.id, next_at=None)
        return
    terms, wait = pauses.of(row), Wait(row.since, row.waiting_until, row.reminded_at, row.warned_at)
    act = waiting.due(terms.rule, wait, terms.calendar, now)
    if act is None:
        _note(row.id, next_at=terms.next_at(wait), error=None)
    elif _speaks(act, terms, wait) and not terms.calendar.is_open(now):
        _note(row.id, next_at=terms.calendar.next_opening(now), error=None)
    else:
        _ACTS[act](row, terms, wait, now)


def _speaks(act: WaitingAct, terms: Terms, wait: Wait) -> bool:
    """Whether somebody is written to, which is done in office hours."""
    return act is not WaitingAct.END or waiting.ending(terms.rule, wait) is WaitingEnd.RESOLVED


def _remind(row: Row[Any], terms: Terms, wait: Wait, now: datetime) -> None:
    reminding.remind(row, terms, wait.until, now)
    reminded = Wait(wait.since, wait.until, now, wait.warned_at)
    _note(row.id, reminders=_WAITS.c.reminders + 1, reminded_at=now, next_at=terms.next_at(reminded), error=None)


def _warn(row: Row[Any], terms: Terms, wait: Wait, now: datetime) -> None:
    """The last reminder; who cannot be told is never surprised: that waiting ends in open."""
    assert wait.until is not None
    until = waiting.end_after_warning(terms.rule, wait.until, now)
    told = reminding.remind(row, terms, until, now, last=True)
    if not told and terms.rule.end is WaitingEnd.RESOLVED:
        _note(row.id, next_at=wait.until, rules_id=None, error=None)
        return
    if until != wait.until:
        db.session.execute(_LATER, {"id": row.id, "until": until})
    warned = Wait(wait.since, until, now, now)
    reminded = {"reminders": _WAITS.c.reminders + 1, "reminded_at": now, "warned_at": now}
    _note(row.id, next_at=terms.next_at(warned), error=None, **reminded)


_LATER = text("update ticket set waiting_until = :until, version = version + 1 where id = :id")


def _end(row: Row[Any], terms: Terms, wait: Wait, now: datetime) -> None:
    _note(row.id, next_at=None, error=None)
    if waiting.ending(terms.rule, wait) is WaitingEnd.RESOLVED:
        words = reminding.farewell(row, wait)
        tickets.resolve(SYSTEM, row.id, ResolutionCode.NO_REPLY.value, words, at=now)
    else:
        tickets.resume(SYSTEM, row.id, why="waited_out", at=now)


_ACTS: Mapping[WaitingAct, Callable[[Row[Any], Terms, Wait, datetime], None]] = {
    WaitingAct.REMIND: _remind,
    WaitingAct.WARN: _warn,
    WaitingAct.END: _end,
}


def _note(ticket_id: int, **values: Any) -> None:
    db.session.execute(update(_WAITS).where(_WAITS.c.ticket_id == ticket_id).values(values))


def set_aside() -> Sequence[tuple[int, str]]:
    """Tickets whose waiting could not be looked after, with the reason; for the operator."""
    query = text("select ticket_id, error from ticket_wait where error is not null order by ticket_id")
    return [(row.ticket_id, row.error) for row in db.session.execute(query)]
