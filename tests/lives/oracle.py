"""What the clocks of a life come to, told the slow way: every minute is lived through and counted.

Minutes count from a beginning; a fact is told by its minute, its name and what belongs to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Flags = Callable[[str, int], bool]
"""Whether a calendar, given by its key, is open in a minute."""


class Fact(NamedTuple):
    """Something that happened."""

    minute: int
    name: str
    value: Any = None


@dataclass(frozen=True)
class Terms:
    """What is promised, in minutes of open time of a calendar."""

    minutes: int
    calendar: str


@dataclass(frozen=True)
class Rules:
    """Everything that was agreed. ``promised`` gives a clock's terms by (clock, priority, department, supplier)."""

    promised: Callable[[str, str, str, str], Terms | None]
    pausing: dict[str, frozenset[str]]
    goes_on: bool


@dataclass
class Cycle:
    """One life of a clock."""

    start: int
    terms: Terms
    elapsed: int = 0
    paused: int = 0
    stop: int | None = None
    withdrawn: bool = False
    seen: list[tuple[int, int, bool]] = field(default_factory=list)
    changed: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Neither stopped nor withdrawn."""
        return self.stop is None

    def end(self, minute: int, withdrawn: bool = False) -> None:
        """It ends in that minute."""
        if self.is_open:
            self.stop, self.withdrawn = minute, withdrawn

    def reached(self, amount: int, before: int | None = None) -> int | None:
        """The first edge at which it ran with so much behind it."""
        return next(
            (at for at, spent, ran in self.seen if ran and spent >= amount and (before is None or at < before)), None
        )

    def told(self, waits: bool) -> dict[str, Any]:
        """What is to be compared."""
        breached = self.reached(self.terms.minutes)
        state = "withdrawn" if self.withdrawn else "breached" if breached is not None else ""
        state = state or ("met" if self.stop is not None else "paused" if waits else "running")
        return {
            "state": state,
            "start": self.start,
            "stop": self.stop,
            "target": self.terms.minutes,
            "elapsed": self.elapsed,
            "paused": self.paused,
            "breached": None if self.withdrawn else breached,
            "late": max(0, self.elapsed - self.terms.minutes),
            "missed": sum(self.reached(old, at) is not None for at, old in self.changed),
        }


NAMES = ("acknowledge", "first_response", "next_response", "update", "resolution", "ola", "ua", "callback")


@dataclass
class World:
    """A ticket as it stands in a minute, with all its clocks."""

    rules: Rules
    flags: Flags
    priority: str
    department: str
    status: str = "new"
    supplier: str = ""
    answered: bool = False
    cycles: dict[str, list[Cycle]] = field(default_factory=lambda: {name: [] for name in NAMES})

    def live(self, facts: Sequence[Fact], until: int) -> dict[str, list[dict[str, Any]]]:
        """Lives through every minute; what each cycle of each clock came to."""
        waiting = list(facts)
        for minute in range(facts[0].minute, until + 1):
            while waiting and waiting[0].minute == minute:
                self._take(waiting.pop(0))
            for name, cycle in self._open():
                waits = self._waits(name)
                cycle.seen.append((minute, cycle.elapsed, not waits))
                if minute < until and self.flags(cycle.terms.calendar, minute):
                    cycle.elapsed += not waits
                    cycle.paused += waits
        return {name: [one.told(self._waits(name)) for one in cycles] for name, cycles in self.cycles.items() if cycles}

    def _open(self) -> list[tuple[str, Cycle]]:
        return [(name, cycle) for name, cycles in self.cycles.items() for cycle in cycles if cycle.is_open]

    def _waits(self, name: str) -> bool:
        return self.status in self.rules.pausing.get(name, frozenset())

    def _take(self, fact: Fact) -> None:
        getattr(self, f"_{fact.name}")(fact.minute, fact.value)

    def _terms(self, name: str) -> Terms | None:
        return self.rules.promised(name, self.priority, self.department, self.supplier)

    def _start(self, name: str, minute: int, terms: Terms | None = None) -> None:
        agreed = terms or self._terms(name)
        if agreed and not self._running(name):
            self.cycles[name].append(Cycle(minute, agreed))

    def _running(self, name: str) -> bool:
        return any(cycle.is_open for cycle in self.cycles[name])

    def _end(self, minute: int, *names: str, withdrawn: bool = False) -> None:
        for name in names:
            for cycle in self.cycles[name]:
                cycle.end(minute, withdrawn)

    def _agree_again(self, minute: int) -> None:
        """What runs is held to what is promised to such a ticket now."""
        for name, cycle in self._open():
            terms = None if name == "callback" else self._terms(name)
            if terms and terms != cycle.terms:
                cycle.changed.append((minute, cycle.terms.minutes))
                cycle.terms = terms

    def _opened(self, minute: int, by_staff: bool) -> None:
        self.answered = by_staff
        for name in ("resolution", "ola", *(() if by_staff else ("acknowledge", "first_response"))):
            self._start(name, minute)

    def _noticed(self, minute: int, _: Any) -> None:
        self._end(minute, "acknowledge")

    def _wrote(self, minute: int, _: Any) -> None:
        if self.answered:
            self._start("next_response", minute)

    def _replied(self, minute: int, _: Any) -> None:
        self.answered = True
        self._end(minute, "first_response", "next_response", "update")
        self._start("update", minute)

    def _stands(self, minute: int, status: str) -> None:
        self.status = status

    def _unneeded(self, minute: int, _: Any) -> None:
        self._end(minute, "next_response", withdrawn=True)

    def _resolved(self, minute: int, _: Any) -> None:
        self.answered, self.status, self.supplier = True, "resolved", ""
        self._end(minute, "first_response", "next_response", "update", "resolution", "ola", "ua")
        self._end(minute, "acknowledge", "callback", withdrawn=True)

    def _reopened(self, minute: int, _: Any) -> None:
        self.status = "open"
        last = self.cycles["resolution"][-1]
        if self.rules.goes_on or last.withdrawn:
            last.stop, last.withdrawn = None, False
        else:
            self._start("resolution", minute, last.terms)
        self._start("ola", minute)
        self._agree_again(minute)

    def _dropped(self, minute: int, _: Any) -> None:
        self._end(minute, *NAMES, withdrawn=True)

    def _moved(self, minute: int, department: str) -> None:
        self.department = department
        self._end(minute, "ola")
        self._start("ola", minute)
        self._agree_again(minute)

    def _became(self, minute: int, priority: str) -> None:
        self.priority = priority
        self._agree_again(minute)

    def _engaged(self, minute: int, supplier: str) -> None:
        self.supplier = supplier
        self._end(minute, "ua")
        self._start("ua", minute)

    def _delivered(self, minute: int, _: Any) -> None:
        self._end(minute, "ua")

    def _promised(self, minute: int, until: int) -> None:
        self._start("callback", minute, Terms(until - minute, "always"))

    def _called_off(self, minute: int, _: Any) -> None:
        self._end(minute, "callback", withdrawn=True)

    def _rang(self, minute: int, reached: bool) -> None:
        self._end(minute, "callback")
        if reached:
            self._replied(minute, None)


def undone(facts: Iterable[Fact]) -> list[Fact]:
    """Without replies that were taken back and mergers that were undone, nor what says so."""
    found = list(facts)
    taken_back = {fact.value for fact in found if fact.name == "took_back"}
    parted = sum(fact.name == "parted" for fact in found)
    mergers = [at for at, fact in enumerate(found) if fact.name == "merged"][:parted]
    return [
        fact._replace(name="dropped") if fact.name == "merged" else fact
        for at, fact in enumerate(found)
        if at not in mergers
        and fact.name not in ("took_back", "parted")
        and not (fact.name == "replied" and fact.value in taken_back)
    ]
