"""Everything a decision may look at, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a contact when it must be routed; empty means unknown.

    The pure package knows no time zone: whoever builds the facts gives the body's local `weekday` (0 is Monday)
    and `local_time` beside the aware moment `at`.
    """

    channel: str = ""
    contacted: str = ""
    """The address or number that was written to or called."""
    language: str = ""
    service: str = ""
    """Key of the service whose form was used."""
    fields: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    text: str = ""
    sender: str = ""
    """Address or number of the requester."""
    known: bool = False
    """The requester was known before this contact."""
    customer: str = ""
    """Key of the customer body the requester belongs to."""
    at: datetime | None = None
    weekday: int | None = None
    local_time: time | None = None
    authentication: str = ""
    """The verdict on the sender's address, for example `pass`, `fail`, `none`."""
    spam_score: float | None = None
    automatic: str = ""
    """Kind of automatic message, for example `auto-reply`; empty when a person wrote."""

    @property
    def sender_domain(self) -> str:
        """What stands after the last `@` of the sender."""
        return self.sender.rpartition("@")[2] if "@" in self.sender else ""
