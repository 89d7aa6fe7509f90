"""Promises as data: which targets hold for a ticket, by which policy, and why that one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from sla import form
from sla.cycle import Reopening
from sla.form import Malformed
from sla.matrix import Priority
from sla.steps import Step

_SCOPES = ("priority", "type", "service", "department", "customer")
_LONGEST = 5 * 366 * 86_400
_PAUSES: tuple[tuple[str, tuple[str, ...]], ...] = (("resolution", ("waiting_requester", "scheduled")),)


class InvalidPolicy(Malformed):
    """A policy that cannot be understood; the message names the field."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a promise may depend on of a ticket: codes and keys, empty where there is none."""

    priority: str = ""
    type: str = ""
    service: str = ""
    department: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """To which tickets something applies; an empty list asks nothing."""

    priority: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()

    def fits(self, scope: Scope) -> bool:
        """Whether every list that is given has the ticket's value."""
        return all(not (wanted := getattr(self, name)) or getattr(scope, name) in wanted for name in _SCOPES)

    @property
    def asked(self) -> tuple[str, ...]:
        """What it asks about; the more, the more specific."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name))

    @classmethod
    def from_dict(cls, data: object, field: str = "when") -> "When":
        """Reads lists by name; raises Malformed with the field's path."""
        known = form.mapping(data, field, _SCOPES)
        lists = {
            name: tuple(form.text(value, place) for place, value in form.items(known[name], f"{field}.{name}"))
            for name in known
        }
        for place, value in enumerate(lists.get("priority", ())):
            form.one_of(Priority, value, f"{field}.priority[{place}]")
        return cls(**lists)

    def to_dict(self) -> dict[str, list[str]]:
        """The form that `from_dict` reads."""
        return {name: list(getattr(self, name)) for name in self.asked}


@dataclass(frozen=True, slots=True)
class Target:
    """One promise: so many seconds of open time of a calendar ("" is the calendar of the ticket's department)."""

    clock: str
    seconds: int
    calendar: str = ""
    when: When = When()
    steps: tuple[Step, ...] = ()

    @property
    def amount(self) -> timedelta:
        """The open time that is promised."""
        return timedelta(seconds=self.seconds)

    @property
    def key(self) -> str:
        """What tells this target from the others of its policy."""
        asked = ",".join(f"{name}={'|'.join(getattr(self.when, name))}" for name in self.when.asked)
        return f"{self.clock}[{asked}]"

    @classmethod
    def from_dict(cls, data: object, field: str = "target") -> "Target":
        """Reads {"clock", "seconds", "calendar"?, "when"?, "steps"?}; raises Malformed with the field's path."""
        known = form.mapping(data, field, ("clock", "seconds", "calendar", "when", "steps"))
        seconds = form.whole(known.get("seconds"), f"{field}.seconds", 1)
        if seconds > _LONGEST:
            raise Malformed(f"{field}.seconds", "must be at most five years")
        steps = tuple(
            Step.from_dict(step, place) for place, step in form.items(known.get("steps", []), f"{field}.steps")
        )
        if len({step.key for step in steps}) < len(steps):
            raise Malformed(f"{field}.steps", "the same step stands twice")
        calendar = known.get("calendar", "")
        return cls(
            clock=form.text(known.get("clock"), f"{field}.clock"),
            seconds=seconds,
            calendar=form.text(calendar, f"{field}.calendar") if calendar != "" else "",
            when=When.from_dict(known.get("when", {}), f"{field}.when"),
            steps=steps,
        )

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        return {
            "clock": self.clock,
            "seconds": self.seconds,
            "calendar": self.calendar,
            "when": self.when.to_dict(),
            "steps": [step.to_dict() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Policy:
    """An ordered list of targets for some tickets; the first target of a clock that fits is the promise.

    `pauses` names, by clock, the status categories in which it does not run. Lower `order` goes first.
    """

    targets: tuple[Target, ...]
    pauses: tuple[tuple[str, tuple[str, ...]], ...] = _PAUSES
    reopen: Reopening = Reopening.CONTINUE
    order: int = 100
    when: When = When()

    def target(self, clock: str, scope: Scope) -> Target | None:
        """The promise of that clock for such a ticket; None when nothing is promised."""
        return next((target for target in self.targets if target.clock == clock and target.when.fits(scope)), None)

    def pausing(self, clock: str) -> tuple[str, ...]:
        """The status categories in which that clock is paused."""
        return dict(self.pauses).get(clock, ())

    @classmethod
    def from_dict(cls, data: object) -> "Policy":
        """Reads {"targets", "pauses"?, "reopen"?, "order"?, "when"?}; raises InvalidPolicy, which names the field."""
        try:
            return _read(cls, data)
        except Malformed as error:
            raise InvalidPolicy(error.field, error.reason) from None

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        return {
            "targets": [target.to_dict() for target in self.targets],
            "pauses": {clock: list(categories) for clock, categories in self.pauses},
            "reopen": self.reopen.value,
            "order": self.order,
            "when": self.when.to_dict(),
        }


def _read(cls: type[Policy], data: object) -> Policy:
    known = form.mapping(data, "policy", ("targets", "pauses", "reopen", "order", "when"))
    targets = tuple(Target.from_dict(item, place) for place, item in form.items(known.get("targets"), "targets"))
    if not targets:
        raise Malformed("targets", "must hold at least one")
    given = form.mapping(known.get("pauses", dict(_PAUSES)), "pauses")
    pauses = tuple(
        (clock, tuple(form.text(item, place) for place, item in form.items(categories, f"pauses.{clock}")))
        for clock, categories in given.items()
    )
    return cls(
        targets=targets,
        pauses=pauses,
        reopen=form.one_of(Reopening, known.get("reopen", "continue"), "reopen"),
        order=form.whole(known.get("order", 100), "order", 0),
        when=When.from_dict(known.get("when", {}), "when"),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """The policy that holds, by its key, and why: "only", "order" or "specific" before the others that fit."""

    key: str
    policy: Policy
    why: str


def choose(policies: Mapping[str, Policy] | Iterable[tuple[str, Policy]], scope: Scope) -> Choice | None:
    """Among those that fit the lowest order, then the most specific, then by key; None when none fits."""
    pairs = policies.items() if isinstance(policies, Mapping) else policies
    fitting = sorted(
        ((key, policy) for key, policy in pairs if policy.when.fits(scope)),
        key=lambda pair: (pair[1].order, -len(pair[1].when.asked), pair[0]),
    )
    if not fitting:
        return None
    key, policy = fitting[0]
    if len(fitting) == 1:
        return Choice(key, policy, "only")
    return Choice(key, policy, "order" if policy.order < fitting[1][1].order else "specific")
