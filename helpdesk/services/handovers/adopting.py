"""Cases that nobody answers for, because nobody worked here when they came, get an owner as soon as somebody does."""

from datetime import datetime

from sqlalchemy import select

from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, ownership
from helpdesk.services.handovers import moving
from helpdesk.services.hands import held

_COLUMNS = moving.TICKETS.c
_ORPHANED = _COLUMNS.owner_id.is_(None) & _COLUMNS.department_id.is_not(None)


@unit()
def adopt(now: datetime | None = None) -> int:
    """Gives them an owner by default, as soon as there is somebody who may be; how many got one."""
    if not catalogue.colleagues():
        return 0
    at = now or clock.now()
    found = [number for which in moving.ALIVE for number in _orphans(which, at)]
    for number in found:
        with held(SYSTEM, number, "assign", None, at) as hand:
            ownership.ensure(hand)
    return len(found)


def _orphans(which: moving.Which, at: datetime) -> list[int]:
    """A portion of those that somebody may answer for: a complaint about everybody who could is left as it is."""
    query = select(_COLUMNS.id, _COLUMNS.department_id, _COLUMNS.complained_of).where(_ORPHANED, which)
    rows = db.session.execute(query.order_by(_COLUMNS.queue_at, _COLUMNS.id).limit(moving.PORTION)).all()
    return [row.id for row in rows if ownership.candidates(row.department_id, at, row.complained_of or ())]
