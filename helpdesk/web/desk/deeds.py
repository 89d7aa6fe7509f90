"""What an act of the desk is: how its form is read, what is said afterwards, how it is undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.web.desk.given import Given

Before = Mapping[str, Any]
"""The ticket as it stood: what a form is compared with, and what an undo goes back to."""

Undo = tuple[str, Mapping[str, str]]
"""The act that leads back, and the fields of its form."""


@dataclass(frozen=True)
class Act:
    """``focus``: where the hand goes on afterwards; ``leads_on``: the ticket is out of the way, the queue is next."""

    do: Callable[[Actor, int, Given, Before], Ticket]
    told: str
    undo: Callable[[Before, Ticket], Undo | None] = lambda before, after: None
    focus: str = "ticket-title"
    leads_on: bool = False
