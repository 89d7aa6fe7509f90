"""Telephones, numbers, rooms and recordings of the simulated network."""

from dataclasses import dataclass, field

from channels.phone.simulator.line import Line
from channels.phone.simulator.sounds import a_message


@dataclass(frozen=True)
class Phone:
    """How a telephone out there behaves when it is rung; without ``answers`` somebody must pick it up by hand."""

    answers: float | None = None
    presses: str = ""
    busy: bool = False
    fails: bool = False


@dataclass(frozen=True)
class Number:
    """Where the carrier asks for what to say when one of our numbers is rung."""

    url: str
    tells: str = ""
    fallback: str = ""
    texts: str = ""


@dataclass
class Sms:
    """A message at the carrier, in either direction. ``prefix`` stands before its numbers on its channel."""

    sid: str
    sender: str
    to: str
    body: str
    made: float
    inbound: bool = False
    status: str = "queued"
    error: str = ""
    parts: int = 1
    tells: str = ""
    content_sid: str = ""
    media: list[str] = field(default_factory=list)


@dataclass
class Media:
    """A file of a message that lies at the carrier."""

    sid: str
    message: str
    content_type: str
    data: bytes


@dataclass
class Room:
    """A conference in progress."""

    sid: str
    name: str
    lines: list[Line] = field(default_factory=list)
    tells: str = ""
    sequence: int = 0


@dataclass
class Kept:
    """A recording at the carrier."""

    sid: str
    call: str
    action: str
    tells: str
    begun: float
    state: str = "in-progress"
    seconds: int = 0
    paused_at: float | None = None
    skipped: float = 0.0
    data: bytes = b""

    def pause(self, now: float, paused: bool) -> None:
        """What is said meanwhile is not in the file."""
        if paused and self.paused_at is None:
            self.paused_at = now
        elif not paused and self.paused_at is not None:
            self.skipped, self.paused_at = self.skipped + now - self.paused_at, None
        self.state = "paused" if paused else "in-progress"

    def end(self, now: float) -> None:
        """The file is made, or there is none where nobody spoke."""
        self.pause(now, False)
        self.seconds = int(now - self.begun - self.skipped)
        self.state = "completed" if self.seconds else "absent"
        self.data = a_message(self.seconds)
