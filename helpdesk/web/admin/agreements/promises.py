"""A policy's targets as people read them: one promise a clock, with an amount for each priority, and back again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sla import Policy, Priority, Step, Target, When

EVERY = "every"
"""The cell of every priority that has none of its own."""
CELLS = (*(priority.value for priority in Priority), EVERY)


@dataclass(frozen=True)
class Promise:
    """The targets of a clock that differ only by priority; amounts in seconds, or in days of the law.

    ``when`` is what they ask beside the priority, ``places`` where each cell's target stands in the policy.
    """

    clock: str
    by_days: bool
    calendar: str
    when: When
    steps: tuple[Step, ...]
    cells: Mapping[str, int]
    places: Mapping[str, int] = field(default_factory=dict)

    def targets(self) -> list[dict[str, Any]]:
        """The form that policies are read from: those of a priority first, then the one of all others."""
        return [self._target(cell) for cell in CELLS if cell in self.cells]

    def _target(self, cell: str) -> dict[str, Any]:
        asked = self.when if cell == EVERY else replace(self.when, priority=(cell,))
        return {
            "clock": self.clock,
            "days" if self.by_days else "seconds": self.cells[cell],
            "calendar": self.calendar,
            "when": asked.to_dict(),
            "steps": [step.to_dict() for step in self.steps],
        }


def promises(policy: Policy) -> list[Promise]:
    """The targets put together, clock by clock; among those of a clock the order, which decides, stays."""
    found: list[Promise] = []
    for place, target in enumerate(policy.targets):
        one = _promise(target, place)
        at = _fitting(found, one)
        if at is None:
            found.append(one)
        else:
            cells, places = {**found[at].cells, **one.cells}, {**found[at].places, **one.places}
            found[at] = replace(found[at], cells=cells, places=places)
    clocks = list(dict.fromkeys(one.clock for one in found))
    return sorted(found, key=lambda one: clocks.index(one.clock))


def _promise(target: Target, place: int) -> Promise:
    cells = target.when.priority or (EVERY,)
    amount = target.days or target.seconds
    return Promise(
        target.clock, bool(target.days), target.calendar, replace(target.when, priority=()), target.steps,
        dict.fromkeys(cells, amount), dict.fromkeys(cells, place),
    )  # fmt: skip


def _fitting(found: Sequence[Promise], one: Promise) -> int | None:
    """The last promise of that clock, if this target differs from it by priority alone and comes before no other."""
    last = next((at for at in reversed(range(len(found))) if found[at].clock == one.clock), None)
    if last is None:
        return None
    before = found[last]
    alike = replace(before, cells={}, places={}) == replace(one, cells={}, places={})
    return last if alike and EVERY not in before.cells and not before.cells.keys() & one.cells.keys() else None


def targets(found: Iterable[Promise]) -> list[dict[str, Any]]:
    """All of them as a policy's data."""
    return [target for one in found for target in one.targets()]
