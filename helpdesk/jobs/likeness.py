"""Likeness: the words of new tickets, kept so that those that say the same find each other."""

from helpdesk import clock
from helpdesk.background import awake, wake_now
from helpdesk.db import db
from helpdesk.services import duplicates

NAME, PORTIONS = "likeness.index", 10


def index() -> None:
    """Keeps what is not kept yet; with very much of it others have their turn between."""
    awake(NAME)
    try:
        for _ in range(PORTIONS):
            if duplicates.index(clock.now()) < duplicates.PORTION:
                return
            db.session.remove()
        wake_now(NAME)
    finally:
        db.session.remove()
