"""How many promises were kept: readings to shares."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sla.clock import ClockState, Reading

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Attainment:
    """Promises kept and missed. What lapsed (withdrawn) or is still open within its time counts in neither."""

    met: int
    breached: int

    @property
    def n(self) -> int:
        """How many promises were judged."""
        return self.met + self.breached

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None when nothing was judged."""
        return self.met / self.n if self.n else None


def attainment(readings: Iterable[Reading]) -> Attainment:
    """Counts readings by how they ended."""
    states = Counter(reading.state for reading in readings)
    return Attainment(states[ClockState.MET], states[ClockState.BREACHED])


def by_group(readings: Iterable[tuple[Group, Reading]]) -> dict[Group, Attainment]:
    """The same by whatever the readings are marked with (a target, a month, a department)."""
    groups: dict[Group, list[Reading]] = {}
    for group, reading in readings:
        groups.setdefault(group, []).append(reading)
    return {group: attainment(found) for group, found in groups.items()}
