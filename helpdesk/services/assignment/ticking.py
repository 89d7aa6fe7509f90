"""What assignment does by the clock: ends offers, hands out work, and, once a minute, looks for what nobody does."""

from datetime import datetime

from sqlalchemy import text

from helpdesk import clock
from helpdesk.db import db
from helpdesk.services.assignment import backlog, giving, offers, overflow, returning, settings
from helpdesk.services.assignment.people import on_leave

_WITH_WORK = text(
    """
    select department_id from unnest(cast(:departments as bigint[])) as place (department_id)
    where exists (select from ticket where is_open and assignee_id is null
                  and ticket.department_id = place.department_id and status = any(:workable))
    """
)


def tick(now: datetime | None = None) -> int:
    """Ends offers that lapsed and hands out what can be handed out in every department; how much that was."""
    at = now or clock.now()
    offers.expire(at)
    places = [id_ for id_, rule in settings.rules().items() if rule.hands_out]
    if not places:
        return 0
    values = {"departments": places, "workable": list(backlog.WORKABLE)}
    busy = db.session.execute(_WITH_WORK, values).scalars().all()
    return sum(giving.drain(department_id, at) for department_id in busy)


def look_after(now: datetime | None = None) -> None:
    """Takes untouched work back from who is absent, with a warning first, and passes on what nobody takes."""
    at, rules = now or clock.now(), settings.rules()
    if any(rule.take_back_minutes is not None for rule in rules.values()):
        returning.look(rules, on_leave(at), at)
    if any(rule.overflow_minutes is not None for rule in rules.values()):
        overflow.look(rules, at)
