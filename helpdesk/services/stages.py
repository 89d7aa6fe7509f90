"""At which step of the process a ticket is: one table, asked of a row in Python or of many in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case

from helpdesk.db import table
from helpdesk.models.tickets import Ticket
from helpdesk.vocabulary import Stage, Status

_COLUMNS = table(Ticket).c
_AT_WORK = frozenset({Status.NEW, Status.OPEN})


@dataclass(frozen=True)
class Step:
    """A stage is that of a ticket in one of these ``statuses`` whose columns are set or empty as ``known`` says.

    A count is set when it is more than nothing.
    """

    stage: Stage
    statuses: frozenset[Status]
    known: Mapping[str, bool]


def _step(stage: Stage, *statuses: Status, **known: bool) -> Step:
    return Step(stage, frozenset(statuses) or _AT_WORK, known)


STEPS: tuple[Step, ...] = (
    _step(Stage.FORWARDED, Status.RESOLVED, forwarded_to=True),
    _step(Stage.NEW, Status.NEW, department_id=False),
    _step(Stage.REOPENED, Status.OPEN, reopened=True),
    _step(Stage.IN_PROGRESS, Status.OPEN, assignee_id=True, first_response_at=True),
    _step(Stage.ASSIGNED, assignee_id=True),
    _step(Stage.CLASSIFIED),
)
"""The first that fits counts; where none does, the stage is called like the status.

New is what no department has yet, classified what one has and nobody works on, assigned what somebody has; in progress
it is from the first answer. What was reopened is called so until it waits or is resolved again.
"""


def of(row: Any) -> Stage:
    """The stage of a ticket's row."""
    status = Status(row.status)
    found = (step.stage for step in STEPS if status in step.statuses and _fits(step, row))
    return next(found, None) or Stage(status.value)


def _fits(step: Step, row: Any) -> bool:
    return all(_is_set(getattr(row, name)) is wanted for name, wanted in step.known.items())


def _is_set(value: Any) -> bool:
    return value is not None and value != 0


def where(stage: Stage) -> ColumnElement[bool]:
    """True of the tickets at that stage."""
    told = case(*((_condition(step), step.stage.value) for step in STEPS), else_=_COLUMNS.status)
    return and_(_COLUMNS.status.in_(_possible(stage)), told == stage.value)


def _possible(stage: Stage) -> list[str]:
    """The statuses such a ticket can have, which an index may know."""
    named = {status for step in STEPS if step.stage is stage for status in step.statuses}
    return sorted(status.value for status in named | {status for status in Status if status.value == stage.value})


def _condition(step: Step) -> ColumnElement[bool]:
    known = [_set(name) if wanted else ~_set(name) for name, wanted in step.known.items()]
    return and_(_COLUMNS.status.in_(sorted(step.statuses)), *known)


def _set(name: str) -> ColumnElement[bool]:
    return _COLUMNS[name] > 0 if name == "reopened" else _COLUMNS[name].is_not(None)
