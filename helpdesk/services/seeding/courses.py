"""Courses of tickets, worked out by the same arithmetic as live clocks; each serves many tickets, moved by minutes."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sla
from helpdesk import events
from helpdesk.clock import NEVER
from helpdesk.services import clocks, rulebook
from helpdesk.services.clocks import Promise
from helpdesk.services.journal import Recorded
from helpdesk.services.patience import closes_after
from helpdesk.services.seeding.ground import Place
from helpdesk.services.timers.offers import Offer, Offered
from helpdesk.services.timers.promises import started
from helpdesk.services.timers.readings import readings, running_due
from helpdesk.vocabulary import ActorKind, RulebookKind, Status
from sla import Calendar, Level, Reading, StepAction

SLACK = timedelta(minutes=10)
"""By less than this a course may be moved and stays right: nothing in it is so near to a closing time."""

MESSAGES = (1, 2, 3)
"""What stands for the ids of its messages, in the order in which they are said."""

_ENDS = (
    ("closed", 74), ("resolved", 4), ("closed-late", 2), ("new", 6), ("taken", 5), ("answered", 4), ("waiting", 4),
    ("late", 1),
)  # fmt: skip
OPEN = frozenset({"new", "taken", "answered", "waiting", "late"})


class Scoped(NamedTuple):
    """What promises depend on, by the names of the table's columns."""

    id: int
    priority: str
    type: str
    service: str
    department: str
    calendar_key: str
    customer: str = ""
    supplier: str = ""
    major: str = ""


@dataclass(frozen=True)
class Fired:
    """A step that took effect."""

    promise: Promise
    cycle: int
    step: sla.Step
    at: datetime


@dataclass(frozen=True)
class Course:
    """Everything about a ticket but its number, its words and who asked."""

    place: Place
    service: Any
    agent: int
    scoped: Scoped
    matrix_id: int
    impact: str
    urgency: str
    status: Status
    received: datetime
    answered: datetime | None
    waiting_until: datetime | None
    taken: datetime | None
    resolved: datetime | None
    closed: datetime | None
    facts: tuple[Recorded, ...] = ()
    clocks: tuple[tuple[Promise, Reading], ...] = ()
    fired: tuple[Fired, ...] = ()

    @property
    def messages(self) -> int:
        """How many there are."""
        return 1 + (self.answered is not None) + (self.resolved is not None)

    @property
    def next_due(self) -> datetime:
        """Its place in the queue."""
        return min((running_due(reading) for _, reading in self.clocks), default=NEVER)


class Author:
    """Thinks courses out, as of one moment."""

    def __init__(self, places: Sequence[Place], chance: random.Random, now: datetime, days: int) -> None:
        self.places, self.chance, self.now, self.days = places, chance, now, days
        self._offer = Offer(rulebook.all_in_force(RulebookKind.POLICY))
        self._matrix = rulebook.in_force(RulebookKind.MATRIX)
        self._silence = closes_after()

    def course(self) -> Course:
        """One that can be moved by the slack."""
        while True:
            course = self._course()
            if course is not None and self._is_safe(course):
                return course

    def _course(self) -> Course | None:
        place = self.chance.choice(self.places)
        service = self.chance.choice(place.services) if place.services else None
        scoped, impact, urgency = self._scoped(place, service)
        offered = self._promised(scoped)
        end = self.chance.choices([name for name, _ in _ENDS], [weight for _, weight in _ENDS])[0]
        moments = self._moments(end, offered)
        if moments is None:
            return None
        course = Course(
            place, service, self.chance.choice(place.agents), scoped, self._matrix.id, impact, urgency, **moments
        )
        begun = [started(one.term, 1, course.received, course.received) for one in offered]
        return self._timed(replace(course, facts=_facts(course, begun)))

    def _promised(self, scoped: Scoped) -> list[Offered]:
        """All but days of the law, which end at midnight and so cannot be moved by minutes."""
        return [one for one in self._offer.to(scoped) if not one.term.target.days]  # type: ignore[arg-type]

    def _scoped(self, place: Place, service: Any) -> tuple[Scoped, str, str]:
        impact = self.chance.choices(list(Level), (15, 60, 25))[0]
        urgency = self.chance.choices(list(Level), (20, 55, 25))[0]
        priority = self._matrix.value.priority(impact, urgency).value
        department, kind = place.department, service.type if service else "request"
        scoped = Scoped(
            0, priority, kind, service.key if service else "", department.key, department.calendar_key or ""
        )
        return scoped, impact.value, urgency.value

    def _moments(self, end: str, offered: Sequence[Offered]) -> dict[str, Any] | None:
        """When what happens, in open time, as shares of what is promised; None where it would lie in the future."""
        known = {one.term.clock.value: one.term for one in offered}
        first, last = known["first_response"], known["resolution"]
        calendar: Calendar = last.calendar.value
        back = self.chance.uniform(0.02, 6 if end in OPEN - {"late"} else self.days)
        received = calendar.next_opening(self.now - timedelta(days=back)) + timedelta(
            minutes=self.chance.randint(0, 400)
        )
        taken = calendar.after(received, first.target.amount * self.chance.uniform(0.05, 0.5))
        answered = calendar.after(taken, first.target.amount * self.chance.uniform(0.02, 0.4))
        share = self.chance.uniform(1.05, 1.6) if end == "closed-late" else self.chance.uniform(0.3, 0.85)
        resolved = max(calendar.after(received, last.target.amount * share), answered + timedelta(minutes=15))
        ended = end.startswith("closed") or end == "resolved"
        return {
            "status": _STATUS[end],
            "received": received,
            "taken": taken if end != "new" else None,
            "answered": answered if end not in ("new", "taken") else None,
            "waiting_until": self.now + timedelta(days=self.chance.randint(1, 5)) if end == "waiting" else None,
            "resolved": resolved if ended else None,
            "closed": resolved + self._silence if end.startswith("closed") else None,
        }

    def _timed(self, course: Course) -> Course:
        """With its clocks as they stand now and the steps they passed."""
        pairs = readings(course.facts, self.now)
        fired = tuple(
            Fired(promise, reading.cycle, step, at)
            for promise, reading in pairs
            for at, step in sla.steps_due(reading, promise.target.steps, self.now)
        )
        told = sorted([*course.facts, *_told(fired)], key=lambda fact: fact.at)
        return replace(course, facts=tuple(told), clocks=tuple(pairs), fired=fired)

    def _is_safe(self, course: Course) -> bool:
        """Nothing lies in the future or so near to a closing time or to now that moving would change it."""
        calendar: Calendar = course.clocks[0][0].calendar.value
        done = [course.received, course.taken, course.answered, course.resolved, course.closed]
        past = [at for at in (*done, *(one.at for one in course.fired)) if at is not None]
        rows = [_row(pair, course.fired) for pair in course.clocks]
        dues = [row[name] for row in rows for name in ("due_at", "next_step_at") if row[name] is not None]
        worked = [at for at in (*past, *dues) if at != course.closed]
        return (
            max(past) < self.now - SLACK
            and all(abs(at - self.now) > SLACK for at in dues)
            and all(calendar.worked(at, at + SLACK) == SLACK for at in worked)
            and not any(one.step.do in _CHANGING for one in course.fired)
        )


