"""What the owner's duties bring about: silence that somebody was reminded of, responsibility given back."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class SilenceNoted(Event):
    """Nobody has said anything since a moment, for so many working days; ``told``: owner or lead was reminded."""

    since: str
    days: int
    told: str


@dataclass(frozen=True)
class TicketDeescalated(Event):
    """An escalation (``escalation_id`` is its event) was taken back: who has it now, and why, in the note."""

    level: int
    message_id: int | None = None
    team_id: int | None = None
    person_id: int | None = None
    escalation_id: int | None = None
