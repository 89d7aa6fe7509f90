"""What goes wrong between a carrier and us: reports lost, doubled, late and out of order; answers lost on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random


@dataclass
class Faults:
    """Shares between 0 and 1; ``latest`` is the longest delay in seconds. The same seed makes the same faults.

    ``only_last``: this carrier tells of a call's end and of nothing before it.
    """

    lost: float = 0.0
    doubled: float = 0.0
    latest: float = 0.0
    replies_lost: float = 0.0
    refused: bool = False
    only_last: bool = False
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - faults on purpose

    def arrivals(self, event: str) -> Sequence[float]:
        """After which delays a report arrives: none, once, or twice."""
        if self.only_last and event not in {"completed", ""}:
            return ()
        if self.random.random() < self.lost:
            return ()
        times = 2 if self.random.random() < self.doubled else 1
        return [self.random.uniform(0, self.latest) for _ in range(times)]

    def comes_twice(self) -> bool:
        """Whether a message from outside is told twice, as a carrier does that did not hear our answer."""
        return self.random.random() < self.doubled

    def loses_reply(self) -> bool:
        """Whether the answer to a request of ours is lost on its way back."""
        return self.random.random() < self.replies_lost

    def came_through(self) -> bool:
        """Of a request whose answer is lost: whether it was done all the same."""
        return self.random.random() < 0.5
