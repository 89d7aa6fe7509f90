"""What chats do by the clock: notice who is gone, offer what waits, ask who waits or is silent for long."""

from datetime import datetime

from helpdesk import clock
from helpdesk.services.chats import choosing, queueing, watching


def tick(now: datetime | None = None) -> int:
    """All of it, every two seconds; how many conversations went on by it."""
    at = now or clock.now()
    return watching.tick(at) + queueing.tick(at) + choosing.tick(at)
