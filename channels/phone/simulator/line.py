"""One line of the simulated network: it does what documents say, second by second, and hears keys."""

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from channels.phone.simulator import grammar
from channels.phone.simulator.grammar import BadDocument, Verb

PACE = 15.0
"""Characters spoken in a second."""
SOUND = 5.0
"""Seconds that a sound lasts."""
MOST_DOCUMENTS = 2_000


class Status(StrEnum):
    """A call's life, in the carrier's words."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


OVER = frozenset({Status.COMPLETED, Status.BUSY, Status.FAILED, Status.NO_ANSWER, Status.CANCELED})


@dataclass(frozen=True)
class Until:
    """A line does nothing until so many seconds are over, or a key is pressed where it listens."""

    seconds: float
    listens: bool = False
    room: str = ""


class Ended(Exception):
    """The line is over."""


class Elsewhere(Exception):
    """The line goes on with another document."""

    def __init__(self, url: str) -> None:
        self.url = url


Script = Generator[Until, str, None]
"""What a line does: it yields waits and is woken by ``""`` (time) or a key."""


class World(Protocol):
    """What a line needs of the network around it."""

    now: float

    def ask(self, line: "Line", url: str) -> bytes: ...
    def failed(self, line: "Line", why: str) -> None: ...
    def length_of(self, url: str) -> float: ...
    def begin_recording(self, line: "Line", verb: Verb) -> None: ...
    def end_recording(self, line: "Line", key: str) -> str: ...
    def join(self, line: "Line", conference: Verb) -> None: ...


@dataclass
class Line:
    """A call at the carrier. ``heard`` is what was said to whoever holds the receiver, newest last."""

    sid: str
    caller: str
    called: str
    direction: str
    status: Status
    began: float
    url: str
    fallback: str = ""
    tells: str = ""
    rings: float = 0.0
    duration: float = 0.0
    answered: float | None = None
    due: float = float("inf")
    listens: bool = False
    room: str = ""
    held: bool = False
    ends_room: bool = False
    keys: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sequence: int = 0
    documents: int = 0
    script: Script | None = None
    recording: str = ""
    taped: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether it has ended, however."""
        return self.status in OVER


def run(line: Line, network: World) -> Script:
    """From its first document to its end."""
    url: str = line.url
    while True:
        line.documents += 1
        if line.documents > MOST_DOCUMENTS:
            raise BadDocument("the documents go round in a circle")
        try:
            yield from _document(line, network, url)
        except Elsewhere as way:
            url = way.url
            continue
        raise Ended


def _document(line: Line, network: World, url: str) -> Script:
    try:
        verbs = grammar.read(network.ask(line, url))
    except BadDocument as why:
        line.errors.append(str(why))
        network.failed(line, str(why))
        return
    for verb in verbs:
        line.verbs.append(verb.name)
        yield from _DOES[verb.name](line, network, verb)


def _say(line: Line, network: World, verb: Verb) -> Script:
    line.heard.append(verb.text)
    yield Until(len(verb.text) / PACE)


def _play(line: Line, network: World, verb: Verb) -> Script:
    line.heard.append(f"♪ {verb.text.rsplit('/', 1)[-1]}")
    yield Until(network.length_of(verb.text))


def _gather(line: Line, network: World, verb: Verb) -> Script:
    """Keys are heard while it speaks; what was pressed before it began counts, too."""
    wanted, end = int(verb.told.get("numDigits", 0)), verb.told.get("finishOnKey", "#")
    pressed = ""
    lengths = []
    for part in verb.inside:
        line.heard.append(part.text if part.name == "Say" else f"♪ {part.text.rsplit('/', 1)[-1]}")
        lengths.append(len(part.text) / PACE if part.name == "Say" else network.length_of(part.text))
    left, pause = sum(lengths), float(verb.seconds("timeout", 5))
    wait = left + pause
    while True:
        key = line.keys.pop(0) if line.keys else (yield Until(wait, listens=True))
        if not key or (end and key == end):
            break
        pressed, wait = pressed + key, pause
        if wanted and len(pressed) >= wanted:
            break
    if pressed:
        line.heard.append(f"[{pressed}]")
        line.extra = {"Digits": pressed}
        raise Elsewhere(verb.told["action"])


def _redirect(line: Line, network: World, verb: Verb) -> Script:
    raise Elsewhere(verb.text)
    yield Until(0)


def _hang_up(line: Line, network: World, verb: Verb) -> Script:
    raise Ended
    yield Until(0)


def _reject(line: Line, network: World, verb: Verb) -> Script:
    line.status = Status.BUSY if verb.told.get("reason") == "busy" else Status.NO_ANSWER
    raise Ended
    yield Until(0)


def _record(line: Line, network: World, verb: Verb) -> Script:
    network.begin_recording(line, verb)
    line.heard.append("[beep]")
    key = yield Until(float(verb.seconds("maxLength", 3600)), listens=True)
    raise Elsewhere(network.end_recording(line, key))


def _dial(line: Line, network: World, verb: Verb) -> Script:
    conference = verb.inside[0]
    network.join(line, conference)
    yield Until(float("inf"), room=conference.text)
    line.room = ""
    if action := verb.told.get("action"):
        line.extra = {"DialCallStatus": "completed"}
        raise Elsewhere(action)


_DOES = {
    "Say": _say,
    "Play": _play,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hang_up,
    "Reject": _reject,
    "Record": _record,
    "Dial": _dial,
}
