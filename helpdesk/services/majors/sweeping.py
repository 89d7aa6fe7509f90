"""What the clock does for major incidents: alarms, and work that a lost or killed job left half done."""

from datetime import datetime

from helpdesk.services.majors import alarms, resolving, updates


def tick(now: datetime) -> int:
    """Rings alarms that are due and takes a portion of what is unfinished, even without Valkey; how much there was."""
    rung = alarms.ring(now)
    spread = sum(updates.portion(id_) for id_ in updates.undone())
    return rung + spread + sum(resolving.portion(number, now) for number in resolving.unsettled())
