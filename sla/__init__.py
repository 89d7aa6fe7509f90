"""Service-level time: calendars, arithmetic on open time, policies, clocks and attainment. Pure.

>>> from datetime import UTC, datetime, timedelta
>>> from sla import Calendar, Signal, SignalKind, read
>>> hours = {"mon": [["08:00", "15:00"]], "fri": [["08:00", "15:00"]]}
>>> office = Calendar.from_dict({"tz": "Europe/Athens", "hours": hours})
>>> friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
>>> office.after(friday, timedelta(hours=2)).isoformat()
'2026-03-09T07:00:00+00:00'
>>> (clock,) = read([Signal(friday, SignalKind.START)], timedelta(hours=2), office, now=friday)
>>> clock.state, clock.due_at.isoformat()
(<ClockState.RUNNING: 'running'>, '2026-03-09T07:00:00+00:00')
"""

from sla.arithmetic import after, worked
from sla.calendar import Calendar, InvalidCalendar, NeverOpens, Span
from sla.clock import ClockState, Missed, Reading, crossing, due_if_resumed, read
from sla.cycle import Activity, Reopening, Signal, SignalKind, Stretch
from sla.zone import version as tzdata_version

__all__ = [
    "Activity",
    "Calendar",
    "ClockState",
    "InvalidCalendar",
    "Missed",
    "NeverOpens",
    "Reading",
    "Reopening",
    "Signal",
    "SignalKind",
    "Span",
    "Stretch",
    "after",
    "crossing",
    "due_if_resumed",
    "read",
    "tzdata_version",
    "worked",
]
