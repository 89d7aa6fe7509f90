"""Signals and clocks in few words: an office open from 09:00 to 17:00 in UTC, in the week of Monday 2 March 2026."""

from datetime import datetime, timedelta

from sla import Calendar, Reading, Reopening, Signal, SignalKind, read
from tests.sla.oracle import utc

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Calendar.from_dict({"tz": "UTC", "hours": {day: [["09:00", "17:00"]] for day in WEEKDAYS}})
ALWAYS = Calendar.always()
HOUR = timedelta(hours=1)
DAYS = {"mon": 2, "tue": 3, "wed": 4, "thu": 5, "fri": 6, "sat": 7, "sun": 8}
LATER = utc("2026-04-30T12:00")


def at(when: str) -> datetime:
    """ "mon 09:30" of that week, "mon+1 09:30" of the week after."""
    day, time = when.split()
    name, _, weeks = day.partition("+")
    return utc(f"2026-03-{DAYS[name] + 7 * int(weeks or 0):02}T{time}")


def signal(when: str, kind: str, target: timedelta | None = None, calendar: Calendar | None = None) -> Signal:
    """One fact, which names itself as its event."""
    return Signal(at(when), SignalKind(kind), target, calendar, why=kind, ref=f"{when} {kind}")


def signals(*facts: str) -> list[Signal]:
    """Facts written "mon 09:00 start"."""
    return [signal(*fact.rsplit(" ", 1)) for fact in facts]


def clock(
    *facts: str | Signal,
    target: timedelta = 8 * HOUR,
    calendar: Calendar = OFFICE,
    now: str | datetime = LATER,
    reopening: Reopening = Reopening.CONTINUE,
) -> Reading:
    """The last cycle of that clock."""
    return cycles(*facts, target=target, calendar=calendar, now=now, reopening=reopening)[-1]


def cycles(
    *facts: str | Signal,
    target: timedelta = 8 * HOUR,
    calendar: Calendar = OFFICE,
    now: str | datetime = LATER,
    reopening: Reopening = Reopening.CONTINUE,
) -> tuple[Reading, ...]:
    """All its cycles."""
    all_of_them = [signals(fact)[0] if isinstance(fact, str) else fact for fact in facts]
    return read(all_of_them, target, calendar, at(now) if isinstance(now, str) else now, reopening)
