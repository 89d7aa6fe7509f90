"""Major incidents: lets an update reach everybody, and resolves the children of one that is over."""

from helpdesk.db import db
from helpdesk.services import majors


def spread(update_id: int) -> None:
    """Goes on with an update."""
    try:
        majors.spread(update_id)
    finally:
        db.session.remove()


def settle(number: int) -> None:
    """Goes on with the children."""
    try:
        majors.settle(number)
    finally:
        db.session.remove()
