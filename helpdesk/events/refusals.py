"""What was tried and refused."""

from dataclasses import dataclass, field

from helpdesk.events.base import Event


@dataclass(frozen=True)
class MoveRefused(Event):
    """Somebody tried a move that the table does not allow; nothing was changed. ``fields`` are names, no contents."""

    verb: str
    code: str
    fields: list[str] = field(default_factory=list)
