"""The table of moves drawn: where each place stands, and an arrow for each way, as coordinates for inline SVG. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk.services.courses import WAITS, WORK, Edge
from helpdesk.vocabulary import WAITING, Status

WIDTH, HEIGHT = 1040, 520
LINE = 17
"""Height of a line of a label."""


@dataclass(frozen=True)
class Box:
    """A place. ``kind``: group, or how the status is coloured."""

    name: str
    kind: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[float, float]:
        """Where its name stands."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Arrow:
    """A line from edge to edge, its label by lines of verbs with where each stands, and how they are anchored."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: Sequence[tuple[float, float, str]]
    anchor: str


_FEW = {
    WORK: Box(WORK, "group", 20, 20, 520, 480),
    Status.NEW.value: Box("new", "new", 44, 84, 150, 56),
    Status.OPEN.value: Box("open", "open", 366, 84, 150, 56),
    WAITS: Box(WAITS, "group", 44, 258, 472, 218),
    Status.RESOLVED.value: Box("resolved", "resolved", 830, 60, 180, 104),
    Status.CLOSED.value: Box("closed", "closed", 830, 248, 180, 56),
    Status.CANCELLED.value: Box("cancelled", "cancelled", 830, 344, 180, 56),
    Status.MERGED.value: Box("merged", "merged", 830, 436, 180, 56),
}


def _waiting() -> dict[str, Box]:
    waits = [status.value for status in Status if status in WAITING]
    return {
        name: Box(name, "paused", 62 + (at % 2) * 222, 304 + (at // 2) * 82, 214, 64) for at, name in enumerate(waits)
    }


BOXES: Mapping[str, Box] = _FEW | _waiting()

BEGINS = Edge(Status.NEW.value, Status.OPEN.value, ("begin",))
"""Any work on what is new makes it open; that is no verb of its own."""

_Route = tuple[tuple[float, float], tuple[float, float], str]

_ROUTES: Mapping[tuple[str, str], _Route] = {
    ("new", "open"): ((194, 112), (366, 112), "middle"),
    (WORK, WAITS): ((300, 140), (300, 258), "end"),
    (WAITS, "open"): ((441, 258), (441, 140), "start"),
    (WORK, "resolved"): ((540, 138), (830, 138), "middle"),
    ("resolved", "open"): ((830, 84), (516, 84), "middle"),
    ("resolved", "closed"): ((920, 164), (920, 248), "end"),
    (WORK, "cancelled"): ((540, 372), (830, 372), "middle"),
    (WORK, "merged"): ((540, 452), (830, 452), "middle"),
    ("merged", WORK): ((830, 478), (540, 478), "below"),
}
"""Where a way begins and ends, and on which side of it its label stands; others go straight from middle to middle."""


def arrows(edges: Sequence[Edge], verbs: Mapping[str, str]) -> list[Arrow]:
    """An arrow for each, labelled in words."""
    return [_arrow(edge, [verbs.get(verb, verb) for verb in edge.verbs]) for edge in (BEGINS, *edges)]


def _arrow(edge: Edge, words: Sequence[str]) -> Arrow:
    (x1, y1), (x2, y2), side = _ROUTES.get((edge.source, edge.target)) or _straight(edge)
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    if side == "middle":  # above a level line, its last line next to it
        label = [(x, y - 8 - LINE * (len(words) - 1 - at), word) for at, word in enumerate(words)]
    elif side == "below":
        label = [(x, y + 17 + LINE * at, word) for at, word in enumerate(words)]
    else:  # beside an upright one
        beside, top = (-10 if side == "end" else 10), y + 4 - LINE * (len(words) - 1) / 2
        label = [(x + beside, top + LINE * at, word) for at, word in enumerate(words)]
    return Arrow(x1, y1, x2, y2, label, "middle" if side == "below" else side)


def _straight(edge: Edge) -> _Route:
    return BOXES[edge.source].middle, BOXES[edge.target].middle, "middle"
