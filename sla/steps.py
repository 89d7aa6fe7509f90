"""Steps of a target: what is to be done at a share of it, or so long before or after it is due."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sla import form
from sla.clock import ClockState, Reading, used_up
from sla.form import Malformed

_PERCENT = re.compile(r"([0-9]{1,4})%")


class StepAction(StrEnum):
    """What a step does."""

    WARN = "warn"
    BREACH = "breach"
    NOTIFY_OWNER = "notify-owner"
    NOTIFY_TEAM = "notify-team"
    RAISE_PRIORITY = "raise-priority"
    REASSIGN = "reassign"
    ESCALATE_TO_GROUP = "escalate-to-group"
    ESCALATE_TO_SUPERVISOR = "escalate-to-supervisor"
    NOTIFY_CUSTOMER = "notify-customer"
    TELL_CITIZEN = "tell-citizen"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `at` is "80%" of the target, or seconds of open time relative to due (negative: before).

    `to` names a group or person where the action wants one; an urgent step ignores quiet hours.
    """

    at: str | int
    do: StepAction
    urgent: bool = False
    to: str = ""

    @property
    def key(self) -> str:
        """What tells this step from the others of its target: "80%:warn", "-3600:reassign:it"."""
        at = self.at if isinstance(self.at, str) else f"{self.at:+}"
        return ":".join(part for part in (at, self.do.value, self.to) if part)

    def threshold(self, target: timedelta) -> timedelta:
        """How much of the clock's time must have elapsed; never negative."""
        if isinstance(self.at, int):
            return max(target + timedelta(seconds=self.at), timedelta())
        return target * int(self.at[:-1]) / 100

    @classmethod
    def from_dict(cls, data: object, field: str = "step") -> "Step":
        """Reads {"at", "do", "urgent"?, "to"?}; raises Malformed with the field's path."""
        known = form.mapping(data, field, ("at", "do", "urgent", "to"))
        return cls(
            at=_at(known.get("at"), f"{field}.at"),
            do=form.one_of(StepAction, known.get("do"), f"{field}.do"),
            urgent=form.flag(known.get("urgent", False), f"{field}.urgent"),
            to=form.text(known["to"], f"{field}.to") if "to" in known else "",
        )

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        named = {"to": self.to} if self.to else {}
        return {"at": self.at, "do": self.do.value, "urgent": self.urgent, **named}


class DueStep(NamedTuple):
    """A step and the moment it is, or was, to be done."""

    at: datetime
    step: Step


def next_step(reading: Reading, steps: Iterable[Step], fired: Collection[str] = ()) -> DueStep | None:
    """The earliest step that has not fired (its key is not in `fired`); None when none will come as things stand."""
    return next(iter(_in_time(reading, steps, fired)), None)


def steps_due(
    reading: Reading, steps: Iterable[Step], now: datetime, fired: Collection[str] = ()
) -> tuple[DueStep, ...]:
    """Every step whose moment has come and that has not fired, in order of time.

    A clock that has stopped still owes the steps it passed before: they were due, only nobody looked.
    """
    return tuple(due for due in _in_time(reading, steps, fired) if due.at <= now)


def _in_time(reading: Reading, steps: Iterable[Step], fired: Collection[str]) -> list[DueStep]:
    if reading.state is ClockState.WITHDRAWN:
        return []
    waiting = (step for step in steps if step.key not in fired)
    moments = ((used_up(reading.stretches, step.threshold(reading.target)), step) for step in waiting)
    return sorted((DueStep(at, step) for at, step in moments if at), key=lambda due: due.at)


def _at(value: object, field: str) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value)):
        return f"{int(found[1])}%"
    raise Malformed(field, 'must be a share of the target like "80%" or whole seconds relative to due')
