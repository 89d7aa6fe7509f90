"""One promise: an amount of open time, or of days as the law counts them, with its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sla import form
from sla.calendar import Calendar
from sla.form import Malformed
from sla.scope import When
from sla.steps import Step
from sla.zone import load

_LONGEST = 5 * 366 * 86_400
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Target:
    """So many seconds of open time of a calendar ("" is the calendar of the ticket's department).

    With `days` it is a number of days of the law instead: the day of the start does not count, and the last one
    counts to its end, whatever is open; `seconds` is then what so many days have as a rule.
    """

    clock: str
    seconds: int
    calendar: str = ""
    when: When = When()
    steps: tuple[Step, ...] = ()
    days: int = 0

    @property
    def amount(self) -> timedelta:
        """The time that is promised; for days of the law only as a rule, see `promised`."""
        return timedelta(seconds=self.seconds)

    @property
    def key(self) -> str:
        """What tells this target from the others of its policy."""
        asked = ",".join(f"{name}={'|'.join(getattr(self.when, name))}" for name in self.when.asked)
        return f"{self.clock}[{asked}]"

    def promised(self, start: datetime, calendar: Calendar, more_days: int = 0) -> timedelta:
        """The time that is promised to what starts then: open time, or up to the end of the last day of the law.

        `more_days` lengthens a number of days. Raises ValueError for a time without a zone.
        """
        if start.tzinfo is None:
            raise ValueError("a moment needs a zone")
        if not self.days:
            return self.amount
        zone = load(calendar.tz)
        last = start.astimezone(zone).date() + timedelta(days=self.days + more_days)
        ends = datetime.combine(last + timedelta(days=1), time(), zone)
        return ends.astimezone(UTC) - start.astimezone(UTC)

    @classmethod
    def from_dict(cls, data: object, field: str = "target") -> "Target":
        """Reads {"clock", "seconds" or "days", "calendar"?, "when"?, "steps"?}; raises Malformed with the path."""
        known = form.mapping(data, field, ("clock", "seconds", "days", "calendar", "when", "steps"))
        seconds, days = _amount(known, field)
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
            days=days,
        )

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        amount = {"days": self.days} if self.days else {"seconds": self.seconds}
        return {
            "clock": self.clock,
            **amount,
            "calendar": self.calendar,
            "when": self.when.to_dict(),
            "steps": [step.to_dict() for step in self.steps],
        }


def _amount(known: Mapping[str, object], field: str) -> tuple[int, int]:
    """Seconds and days, whichever of them is given."""
    if "days" in known and "seconds" in known:
        raise Malformed(f"{field}.days", "give seconds or days, not both")
    if "days" in known:
        days = form.whole(known["days"], f"{field}.days", 1)
        seconds = days * _DAY
    else:
        days, seconds = 0, form.whole(known.get("seconds"), f"{field}.seconds", 1)
    if seconds > _LONGEST:
        raise Malformed(f"{field}.{'days' if days else 'seconds'}", "must be at most five years")
    return seconds, days
