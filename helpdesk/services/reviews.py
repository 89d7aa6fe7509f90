"""What may not happen to a major incident before its review is written: conditions of the table of moves."""

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.majors import MajorReview
from helpdesk.services.transitions import Case, Unmet

_REVIEWS = table(MajorReview)


def is_major(case: Case) -> bool:
    """Whether a supervisor must take the declaration back first."""
    return bool(case.ticket.major)


def unwritten(case: Case) -> Unmet:
    """A major incident without a review that is written to the end; one question, asked of major incidents only."""
    return {"review": "is needed"} if case.ticket.major and not is_reviewed(case.ticket.id) else None


def is_reviewed(number: int) -> bool:
    """Whether its review is written to the end."""
    query = select(_REVIEWS.c.finished).where(_REVIEWS.c.ticket_id == number)
    return bool(db.session.execute(query).scalar())
