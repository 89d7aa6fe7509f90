"""The outbox: put in the transaction that causes it, claimed before it is sent, settled after."""

from helpdesk.services.outbox.delivery import deliver
from helpdesk.services.outbox.parcels import Enclosure, Parcel, mint, put, put_with, release, withdraw
from helpdesk.services.outbox.settlement import (
    Outcome,
    Returned,
    bounced,
    complained,
    delayed,
    give_up,
    nudge,
    sweep,
    told,
)

__all__ = [
    "Enclosure", "Outcome", "Parcel", "Returned", "bounced", "complained", "delayed", "deliver", "give_up", "mint",
    "nudge", "put", "put_with", "release", "sweep", "told", "withdraw",
]  # fmt: skip
