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

from sla.agreement import Agreement, AgreementKind
from sla.arithmetic import after, worked
from sla.attainment import Attainment, attainment, by_group
from sla.calendar import Calendar, InvalidCalendar, NeverOpens, Span
from sla.clock import ClockState, Missed, Reading, crossing, due_if_resumed, read
from sla.comparison import Change, Changed, changes
from sla.cycle import Activity, Reopening, Signal, SignalKind, Stretch
from sla.ledger import Row, ledger
from sla.major import Criteria, Incident, InvalidCriteria
from sla.matrix import DEFAULT as DEFAULT_MATRIX
from sla.matrix import InvalidMatrix, Level, Matrix, Priority
from sla.policy import Choice, InvalidPolicy, Policy, choose
from sla.scope import YES, Scope, When
from sla.steps import DueStep, Step, StepAction, next_step, steps_due
from sla.support import Gap, Overrun, gaps
from sla.target import Target
from sla.zone import version as tzdata_version

__all__ = [
    "DEFAULT_MATRIX", "YES", "Activity", "Agreement", "AgreementKind", "Attainment", "Calendar", "Change", "Changed",
    "Choice", "ClockState", "Criteria", "DueStep", "Gap", "Incident", "InvalidCalendar", "InvalidCriteria",
    "InvalidMatrix", "InvalidPolicy", "Level",
    "Matrix", "Missed", "NeverOpens", "Overrun", "Policy", "Priority", "Reading", "Reopening", "Row", "Scope",
    "Signal", "SignalKind", "Span", "Step", "StepAction", "Stretch", "Target", "When", "after", "attainment",
    "by_group", "changes", "choose", "crossing", "due_if_resumed", "gaps", "ledger", "next_step", "read",
    "steps_due", "tzdata_version", "worked",
]  # fmt: skip
