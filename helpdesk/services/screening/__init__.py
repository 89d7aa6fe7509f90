"""Screening: who is let in, what is held back for a person to look at, and when acknowledgements stop by themselves."""

from helpdesk.services.screening.arrivals import judge
from helpdesk.services.screening.brake import Wanted, forget, held_back

__all__ = ["Wanted", "forget", "held_back", "judge"]
