"""What chats do by the clock: notice who is gone, then offer what waits."""

from datetime import datetime

from helpdesk import clock
from helpdesk.services.chats import queueing, watching


def tick(now: datetime | None = None) -> int:
    """Both, every two seconds; how many conversations went on by it."""
    at = now or clock.now()
    return watching.tick(at) + queueing.tick(at)
