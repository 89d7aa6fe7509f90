"""Post: works off the inbox and the outbox until they are empty, and looks for what was forgotten."""

from collections.abc import Callable

from helpdesk.background import awake
from helpdesk.db import db
from helpdesk.services import inbox, outbox


def process() -> None:
    """Takes all that is kept into tickets."""
    _drain("post.process", inbox.process)


def deliver() -> None:
    """Sends all that waits and is due."""
    _drain("post.deliver", outbox.deliver)


def sweep() -> None:
    """Frees what dead workers left behind and wakes workers for whatever is due; cheap, every few seconds."""
    try:
        outbox.sweep()
        inbox.nudge()
        outbox.nudge()
    finally:
        db.session.remove()


def _drain(name: str, work: Callable[[], int]) -> None:
    """The flag is cleared first: whatever arrives from now on wakes another job."""
    awake(name)
    try:
        while work():
            db.session.remove()
    finally:
        db.session.remove()
