"""Post: works off the inbox and the outbox, and looks for what was forgotten."""

from collections.abc import Callable

from helpdesk.background import awake, wake_now
from helpdesk.db import db
from helpdesk.services import inbox, outbox

SHARES = {"post.process": 20, "post.deliver": 1}
"""Portions of fifty a job does before it queues up again: to send one letter takes as long as to take four mails in,
and who writes waits for a number, while letters may wait a moment."""


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
        for _ in range(SHARES[name]):
            if not work():
                return
            db.session.remove()
        wake_now(name)
    finally:
        db.session.remove()
