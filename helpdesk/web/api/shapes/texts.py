"""By which ways a citizen can be written to, for programmes of staff."""

from datetime import datetime
from typing import Literal

from helpdesk.web.api.shapes.outgoing import Outgoing


class WayTo(Outgoing):
    """A channel: whether it is open, the reason as a code where it is not, how long free words may be sent."""

    channel: Literal["email", "sms", "whatsapp"]
    address: str
    open: bool
    why_not: str
    until: datetime | None


class ApprovedWords(Outgoing):
    """Words that WhatsApp has approved, with how many gaps are to be filled in."""

    id: int
    language: str
    words: str
    gaps: int


class Ways(Outgoing):
    """In the order in which they are tried. ``most_parts``: so many parts may one short message have."""

    items: list[WayTo]
    approved: list[ApprovedWords]
    most_parts: int
