"""How long a ticket may wait for a reason, when somebody is reminded, and how waiting ends. Pure.

Amounts are calendar days, as people count them. What is due on a day falls to the hour at which waiting began and,
where the calendar is closed then, to its next opening.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sla import form
from sla.calendar import Calendar
from sla.form import Malformed

_LONGEST_DAYS = 2 * 366
_KEYS = ("longest_days", "first_days", "again_days", "warn_days", "end")


class InvalidWaiting(Malformed):
    """Rules of waiting that cannot be understood; the message names the field."""


class WaitingEnd(StrEnum):
    """What becomes of a ticket that waited as long as it may."""

    OPEN = "open"
    RESOLVED = "resolved"


class WaitingAct(StrEnum):
    """What is done by the clock while a ticket waits."""

    REMIND = "remind"
    WARN = "warn"
    END = "end"


@dataclass(frozen=True, slots=True)
class WaitingRule:
    """The rule of one reason, in calendar days; none of a reminder is 0.

    The first reminder comes ``first_days`` after the beginning, others ``again_days`` apart; the last one, which says
    what follows, ``warn_days`` before the end. Only after that one may waiting end in "resolved".
    """

    longest_days: int
    first_days: int = 0
    again_days: int = 0
    warn_days: int = 0
    end: WaitingEnd = WaitingEnd.OPEN

    @classmethod
    def from_dict(cls, data: object, field: str = "rule") -> "WaitingRule":
        """Reads {"longest_days", "first_days"?, "again_days"?, "warn_days"?, "end"?}; raises Malformed."""
        known = form.mapping(data, field, _KEYS)
        days = {name: form.whole(known.get(name, 0), f"{field}.{name}", 0) for name in _KEYS[1:4]}
        rule = cls(
            form.whole(known.get("longest_days"), f"{field}.longest_days", 1),
            **days,
            end=form.one_of(WaitingEnd, known.get("end", "open"), f"{field}.end"),
        )
        _require_sense(rule, field)
        return rule

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        return {name: getattr(self, name) for name in _KEYS[:4]} | {"end": self.end.value}


def _require_sense(rule: WaitingRule, field: str) -> None:
    if rule.longest_days > _LONGEST_DAYS:
        raise Malformed(f"{field}.longest_days", f"must be at most {_LONGEST_DAYS}")
    if rule.again_days and not rule.first_days:
        raise Malformed(f"{field}.again_days", "needs a first reminder")
    for name in ("first_days", "warn_days"):
        if getattr(rule, name) >= rule.longest_days:
            raise Malformed(f"{field}.{name}", "must be less than the longest wait")
    if rule.end is WaitingEnd.RESOLVED and not rule.warn_days:
        raise Malformed(f"{field}.warn_days", "is needed where waiting ends in resolved: nobody may be surprised by it")


USUAL = WaitingRule(longest_days=30)
"""What holds for a reason of which the rules do not know."""


@dataclass(frozen=True)
class WaitingRules:
    """A rule for each reason; reasons are codes of the application."""

    rules: tuple[tuple[str, WaitingRule], ...]

    def of(self, reason: str) -> WaitingRule:
        """The rule of that reason."""
        return dict(self.rules).get(reason, USUAL)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "WaitingRules":
        """Reads {"reasons": {reason: rule}}; raises InvalidWaiting, which names the field."""
        try:
            known = form.mapping(form.mapping(data, "waiting", ("reasons",)).get("reasons"), "reasons")
            return cls(tuple((name, WaitingRule.from_dict(rule, f"reasons.{name}")) for name, rule in known.items()))
        except Malformed as error:
            raise InvalidWaiting(error.field, error.reason) from None

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        return {"reasons": {name: rule.to_dict() for name, rule in self.rules}}


@dataclass(frozen=True, slots=True)
class Wait:
    """A ticket that waits: since when, until when at the latest (None: nobody said), and who was reminded when."""

    since: datetime
    until: datetime | None
    reminded_at: datetime | None = None
    warned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueAct:
    """What is to be done, and when."""

    act: WaitingAct
    at: datetime


def limit(rule: WaitingRule, since: datetime, calendar: Calendar) -> datetime:
    """The last moment until which waiting that began then may last."""
    return calendar.next_opening(since + timedelta(days=rule.longest_days))


def upcoming(rule: WaitingRule, wait: Wait, calendar: Calendar) -> tuple[DueAct, ...]:
    """The next reminder, the last one and the end, as far as they are still to come, in the order of time."""
    warning, end = _warning(rule, wait, calendar), wait.until
    if end is None:
        return ()
    if warning is not None and warning >= end:
        warning, end = _warned_late(rule, warning, end)
    stops = min(filter(None, (warning, end)))
    reminder = None if wait.warned_at else _reminder(rule, wait, calendar)
    if reminder is not None and reminder >= stops:
        reminder = None
    found = ((WaitingAct.REMIND, reminder), (WaitingAct.WARN, warning), (WaitingAct.END, end))
    return tuple(DueAct(act, at) for act, at in found if at is not None)


def _warned_late(rule: WaitingRule, warning: datetime, end: datetime) -> tuple[datetime | None, datetime]:
    """Days of closure lie before the end: what would be resolved without a warning ends later, the rest unwarned."""
    if rule.end is WaitingEnd.RESOLVED:
        return warning, warning + timedelta(days=rule.warn_days)
    return None, end


def _reminder(rule: WaitingRule, wait: Wait, calendar: Calendar) -> datetime | None:
    if wait.reminded_at is None:
        return calendar.next_opening(wait.since + timedelta(days=rule.first_days)) if rule.first_days else None
    return calendar.next_opening(wait.reminded_at + timedelta(days=rule.again_days)) if rule.again_days else None


def _warning(rule: WaitingRule, wait: Wait, calendar: Calendar) -> datetime | None:
    """When the last reminder is due; None where it was given, or where waiting is too short for one."""
    if not rule.warn_days or wait.warned_at is not None or wait.until is None:
        return None
    at = wait.until - timedelta(days=rule.warn_days)
    return calendar.next_opening(at) if at > wait.since else None


def due(rule: WaitingRule, wait: Wait, calendar: Calendar, now: datetime) -> WaitingAct | None:
    """The one thing to be done now: after an outage what came later stands for what came before it.

    Waiting that ends in "resolved" ends only after its last reminder, whatever the hour.
    """
    acts = [one.act for one in upcoming(rule, wait, calendar) if one.at <= now]
    if WaitingAct.WARN in acts and rule.end is WaitingEnd.RESOLVED:
        return WaitingAct.WARN
    return acts[-1] if acts else None


def end_after_warning(rule: WaitingRule, until: datetime, warned_at: datetime) -> datetime:
    """When waiting ends of which the last reminder was given then: never sooner than the days it promises."""
    return max(until, warned_at + timedelta(days=rule.warn_days)) if rule.end is WaitingEnd.RESOLVED else until


def ending(rule: WaitingRule, wait: Wait) -> WaitingEnd:
    """How waiting ends that ends now: resolved only for those who were told beforehand."""
    return rule.end if wait.warned_at is not None else WaitingEnd.OPEN