_STATUS = {
    "closed": Status.CLOSED, "closed-late": Status.CLOSED, "resolved": Status.RESOLVED, "new": Status.NEW,
    "taken": Status.OPEN, "answered": Status.OPEN, "late": Status.OPEN, "waiting": Status.WAITING_REQUESTER,
}  # fmt: skip
ESCALATES = frozenset({StepAction.ESCALATE_TO_SUPERVISOR, StepAction.ESCALATE_TO_GROUP})
_CHANGING = frozenset({StepAction.RAISE_PRIORITY, StepAction.REASSIGN})


def _row(pair: tuple[Promise, Reading], fired: Sequence[Fired]) -> dict[str, Any]:
    promise, reading = pair
    keys = {one.step.key for one in fired if (one.promise, one.cycle) == (promise, reading.cycle)}
    return clocks.row(0, promise, reading, keys)


def rows(course: Course) -> list[dict[str, Any]]:
    """The clocks as rows of their table."""
    return [_row(pair, course.fired) for pair in course.clocks]


def _told(fired: Sequence[Fired]) -> Iterator[Recorded]:
    """Each step as a fact; an escalation as another, of a ticket that stays with whoever has it."""
    level = 0
    for one in sorted(fired, key=lambda one: one.at):
        clock, key = one.promise.clock.value, one.step.key
        fact = events.ClockStepFired(clock, one.cycle, key, one.step.do.value, one.at.isoformat(), 0)
        yield Recorded(0, one.at, ActorKind.SYSTEM, None, fact)
        if one.step.do in ESCALATES:
            level += 1
            yield Recorded(0, one.at, ActorKind.SYSTEM, None, events.TicketEscalated(level, reason=f"{clock} {key}"))


def _facts(course: Course, started: Sequence[events.ClockStarted]) -> tuple[Recorded, ...]:
    """The journal of live work, in its order."""
    first, second, third = MESSAGES
    found: list[tuple[datetime, ActorKind, events.Event]] = [
        (
            course.received,
            ActorKind.CITIZEN,
            events.TicketOpened("webform", course.received.isoformat(), first),
        ),
        (course.received, ActorKind.SYSTEM, _routed(course)),
        *((course.received, ActorKind.SYSTEM, one) for one in started),
    ]
    if course.taken:
        found += [(course.taken, ActorKind.STAFF, fact) for fact in _taken(course.agent, course.place.owner)]
    if course.answered:
        found.append((course.answered, ActorKind.STAFF, events.ReplySent(second, "email")))
    if course.answered and course.waiting_until:
        until, reason = course.waiting_until.isoformat(), "needs_information"
        moved = events.StatusChanged(Status.WAITING_REQUESTER.value, Status.OPEN.value, reason, until)
        found.append((course.answered, ActorKind.STAFF, moved))
    if course.resolved:
        found.append((course.resolved, ActorKind.STAFF, events.ReplySent(third, "email")))
        found.append((course.resolved, ActorKind.STAFF, events.TicketResolved("solved", third)))
    if course.closed:
        found.append((course.closed, ActorKind.SYSTEM, events.TicketClosed("silence")))
    return tuple(Recorded(0, at, kind, _who(kind, course), fact) for at, kind, fact in found)


def _routed(course: Course) -> events.TicketRouted:
    service = course.service.id if course.service else None
    return events.TicketRouted("service", course.place.department.id, service, owner_id=course.place.owner)


def _taken(agent: int, owner: int) -> tuple[events.Event, ...]:
    owned = () if agent == owner else (events.OwnerChanged(agent, owner),)
    return (
        events.TicketAcknowledged(),
        events.TicketAssigned(agent, None, taken=True),
        *owned,
        events.StatusChanged(Status.OPEN.value, Status.NEW.value),
    )


def _who(kind: ActorKind, course: Course) -> int | None:
    return {ActorKind.STAFF: course.agent, ActorKind.CITIZEN: -1}.get(kind)
