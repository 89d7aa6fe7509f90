"""What is known of suppliers beside their rows."""

from sqlalchemy import func, select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket


def engagements() -> dict[int, int]:
    """How many open tickets wait for each supplier."""
    supplier_id = table(Ticket).c.supplier_id
    query = select(supplier_id, func.count().label("tickets"))
    query = query.where(supplier_id.is_not(None), table(Ticket).c.is_open).group_by(supplier_id)
    return {row.supplier_id: row.tickets for row in db.session.execute(query)}
