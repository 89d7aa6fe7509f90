"""Plays stories on the past: whoever acts next acts, and what runs by the clock runs in between, at its moment."""

import heapq
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count

from helpdesk.db import savepoint
from helpdesk.errors import HelpdeskError
from helpdesk.services import rulebook
from helpdesk.services.demo.house import House
from helpdesk.services.demo.letters import GONE
from helpdesk.services.hindsight import Hindsight, arrived
from helpdesk.services.outbox.settlement import Outcome
from helpdesk.vocabulary import Delivery, RulebookKind
from sla import Calendar

Story = Iterator[datetime]
"""What happens, as a generator that gives the moment at which it wants to go on."""


class Stage:
    """The municipality at one moment of its past, and who waits to act."""

    def __init__(self, house: House, chance: random.Random, begins: datetime) -> None:
        self.house, self.chance, self.now = house, chance, begins
        self.refused: list[str] = []
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._order = count()
        self._clock = Hindsight(post=_ended)
        known = rulebook.all_in_force(RulebookKind.CALENDAR)
        self.calendars: dict[str, Calendar] = {key: version.value for key, version in known.items()}

    def enter(self, story: Story, at: datetime) -> None:
        """Lets a story begin at that moment."""
        heapq.heappush(self._waiting, (at, next(self._order), story))

    def play(self, until: datetime, progress: Callable[[float], None]) -> None:
        """Everything up to that moment; what would come later stays untold."""
        begins = self.now
        while self._waiting and self._waiting[0][0] <= until:
            moment, _, story = heapq.heappop(self._waiting)
            self._clock.run(self.now, moment)
            self.now = moment
            self._go_on(story)
            progress((moment - begins) / (until - begins))
        self._clock.run(self.now, until)
        self.now = until

    def _go_on(self, story: Story) -> None:
        """A story that a service refuses ends there, as if nobody had tried."""
        try:
            with savepoint():
                wanted = next(story, None)
        except HelpdeskError as refused:
            self.refused.append(f"{refused.code}: {refused}")
            return
        if wanted is not None:
            self.enter(story, max(wanted, self.now))


def _ended(address: str) -> Outcome:
    if address.startswith(GONE):
        return Outcome(Delivery.REFUSED, "550 5.1.1 no such mailbox")
    return arrived(address)
