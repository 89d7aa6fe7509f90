"""What is to come of a ticket's waiting, as its page and the review tell it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.models.waiting import TicketWait
from helpdesk.services import pauses
from helpdesk.vocabulary import WAITING
from sla.waiting import Wait, WaitingAct, WaitingEnd

_tickets, _waits = table(Ticket), table(TicketWait)


@dataclass(frozen=True)
class Outlook:
    """Since when it waits, how often somebody was reminded, and what comes next; None for what does not come.

    ``ends_in`` is open, or resolved where the rules say so and the citizen will have been told.
    """

    since: datetime
    reminders: int
    reminder_at: datetime | None
    warning_at: datetime | None
    end_at: datetime | None
    ends_in: str
    to_citizen: bool
    limit_at: datetime | None


def outlook(number: int) -> Outlook | None:
    """Of a ticket; None of one that does not wait."""
    names = ("reason", "since", "limit_at", "rules_id", "reminders", "reminded_at", "warned_at")
    query = select(*(_waits.c[name] for name in names), _tickets.c.waiting_until, _tickets.c.department_id)
    query = query.join(_tickets, _tickets.c.id == _waits.c.ticket_id)
    row = db.session.execute(query.where(_waits.c.ticket_id == number, _tickets.c.status.in_(WAITING))).one_or_none()
    return read(row) if row is not None else None


def read(row: Any) -> Outlook:
    """Of a row with the columns of a wait, the ticket's end of waiting and its department."""
    terms, wait = pauses.of(row), Wait(row.since, row.waiting_until, row.reminded_at, row.warned_at)
    coming = {one.act: one.at for one in terms.upcoming(wait)}
    told = wait.warned_at is not None or WaitingAct.WARN in coming
    return Outlook(
        since=row.since,
        reminders=row.reminders,
        reminder_at=coming.get(WaitingAct.REMIND),
        warning_at=coming.get(WaitingAct.WARN),
        end_at=coming.get(WaitingAct.END),
        ends_in=(terms.rule.end if told else WaitingEnd.OPEN).value,
        to_citizen=pauses.asks_citizen(row.reason),
        limit_at=row.limit_at,
    )
