"""How long a ticket may wait for its reason, by the rules in force and in the hours of its department."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

import sla
from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.models.waiting import TicketWait
from helpdesk.services import catalogue, rulebook
from helpdesk.vocabulary import WAITING, WAITING_STATUS, RulebookKind, Status, WaitingReason
from sla import waiting
from sla.waiting import DueAct, Wait, WaitingRule

_WAITS = table(TicketWait)


@dataclass(frozen=True)
class Terms:
    """What holds for a ticket that waits: the rule of its reason, and the hours in which letters leave."""

    reason: str
    rule: WaitingRule
    rules_id: int | None
    calendar: sla.Calendar

    def limit(self, since: datetime) -> datetime:
        """The last moment until which waiting that began then may last."""
        return waiting.limit(self.rule, since, self.calendar)

    def upcoming(self, wait: Wait) -> tuple[DueAct, ...]:
        """What is still to come of it, in the order of time."""
        return waiting.upcoming(self.rule, wait, self.calendar)

    def next_at(self, wait: Wait) -> datetime | None:
        """When the clock looks at it again."""
        return next((one.at for one in self.upcoming(wait)), None)


def terms(reason: str, department_id: int | None, rules_id: int | None = None) -> Terms:
    """For waiting that begins now the version in force, later the one it began under."""
    version = rulebook.version(rules_id) if rules_id else rulebook.all_in_force(RulebookKind.WAITING).get("default")
    rule = version.value.of(reason) if version else waiting.USUAL
    return Terms(reason, rule, version.id if version else None, hours(department_id))


def outside(reason: str, department_id: int | None) -> Terms:
    """For waiting that another system began: it ends when it was told to, and nobody is reminded."""
    return Terms(reason, waiting.USUAL, None, hours(department_id))


def hours(department_id: int | None) -> sla.Calendar:
    """The hours in which a department is open."""
    known = catalogue.current().departments.get(department_id or 0)
    calendar: sla.Calendar = rulebook.calendar_for(known.calendar_key if known else None).value
    return calendar


def of(row: Any) -> Terms:
    """Of a kept wait, whose row has ``reason``, ``department_id``, ``rules_id``."""
    if row.rules_id is None:
        return outside(row.reason, row.department_id)
    return terms(row.reason, row.department_id, row.rules_id)


def asks_citizen(reason: str) -> bool:
    """Whether it is the citizen who is waited for."""
    return reason in set(WaitingReason) and WAITING_STATUS[WaitingReason(reason)] is Status.WAITING_REQUESTER


def standing(ticket: Ticket, reason: str) -> Row[Any] | None:
    """The wait that goes on when the same reason is set again; None where waiting begins anew."""
    if ticket.status not in WAITING or ticket.waiting_reason != reason:
        return None
    return db.session.execute(select(_WAITS).where(_WAITS.c.ticket_id == ticket.id)).one_or_none()


def require_ahead(until: datetime, at: datetime) -> datetime:
    """The wished end; raises Invalid for one that lies in the past."""
    if until <= at:
        raise Invalid("The end of waiting lies in the past.", fields={"until": "a moment to come"})
    return until


def end(found: Terms, since: datetime, until: datetime | None, at: datetime) -> datetime:
    """The wished end, or the latest; raises Invalid for one that the rule does not allow."""
    latest = found.limit(since)
    if (until or latest) <= latest and latest > at:
        return until or latest
    told = f"at most {found.rule.longest_days} days from its beginning: {latest.isoformat(timespec='minutes')}"
    raise Invalid("It may not wait that long for this reason.", code="too-long", fields={"until": told})


def wake(ticket_id: int, at: datetime) -> None:
    """Lets the clock look at a wait again that goes on after an interruption."""
    db.session.execute(update(_WAITS).where(_WAITS.c.ticket_id == ticket_id).values(next_at=at))


def keep(
    ticket_id: int,
    found: Terms,
    wait: Wait,
    set_by_id: int | None,
    limit_at: datetime | None,
    before: Row[Any] | None = None,
    *,
    extended: bool = False,
) -> None:
    """Notes how it waits from now on; what goes on keeps count of its reminders, and its last one is due anew."""
    row = {
        "ticket_id": ticket_id,
        "reason": found.reason,
        "since": wait.since,
        "limit_at": limit_at,
        "set_by_id": set_by_id,
        "rules_id": found.rules_id,
        "reminders": before.reminders if before else 0,
        "reminded_at": wait.reminded_at,
        "warned_at": None,
        "extended": (before.extended if before else 0) + extended,
        "next_at": found.next_at(wait),
        "error": None,
    }
    statement = insert(_WAITS).values(row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["ticket_id"], set_=row))
