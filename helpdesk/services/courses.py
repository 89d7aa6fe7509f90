"""The table of moves as places where tickets stand and the verbs that lead between them. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from helpdesk.services.published import Published
from helpdesk.vocabulary import FINISHED, WAITING, Status

WORK, WAITS = "work", "waiting"
"""Places that hold several statuses: all that is being worked on, and what of it waits."""

GROUPS: Mapping[str, frozenset[Status]] = {WORK: frozenset(Status) - FINISHED, WAITS: WAITING}


@dataclass(frozen=True)
class Edge:
    """From one place to another by any of these verbs."""

    source: str
    target: str
    verbs: tuple[str, ...]


def edges(table: Sequence[Published]) -> list[Edge]:
    """Every way that the table has, its verbs together; what stays in its place is no way."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in table:
        for source in _places(line.sources):
            for target in _places(line.targets):
                found.setdefault((source, target), []).append(line.verb)
    return [Edge(*pair, tuple(verbs)) for pair, verbs in found.items()]


def staying(table: Sequence[Published]) -> list[str]:
    """The verbs that leave a ticket in its place."""
    return [line.verb for line in table if not line.targets]


def _places(statuses: Collection[Status]) -> list[str]:
    """As few places as hold exactly these statuses, or all that wait where only some of them are meant."""
    left, places = set(statuses), []
    for name, group in GROUPS.items():
        if group <= left:
            places.append(name)
            left -= group
    if left and left < WAITING:
        return [*places, WAITS]
    return places + [status.value for status in Status if status in left]
