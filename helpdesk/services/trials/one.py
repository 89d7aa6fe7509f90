"""One text, decided by the rules in force and by another version."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import accounts, rulebook, triage
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.people import Contact
from helpdesk.services.triage import Decided


@dataclass(frozen=True)
class Tried:
    """What became of it by the rules in force, and what would become of it."""

    now: Decided
    then: Decided

    @property
    def differs(self) -> bool:
        """Whether it would go elsewhere."""
        return self.now.department_id != self.then.department_id


def try_text(
    actor: Actor,
    version_id: int,
    subject: str,
    said: str,
    *,
    channel: str = "email",
    address: str = "",
    sender: str = "",
    language: str = "el",
    service: str = "",
    at: datetime | None = None,
) -> Tried:
    """Decides both ways and keeps nothing. Raises Forbidden."""
    rulebook.require(actor)
    contact = Contact(email=sender.strip().lower())
    arrival = Arrival(
        channel=channel,
        received_at=at or clock.now(),
        contact=contact,
        subject=subject,
        text=said,
        language=language,
        account=accounts.book().at("email", address) if address else None,
        wish=Wish(service=service),
    )
    (now,), (then,) = triage.decide([arrival]), triage.decide([arrival], rulebook.version(version_id))
    return Tried(now, then)
