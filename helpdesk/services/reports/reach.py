"""Which tickets a report of somebody tells of."""

from sqlalchemy import ColumnElement

from helpdesk.errors import Forbidden
from helpdesk.permissions import Actor, may
from helpdesk.services.reports.counted import tickets
from helpdesk.services.scope import visible

TRIAGE = 0
"""Stands for "no department yet" where a department's id is asked for."""


def reach(actor: Actor, department_id: int | None) -> ColumnElement[bool]:
    """What the actor may see, of that department or of all; raises Forbidden."""
    if not may(actor, "see-figures"):
        raise Forbidden("Figures are for supervisors and administrators.")
    condition = visible(actor)
    if department_id is None:
        return condition
    if department_id == TRIAGE:
        return condition & tickets.c.department_id.is_(None)
    return condition & (tickets.c.department_id == department_id)
