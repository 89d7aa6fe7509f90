"""How a ticket's procedure stands: each step of its model with what was done, and what is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.errors import Invalid, NotFound
from helpdesk.services import catalogue, rulebook
from helpdesk.services.rulebook import Version
from helpdesk.services.transitions import Case, Unmet
from helpdesk.services.workmodels import Asked, Model, Step, walk
from helpdesk.vocabulary import SETTLED, ActorKind, ResolutionCode, StepKind, StepState

FULFILS = frozenset({ResolutionCode.FULFILLED, ResolutionCode.SOLVED})
"""Codes that say that the procedure was followed to its end; others, such as rejected, end it early."""

_OF = text(
    """
    select procedure.id, procedure.rulebook_id, procedure.home_id, procedure.attached_at, procedure.delivered_at,
           procedure.fulfilled_at, coalesce((
             select jsonb_object_agg(kept.step, to_jsonb(kept)) from procedure_step kept
             where kept.procedure_id = procedure.id), '{}') as steps
    from procedure where procedure.ticket_id = :ticket and procedure.ended_at is null
    """
)


@dataclass(frozen=True)
class Standing:
    """A step as it stands. ``next``: the procedure is here; ``waits_for``: the gate before it that is not settled."""

    step: Step
    state: StepState
    next: bool = False
    waits_for: Step | None = None
    at: datetime | None = None
    by_id: int | None = None
    asked_at: datetime | None = None
    asked_by_id: int | None = None
    amount: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the procedure goes on after it."""
        return self.state in SETTLED


@dataclass(frozen=True)
class Procedure:
    """The model of a ticket in the version it was attached in, with its steps in order."""

    id: int
    ticket_id: int
    version: Version
    home_id: int | None
    attached_at: datetime
    delivered_at: datetime | None
    fulfilled_at: datetime | None
    steps: tuple[Standing, ...]

    @property
    def model(self) -> Model:
        """What the version says."""
        found: Model = self.version.value
        return found

    @cached_property
    def next(self) -> Standing | None:
        """Where it is: the first step that is not settled."""
        return next((one for one in self.steps if one.next), None)

    @property
    def missing(self) -> list[Step]:
        """The steps without which it is not fulfilled."""
        return [one.step for one in self.steps if one.step.mandatory and not one.is_settled]

    def standing(self, key: str) -> Standing:
        """The step of that key; raises Invalid."""
        found = next((one for one in self.steps if one.step.key == key), None)
        if found is None:
            raise Invalid("Its model has no such step.", fields={"step": "a key of one of its steps"})
        return found


def of(ticket: Any) -> Procedure | None:
    """The procedure of a ticket (its row), by one statement; None where no model fits it."""
    row = db.session.execute(_OF, {"ticket": ticket.id}).one_or_none()
    if row is None:
        return None
    version = rulebook.version(row.rulebook_id)
    steps = _standings(version.value, row.steps, ticket.form)
    return Procedure(
        row.id, ticket.id, version, row.home_id, row.attached_at, row.delivered_at, row.fulfilled_at, steps
    )


def require(ticket: Any) -> Procedure:
    """The same; raises NotFound where there is none."""
    found = of(ticket)
    if found is None:
        raise NotFound("No model holds for this ticket.")
    return found


def _standings(model: Model, kept: Mapping[str, Any], form: Mapping[str, object]) -> tuple[Standing, ...]:
    states = [_state(step, kept.get(step.key), form) for step in model.steps]
    here = next((place for place, state in enumerate(states) if state not in SETTLED), None)
    found, gate = [], None
    for place, (step, state) in enumerate(zip(model.steps, states, strict=True)):
        found.append(Standing(step, state, place == here, gate, **_touched(kept.get(step.key))))
        if gate is None and step.is_gate and state not in SETTLED:
            gate = step
    return tuple(found)


def _state(step: Step, row: Mapping[str, Any] | None, form: Mapping[str, object]) -> StepState:
    if row is not None:
        return StepState(row["state"])
    spared = step.approval is not None and not step.approval.needed(form)
    return StepState.NOT_NEEDED if spared else StepState.OPEN


def _touched(row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {}
    moments = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("at", "asked_at")}
    amount = f"{row['amount']:.2f}" if row["amount"] is not None else None
    return moments | {"by_id": row["by_id"], "asked_by_id": row["asked_by_id"], "amount": amount}


def script(step: Step, answers: Sequence[int]) -> Asked:
    """A script of first diagnosis, as far as these answers lead. Raises Invalid."""
    try:
        return walk(step.questions, answers)
    except ValueError:
        raise Invalid("The script has no such answer.", fields={"answers": "places of its answers"}) from None


def missing(case: Case) -> Unmet:
    """The condition on resolving: fulfilled only when every mandatory step and approval is settled; names the open.

    A major incident has a procedure of its own, and ends what is linked to it.
    """
    if case.fields.get("code") not in FULFILS or case.ticket.major or case.actor.kind is ActorKind.SYSTEM:
        return None
    found = of(case.ticket)
    left = found.missing if found else []
    language = case.actor.language
    return {f"steps.{step.key}": i18n.pick(step.texts, language) for step in left} or None


def department(step: Step, procedure: Procedure) -> int | None:
    """Who does it: the department it names, else the one that the procedure began with."""
    if step.kind is StepKind.APPROVE or not step.department:
        return procedure.home_id
    return department_of(step.department) or procedure.home_id


def department_of(key: str) -> int | None:
    """The active department of that key; None where it is gone, so that what named it goes on without."""
    known = catalogue.current().departments.values()
    return next((row.id for row in known if row.key == key and row.active), None)


def team_of(step: Step) -> set[int]:
    """The people of the team that a step names; empty where it names none, or one without members any more."""
    if not step.team:
        return set()
    known = catalogue.current()
    ids = {row.id for row in known.teams.values() if row.key == step.team and row.active}
    return {one.id for one in known.colleagues.values() if one.active and not ids.isdisjoint(one.teams)}
