"""Replay: tries other rules on tickets, verifies clocks, applies versions to open tickets."""

from helpdesk.db import db
from helpdesk.services.replay import running


def work(run_id: int) -> None:
    """Goes on with a run."""
    try:
        running.work(run_id)
    finally:
        db.session.remove()


def apply(application_id: int) -> None:
    """Goes on with an application."""
    try:
        running.apply(application_id)
    finally:
        db.session.remove()
