"""What is done to keep a promised call: the citizen's phone rings, or they could not be reached."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class CallBackRung(Event):
    """The citizen's phone rings, for the so-manyth time; from now on the promise is kept. ``by_hand``: we only know
    that somebody said so."""

    attempt: int
    by_hand: bool = False


@dataclass(frozen=True)
class CallBackRetried(Event):
    """They were not reached, and will be rung again at that moment."""

    attempt: int
    again_at: str


@dataclass(frozen=True)
class CallBackGivenUp(Event):
    """They were not reached by so many attempts; they were told, and choose another time themselves."""

    attempts: int
