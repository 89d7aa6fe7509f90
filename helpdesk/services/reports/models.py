"""How requests and incidents with a model went: how many have one, are fulfilled at once, and follow it (K19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from helpdesk.db import db, table
from helpdesk.models.processes import Procedure, ProcedureStep
from helpdesk.permissions import Actor
from helpdesk.services import rulebook
from helpdesk.services.reports.counted import tickets
from helpdesk.services.reports.periods import Period
from helpdesk.services.reports.reach import reach
from helpdesk.vocabulary import StepState

_PROCEDURES, _STEPS = table(Procedure), table(ProcedureStep)
_FOLLOWED = frozenset({StepState.DONE, StepState.APPROVED})


@dataclass(frozen=True)
class Followed:
    """Of some tickets with a model. ``steps`` had to be done on those fulfilled; ``done`` were, not left out."""

    n: int
    fulfilled: int
    at_once: int
    steps: int
    done: int

    @property
    def at_once_share(self) -> float | None:
        """Percent of those fulfilled that were never reopened."""
        return 100.0 * self.at_once / self.fulfilled if self.fulfilled else None

    @property
    def adherence(self) -> float | None:
        """Percent of the steps that had to be done that were."""
        return 100.0 * self.done / self.steps if self.steps else None


@dataclass(frozen=True)
class ModelReport:
    """The tickets received within a period: ``received`` in all, and those with a model, by its key."""

    received: int
    whole: Followed
    by_model: Mapping[str, Followed]

    @property
    def share(self) -> float | None:
        """Percent of those received that have a model."""
        return 100.0 * self.whole.n / self.received if self.received else None


def report(actor: Actor, period: Period, department_id: int | None = None) -> ModelReport:
    """Of what the actor may see, in two statements; raises Forbidden."""
    within = and_(tickets.c.received_at >= period.begin, tickets.c.received_at < period.end)
    seen = and_(within, reach(actor, department_id))
    received = db.session.execute(select(func.count()).select_from(tickets).where(seen)).scalar_one()
    rows = db.session.execute(_followed().where(seen)).all()
    groups: dict[str, list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault(rulebook.version(row.rulebook_id).key, []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return ModelReport(received, _measure(rows), {key: _measure(group) for key, group in ordered})


def _followed() -> Select[Any]:
    """A ticket's procedure that holds, with the steps somebody touched."""
    states = func.jsonb_object_agg(_STEPS.c.step, _STEPS.c.state)
    touched = select(states).where(_STEPS.c.procedure_id == _PROCEDURES.c.id).scalar_subquery()
    query: Select[Any] = select(
        _PROCEDURES.c.rulebook_id, _PROCEDURES.c.fulfilled_at, tickets.c.reopened, touched.label("steps")
    )
    return query.join(tickets, tickets.c.id == _PROCEDURES.c.ticket_id).where(_PROCEDURES.c.ended_at.is_(None))


def _measure(rows: Sequence[Row[Any]]) -> Followed:
    ended = [row for row in rows if row.fulfilled_at is not None]
    asked = [(row.steps or {}, step) for row in ended for step in rulebook.version(row.rulebook_id).value.steps]
    had_to = [states.get(step.key) for states, step in asked if step.mandatory and _counts(states, step)]
    return Followed(
        n=len(rows),
        fulfilled=len(ended),
        at_once=sum(not row.reopened for row in ended),
        steps=len(had_to),
        done=sum(state in _FOLLOWED for state in had_to),
    )


def _counts(states: Mapping[str, str], step: Any) -> bool:
    """An approval that nobody had to give was not needed for the amount."""
    return step.key in states or step.approval is None
