"""Trials: other routing rules on past tickets."""

from helpdesk.db import db
from helpdesk.services import trials


def work(trial_id: int) -> None:
    """Goes on with a trial."""
    try:
        trials.work(trial_id)
    finally:
        db.session.remove()
