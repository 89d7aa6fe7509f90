"""Short messages as facts of a request: ids and codes; the number stands with the contact."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class WayChanged(Event):
    """A message that failed by one channel goes by another; ``why`` is the carrier's code or ours."""

    message_id: int
    kind: str
    to: str
    why: str = ""


@dataclass(frozen=True)
class TextsDeclined(Event):
    """The citizen wants no messages by that channel any more (``how``: citizen, carrier, staff)."""

    kind: str
    how: str = "citizen"


@dataclass(frozen=True)
class TextsAccepted(Event):
    """They want them again."""

    kind: str
    how: str = "citizen"


@dataclass(frozen=True)
class MediaSettled(Event):
    """What became of a file that came with a message: kept, refused, failed."""

    message_id: int
    media_id: int
    state: str
    attachment_id: int | None = None
