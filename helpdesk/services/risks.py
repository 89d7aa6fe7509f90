"""How likely open deadlines are to be missed: counted from the body's past year, and tried on its later part."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Row, select, text

from helpdesk.db import db, table
from helpdesk.errors import Forbidden
from helpdesk.models.clocks import TicketClock
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import clocks, rulebook
from helpdesk.services.scope import visible
from helpdesk.services.timers import Account
from sla.backtest import BackTest, back_test
from sla.risk import WHOLE, History, Past, Pasts, Risk, Traits, age_of, merged

_TICKETS, _CLOCKS = table(Ticket), table(TicketClock)

YEAR = timedelta(days=365)
"""How far back the past counts."""

FRESH = timedelta(hours=1)
"""What was loaded serves so long."""

NEWEST = 100_000
"""Of a larger body the newest tickets are enough; to read more would keep a page waiting."""

LOOKED_AT = 1000
"""Tickets not yet late, those due next first, that are looked through for the likeliest to miss."""

_PAST = text(
    """
    with decided as materialized (
        select clock.name, coalesce(ticket.department_id, 0) as department_id, ticket.type, ticket.priority,
               case when clock.state = 'met' then clock.stopped_at else clock.breached_at end as at,
               case when clock.state = 'met'
                    then clock.elapsed_seconds::bigint * :whole / greatest(clock.target_seconds, 1) end as age
        from ticket_clock clock join ticket on ticket.id = clock.ticket_id
        where clock.ticket_id > (select coalesce(max(id), 0) from ticket) - :newest
          and ((clock.state = 'met' and clock.stopped_at >= :since and clock.stopped_at < :now)
           or (clock.state = 'breached' and clock.breached_at >= :since and clock.breached_at < :now))
    ), parted as (select min(at) + (:now - min(at)) * 0.75 as at from decided)
    select name, department_id, type, priority, decided.at >= (select at from parted) as later,
           (select at from parted) as parted_at, array_agg(age::integer) filter (where age is not null) as met,
           count(*) filter (where age is null) as missed
    from decided group by 1, 2, 3, 4, 5
    """
)
"""Cycles that were decided: met when they stopped, missed when their due moment passed, wherever they stand since."""


@dataclass(frozen=True)
class Known:
    """The past as of a moment: all of it to foretell from; and in two parts, the earlier to try on the later."""

    at: datetime
    parted_at: datetime | None
    history: History
    earlier: Pasts
    later: Pasts


def known(now: datetime) -> Known:
    """The past year, kept in the process for an hour."""
    kept: Known | None = current_app.extensions.get("risks")
    if kept is None or not timedelta() <= now - kept.at < FRESH:
        kept = current_app.extensions["risks"] = load(now)
    return kept


def load(now: datetime) -> Known:
    """Reads the past year by one statement: for each kind of ticket and clock the ages, as plain numbers."""
    asked = {"since": now - YEAR, "now": now, "whole": WHOLE, "newest": NEWEST}
    rows = db.session.execute(_PAST, asked).all()
    earlier = {_key(row): _past(row) for row in rows if not row.later}
    later = {_key(row): _past(row) for row in rows if row.later}
    parted_at = rows[0].parted_at if rows else None
    return Known(now, parted_at, History.of(merged(earlier, later)), earlier, later)


def _key(row: Row[Any]) -> tuple[str, Traits]:
    return row.name, Traits(str(row.department_id), row.type, row.priority)


def _past(row: Row[Any]) -> Past:
    return Past(array("i", sorted(row.met or ())), row.missed)


def traits(ticket: Any) -> Traits:
    """What a ticket's clocks are compared by, as it stands now."""
    return Traits(str(ticket.department_id or 0), ticket.type, ticket.priority)


def of_clocks(ticket: Any, rows: Sequence[Any], now: datetime) -> Mapping[tuple[str, int], Risk]:
    """The risks of a ticket's kept clocks that may still be met, by name and cycle; unknown ones are left out."""
    found = {}
    for row in rows:
        if risk := _of_row(ticket, row, now):
            found[row.name, row.cycle] = risk
    return found


def _of_row(ticket: Any, row: Any, now: datetime) -> Risk | None:
    if row.stopped_at is not None or row.state not in _OPEN:
        return None
    standing = clocks.standing(row, rulebook.version(row.calendar_id).value, now)
    if standing.state not in _OPEN:
        return None
    age = WHOLE * standing.elapsed_seconds // max(1, row.target_seconds)
    return known(now).history.risk(row.name, traits(ticket), age)


_OPEN = ("running", "paused")


def of_account(ticket: Any, account: Account, now: datetime) -> Risk | None:
    """The same of a clock as it is read from the journal."""
    reading = account.reading
    if reading.state.value not in _OPEN:
        return None
    return known(now).history.risk(account.clock, traits(ticket), age_of(reading.elapsed, reading.target))


@dataclass(frozen=True)
class AtRisk:
    """An open ticket with the clock of it that is likeliest to be missed."""

    number: int
    subject: str
    language: str
    department_id: int | None
    assignee_id: int | None
    clock: str
    due_at: datetime
    risk: Risk


def likeliest(actor: Actor, now: datetime, limit: int = 50) -> list[AtRisk]:
    """Tickets not yet late that are likeliest to miss, of those that are due next; raises Forbidden."""
    if not may(actor, "supervise"):
        raise Forbidden("Risks are for supervisors and administrators.")
    best: dict[int, AtRisk] = {}
    for row in db.session.execute(_candidates(actor, now)):
        risk = _of_row(row, row, now)
        if risk and (row.id not in best or risk.share > best[row.id].risk.share):
            place = (row.id, row.subject, row.language, row.department_id, row.assignee_id)
            best[row.id] = AtRisk(*place, row.name, row.due_at, risk)
    return sorted(best.values(), key=lambda one: (-one.risk.share, one.due_at, one.number))[:limit]


_STANDING = (
    "name", "cycle", "state", "due_at", "paused_at", "stopped_at", "target_seconds", "elapsed_seconds", "late_seconds",
    "calendar_id",
)  # fmt: skip


def _candidates(actor: Actor, now: datetime) -> Any:
    columns = ("id", "subject", "language", "department_id", "assignee_id", "type", "priority")
    next_ones = select(*(_TICKETS.c[name] for name in columns))
    next_ones = next_ones.where(_TICKETS.c.is_open, _TICKETS.c.queue_at > now, visible(actor))
    first = next_ones.order_by(_TICKETS.c.queue_at).limit(LOOKED_AT).subquery("first")
    kept = (_CLOCKS.c[name] for name in _STANDING)
    running = (_CLOCKS.c.state == "running") & (_CLOCKS.c.due_at > now)
    return select(*first.c, *kept).join(_CLOCKS, (_CLOCKS.c.ticket_id == first.c.id) & running)


def trial(actor: Actor, now: datetime) -> tuple[Known, BackTest]:
    """What was learned from the earlier three quarters of the past, judged on the last; raises Forbidden."""
    if not may(actor, "see-figures"):
        raise Forbidden("Figures are for supervisors and administrators.")
    past = known(now)
    return past, back_test(History.of(past.earlier), past.later)
