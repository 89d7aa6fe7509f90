"""Clocks of past tickets, as they were and as they would have been: counted, and told ticket by ticket."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

import sla
from helpdesk.services import journal
from helpdesk.services.journal import Recorded
from helpdesk.services.replay import tickets
from helpdesk.services.replay.retelling import retold
from helpdesk.services.replay.tickets import HEARD, Known
from helpdesk.services.replay.worlds import Worlds
from helpdesk.services.sharing import Portion
from helpdesk.services.timers.readings import Read, readings
from helpdesk.vocabulary import ClockName
from sla import Change, ClockState

BEFORE, AFTER = "before", "after"
_JUDGED = (ClockState.MET, ClockState.BREACHED)


@dataclass(frozen=True)
class Flip:
    """A promise that would have ended otherwise; a side has no state where nothing was promised."""

    ticket_id: int
    clock: str
    cycle: int
    change: str
    department_id: int | None
    priority: str
    state_before: str | None
    state_after: str | None
    due_before: datetime | None
    due_after: datetime | None


@dataclass
class Tally:
    """Counts that add up: promises by clock, side and end; flips by change, clock, department and priority."""

    tickets: int = 0
    flipped: int = 0
    failed: int = 0
    ends: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    flips: Counter[tuple[str, str, int | None, str]] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Takes in what was counted elsewhere."""
        self.tickets += other.tickets
        self.flipped += other.flipped
        self.failed += other.failed
        self.ends += other.ends
        self.flips += other.flips

    def attainment(self, clock: str, side: str) -> sla.Attainment:
        """Promises of a clock that were kept and missed, on one side."""
        met, breached = (self.ends[clock, side, state.value] for state in _JUDGED)
        return sla.Attainment(met, breached)

    def clocks(self) -> list[str]:
        """The clocks that were judged on either side."""
        known = {clock for clock, _, _ in self.ends}
        return [name.value for name in ClockName if name in known]

    def to_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "tickets": self.tickets,
            "flipped": self.flipped,
            "failed": self.failed,
            "ends": [[*key, count] for key, count in self.ends.items()],
            "flips": [[*key, count] for key, count in self.flips.items()],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Tally":
        """Reads it back; nothing was counted where nothing is kept."""
        tally = cls(data.get("tickets", 0), data.get("flipped", 0), data.get("failed", 0))
        tally.ends.update({tuple(key): count for *key, count in data.get("ends", ())})
        tally.flips.update({tuple(key): count for *key, count in data.get("flips", ())})
        return tally


@dataclass
class Found:
    """What a portion of tickets came to."""

    tally: Tally = field(default_factory=Tally)
    flips: list[Flip] = field(default_factory=list)


def compared(ids: Portion, *, worlds: Worlds, known: Known, now: datetime) -> Found:
    """The clocks of these tickets as they are, beside what they would have been from their opening."""
    found, journals = Found(), journal.of_many(ids, HEARD)
    for row in tickets.rows(ids):
        facts = journals.get(row.id, [])
        found.tally.tickets += 1
        try:
            before = readings(facts, now)
            after = _after(facts, before, row, worlds, known, now)
        except Exception:  # one that cannot be computed is counted as such and holds up nobody
            found.tally.failed += 1
            continue
        _count(found, row, before, after)
    return found


def _after(facts: Sequence[Recorded], before: Read, row: Row[Any], worlds: Worlds, known: Known, now: datetime) -> Read:
    other = retold(facts, tickets.opened(row, facts, known), worlds, now)
    same = [fact.event for fact in facts] == [fact.event for fact in other]
    return before if same else readings(other, now)


def _count(found: Found, row: Row[Any], before: Read, after: Read) -> None:
    for side, read in ((BEFORE, before), (AFTER, after)):
        found.tally.ends.update(
            (promise.clock.value, side, reading.state.value) for promise, reading in read if reading.state in _JUDGED
        )
    if before is after:
        return
    flips = list(_flips(row, before, after))
    found.tally.flipped += bool(flips)
    found.tally.flips.update((flip.change, flip.clock, flip.department_id, flip.priority) for flip in flips)
    found.flips += flips


def _flips(row: Row[Any], before: Read, after: Read) -> Iterator[Flip]:
    earlier, later = _by_clock(before), _by_clock(after)
    for name in ClockName:
        for changed in sla.changes(earlier.get(name, ()), later.get(name, ())):
            one, other = changed.before, changed.after
            yield Flip(
                row.id, name.value, changed.cycle, changed.change.value, row.department_id, row.priority,
                one.state.value if one else None, other.state.value if other else None,
                one.due_at if one else None, other.due_at if other else None,
            )  # fmt: skip


def _by_clock(read: Iterable[Any]) -> Mapping[ClockName, list[sla.Reading]]:
    found: dict[ClockName, list[sla.Reading]] = {}
    for promise, reading in read:
        found.setdefault(promise.clock, []).append(reading)
    return found


CHANGES = tuple(change.value for change in Change)
"""The kinds of flips, in the order in which they are told."""
