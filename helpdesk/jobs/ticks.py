"""What a worker does by the clock on request: the SLA tick, what ends by itself."""

from helpdesk import clock
from helpdesk.services import timers, upkeep


def sla() -> None:
    """Fires every clock step that is due."""
    timers.tick()


def tidy() -> None:
    """Forgets what served its time."""
    upkeep.forget(clock.now())
