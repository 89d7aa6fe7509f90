"""How things stand now, department by department, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.errors import Forbidden
from helpdesk.permissions import Actor, may
from helpdesk.services import views
from helpdesk.services.reports.counted import tickets
from helpdesk.services.scope import visible


@dataclass(frozen=True)
class Standing:
    """What is open in a department (None: in triage). ``risk`` is late or due within `views.HORIZON`."""

    department_id: int | None
    open: int
    risk: int
    late: int
    unassigned: int
    oldest_at: datetime | None


def board(actor: Actor, now: datetime) -> Sequence[Standing]:
    """Every department that has open tickets the actor may see; raises Forbidden."""
    if not may(actor, "supervise"):
        raise Forbidden("The board is for supervisors and administrators.")
    due = tickets.c.next_due_at
    query = select(
        tickets.c.department_id,
        func.count(),
        func.count().filter(due < now + views.HORIZON),
        func.count().filter(due < now),
        func.count().filter(tickets.c.assignee_id.is_(None)),
        func.min(tickets.c.received_at),
    )
    rows = db.session.execute(query.where(views.OPEN, visible(actor)).group_by(tickets.c.department_id))
    return [Standing(*row) for row in rows]
