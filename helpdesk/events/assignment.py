"""How work reached somebody: offered, declined, let lapse; warned of, and passed to others."""

from dataclasses import dataclass, field
from typing import Any

from helpdesk.events.base import Event


@dataclass(frozen=True)
class WorkOffered(Event):
    """It was offered to somebody, who may accept it until a moment; ``why`` is the reason for the choice."""

    person_id: int
    until: str
    why: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OfferDeclined(Event):
    """Somebody did not want what was offered to them."""

    person_id: int


@dataclass(frozen=True)
class OfferExpired(Event):
    """Somebody let an offer lapse."""

    person_id: int


@dataclass(frozen=True)
class AbsenceNoticed(Event):
    """Nobody has touched it and its assignee is absent: at ``until`` it goes to others."""

    person_id: int
    until: str


@dataclass(frozen=True)
class WorkOverflowed(Event):
    """Nobody took it for so many open minutes: another department or team is asked from now on."""

    minutes: int
    department_id: int | None = None
    team_id: int | None = None
