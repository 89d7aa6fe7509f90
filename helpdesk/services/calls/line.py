"""The line of people who wait for a department: who is where in it, and how long it takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.models.calls import Call
from helpdesk.services import callbacks

LATELY = timedelta(minutes=30)
ENOUGH = 10
"""So many calls answered lately make a range honest; fewer say nothing."""

_PLACE = text(
    "select count(*) from call where department_id is not distinct from :department and state in ('queued', 'offered')"
    " and (queued_at, id) < (:since, :id)"
)
_WAITS = text(
    """
    select count(*) as n,
           percentile_cont(0.5) within group (order by extract(epoch from bridged_at - queued_at)) as half,
           percentile_cont(0.8) within group (order by extract(epoch from bridged_at - queued_at)) as most
    from call where department_id is not distinct from :department and bridged_at > :since and queued_at is not null
    """
)


@dataclass(frozen=True)
class Range:
    """In how many whole minutes most callers were answered lately."""

    least: int
    most: int


def place(call: Call, at: datetime) -> int:
    """Which number in the line a caller is, behind callers and those who keep their place; 1 is next."""
    values = {"department": call.department_id, "since": call.queued_at, "id": call.id}
    kept = callbacks.ahead(call.department_id, call.queued_at, at) if call.queued_at else 0
    return int(db.session.execute(_PLACE, values).scalar_one()) + kept + 1


def waits(department_id: int | None, at: datetime) -> Range | None:
    """The middle and the slower of the waits of the last half hour; None where too few were answered to say."""
    row = db.session.execute(_WAITS, {"department": department_id, "since": at - LATELY}).one()
    if row.n < ENOUGH:
        return None
    least = max(1, int(row.half // 60))
    return Range(least, max(least + 1, -int(-row.most // 60)))
