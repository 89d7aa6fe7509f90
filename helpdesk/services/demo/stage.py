"""Plays stories on the past: whoever acts next acts, and what runs by the clock runs in between, at its moment."""

import heapq
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import count

from sqlalchemy import text, update

from helpdesk.db import db, savepoint, table
from helpdesk.errors import HelpdeskError
from helpdesk.models.post import Outbound
from helpdesk.services import patience, rulebook, timers, upkeep
from helpdesk.services.demo.house import House
from helpdesk.services.outbox.settlement import Outcome, settle
from helpdesk.vocabulary import Delivery, RulebookKind
from sla import Calendar

Story = Iterator[datetime]
"""What happens, as a generator that gives the moment at which it wants to go on."""

GONE = "moved."
"""Addresses that begin so cannot be reached any more."""

_MOST = 5_000
"""Acts of the clock between two acts of people; more never end."""

_ROWS = table(Outbound)

_DUE = text(
    """
    select (select min(next_step_at) from ticket_clock where next_step_at is not null) as timers,
           (select min(due_at) from outbound where state = 'waiting') as post,
           (select min(waiting_until) from ticket where waiting_until is not null) as waiting,
           (select min(resolved_at) from ticket where status = 'resolved') + :silence as silence
    """
)


class Stage:
    """The municipality at one moment of its past, and who waits to act."""

    def __init__(self, house: House, chance: random.Random, begins: datetime) -> None:
        self.house, self.chance, self.now = house, chance, begins
        self.refused: list[str] = []
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._order = count()
        self._silence = patience.closes_after()
        known = rulebook.all_in_force(RulebookKind.CALENDAR)
        self._acts: Mapping[str, Callable[[datetime], object]] = {
            "timers": timers.tick,
            "post": self._post,
            "waiting": upkeep.resume_due,
            "silence": upkeep.close_silent,
        }
        self.calendars: dict[str, Calendar] = {key: version.value for key, version in known.items()}

    def enter(self, story: Story, at: datetime) -> None:
        """Lets a story begin at that moment."""
        heapq.heappush(self._waiting, (at, next(self._order), story))

    def play(self, until: datetime, progress: Callable[[float], None]) -> None:
        """Everything up to that moment; what would come later stays untold."""
        begins = self.now
        while self._waiting and self._waiting[0][0] <= until:
            moment, _, story = heapq.heappop(self._waiting)
            self._let_run_to(moment)
            self.now = moment
            self._go_on(story)
            progress((moment - begins) / (until - begins))
        self._let_run_to(until)
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

    def _let_run_to(self, moment: datetime) -> None:
        """Timers, post, ends of waiting and silence, each at its own moment."""
        for _ in range(_MOST):
            due = {name: at for name, at in self._due().items() if at is not None and at <= moment}
            if not due:
                return
            name = min(due, key=lambda one: due[one])
            self.now = max(self.now, due[name])
            self._acts[name](self.now)
        raise RuntimeError("something that is due by the clock does not end")

    def _due(self) -> Mapping[str, datetime | None]:
        return db.session.execute(_DUE, {"silence": self._silence}).mappings().one()  # type: ignore[return-value]

    def _post(self, at: datetime) -> None:
        due = (_ROWS.c.state == Delivery.WAITING, _ROWS.c.due_at <= at)
        claimed = update(_ROWS).where(*due).values(state=Delivery.SENDING, claimed_at=at, attempts=1)
        for row in db.session.execute(claimed.returning(_ROWS)).all():
            gone = str(row.payload["to_address"]).startswith(GONE)
            outcome = Outcome(Delivery.REFUSED, "550 5.1.1 no such mailbox") if gone else Outcome(Delivery.SENT)
            settle(row, outcome, at)
