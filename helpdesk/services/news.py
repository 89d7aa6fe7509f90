"""Tells whoever looks at the desk that a ticket has changed: one line a ticket and unit of work, after the commit."""

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.background import announce
from helpdesk.db import before_commit, db, pending, table
from helpdesk.models.tickets import Ticket
from helpdesk.services.journal import Recorded

STREAM = "desk"
_rows = table(Ticket)


def tell(facts: Sequence[Recorded]) -> None:
    """The reaction to every fact. The line holds ids and the first fact's type; readers fetch what they may see."""
    pending("news").extend((fact.ticket_id, fact.type) for fact in facts)
    before_commit(_announce)


def _announce() -> None:
    told = pending("news")
    kinds: dict[int, str] = {}
    for ticket_id, kind in told:
        kinds.setdefault(ticket_id, kind)
    told.clear()
    query = select(_rows.c.id, _rows.c.department_id).where(_rows.c.id.in_(kinds))
    for row in db.session.execute(query):
        announce(STREAM, {"ticket": row.id, "department": row.department_id or 0, "kind": kinds[row.id]})
