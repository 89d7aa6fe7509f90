"""What applying versions to open tickets would come to; nothing is written."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.services import journal
from helpdesk.services.replay import tickets
from helpdesk.services.replay.comparing import Flip
from helpdesk.services.replay.rebinding import Rebound, Versions
from helpdesk.services.replay.tickets import HEARD, Known
from helpdesk.services.sharing import Portion

BROKEN, CHANGED = "broken", "changed"
"""What applying does to a promise: it is late at once, or only another one."""


def rebound_all(ids: Portion, versions: Versions, now: datetime) -> list[Rebound | None]:
    """What the versions change about each of these tickets."""
    journals, known = journal.of_many(ids, HEARD), Known.now()
    return [versions.rebound(tickets.standing(one, known), journals.get(one.id, []), now) for one in tickets.rows(ids)]


@dataclass
class Preview:
    """What applying would come to: tickets that change, clocks late at once, deadlines missed before."""

    tickets: int = 0
    changed: int = 0
    clocks: int = 0
    breached: int = 0
    late_before: int = 0
    flips: list[Flip] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers alone."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


def previewed(ids: Portion, *, versions: Versions, now: datetime) -> Preview:
    """What applying the versions would do to these tickets; nothing is written."""
    found = Preview(tickets=len(ids))
    for one in rebound_all(ids, versions, now):
        if one is None:
            continue
        late = one.breached
        found.changed += 1
        found.clocks += len(one.had["clocks"])
        found.breached += len(late)
        found.late_before += one.late_before
        found.flips += _flips(one)
    return found


def _flips(one: Rebound) -> list[Flip]:
    """Every promise that is another one after."""
    was = {(promise.clock, reading.cycle): reading for promise, reading in one.before}
    late = {(promise.clock, reading.cycle) for promise, reading in one.breached}
    flips = []
    for promise, reading in one.after:
        before = was.get((promise.clock, reading.cycle))
        if promise.clock.value in one.had["clocks"] and reading.is_open:
            change = BROKEN if (promise.clock, reading.cycle) in late else CHANGED
            flips.append(
                Flip(
                    one.told.id, promise.clock.value, reading.cycle, change, one.told.department_id, one.told.priority,
                    before.state.value if before else None, reading.state.value,
                    before.due_at if before else None, reading.due_at,
                )
            )  # fmt: skip
    return flips
