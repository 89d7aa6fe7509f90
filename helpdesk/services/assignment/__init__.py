"""Work is given, offered or taken: by skill, language, presence, hours, and one capacity for all channels."""

from helpdesk.services.assignment.giving import drain
from helpdesk.services.assignment.offers import (
    TAKERS,
    Offer,
    Offered,
    Work,
    accept,
    decline,
    end,
    expire,
    offer,
    open_for,
    refusers,
    taken,
    withdraw,
)
from helpdesk.services.assignment.people import Room, room
from helpdesk.services.assignment.pulling import take_next
from helpdesk.services.assignment.settings import (
    DepartmentRule,
    Weights,
    rules,
    save_department,
    save_weights,
    weights,
)
from helpdesk.services.assignment.ticking import look_after, tick
from helpdesk.services.presence import FRESH

__all__ = [
    "FRESH", "TAKERS", "DepartmentRule", "Offer", "Offered", "Room", "Weights", "Work", "accept", "decline", "drain",
    "end", "expire", "look_after", "offer", "open_for", "refusers", "room", "rules", "save_department", "save_weights",
    "take_next", "taken", "tick", "weights", "withdraw",
]  # fmt: skip
