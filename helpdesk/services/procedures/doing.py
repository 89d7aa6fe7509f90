"""Doing and skipping the steps of a ticket's procedure; what is done leads to the next department."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import text

from helpdesk import events, i18n
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.services import notices, tickets
from helpdesk.services.hands import Hand, held
from helpdesk.services.procedures import reading
from helpdesk.services.procedures.reading import Procedure, Standing
from helpdesk.services.workmodels import Step
from helpdesk.vocabulary import FINISHED, Role, StepKind, StepState

VERIFIED, NOT_VERIFIED = "verified", "not-verified"
OUTCOMES = (VERIFIED, NOT_VERIFIED)
"""What came of checking who somebody is and what they are entitled to; nothing of what they said is kept."""

_SETTLE = text(
    """
    insert into procedure_step (procedure_id, step, state, at, by_id, asked_at, asked_by_id, amount, message_id)
    values (:procedure, :step, :state, :at, :by, :asked_at, :asked_by, :amount, :message)
    on conflict (procedure_id, step) do update
      set state = excluded.state, at = excluded.at, by_id = excluded.by_id, message_id = excluded.message_id,
          asked_at = coalesce(excluded.asked_at, procedure_step.asked_at),
          asked_by_id = coalesce(excluded.asked_by_id, procedure_step.asked_by_id),
          amount = coalesce(excluded.amount, procedure_step.amount)
    """
)


def _(message: str) -> str:
    """Marks a message for translation; pages translate it."""
    return message


@contextmanager
def touching(
    actor: Actor, number: int, key: str, verb: str, version: int | None, at: datetime | None
) -> Iterator[tuple[Hand, Procedure, Standing]]:
    """The step of a held ticket that goes on, as it stands. Raises NotFound, Forbidden, Stale, Invalid."""
    with held(actor, number, "read" if verb == "step" else verb, version, at) as hand:
        if hand.ticket.status in FINISHED:
            raise Stale(_("This ticket is finished: its steps are as they are."), code="illegal-move")
        procedure = reading.require(hand.ticket)
        standing = procedure.standing(key)
        if verb == "step":
            _require_doer(hand, standing.step)
        yield hand, procedure, standing


def _require_doer(hand: Hand, step: Step) -> None:
    if not may_do(hand.actor, hand.ticket, step):
        if may(hand.actor, "step", hand.ticket):
            raise Forbidden(_("This step is for a team to do, and its members alone do it."), code="other-team")
        raise Forbidden("You may read this ticket, not change it.")


def may_do(actor: Actor, ticket: Any, step: Step) -> bool:
    """Whether the step is the actor's to do: the members of its team, where it names one that has members.

    Else whoever works on the ticket or in the department that the step names. Supervisors may in either case.
    """
    works = may(actor, "step", ticket)
    team = reading.team_of(step)
    if team:
        return actor.id in team or (works and _supervises(actor))
    place = reading.department_of(step.department) if step.department else None
    return works or (place is not None and place in actor.departments and may(actor, "read", ticket))


@unit()
def do(
    actor: Actor,
    number: int,
    step: str,
    *,
    outcome: str = "",
    answers: Sequence[int] = (),
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """A step is done: a check of identity with its ``outcome`` alone, a script with its ``answers``, others noted.

    Raises Stale for one that is settled or waits for an earlier one; Invalid that names the missing field.
    """
    with touching(actor, number, step, "step", version, at) as (hand, procedure, standing):
        _require_open(standing, hand)
        hand.acknowledge()
        hand.begin()
        state, told = _done(hand, standing, outcome, answers, note)
        settle(hand, procedure, standing, state, told)
        if standing.step.kind is StepKind.DELIVER:
            _deliver(hand, procedure)
        go_on(hand)
        return hand.ticket


def _require_open(standing: Standing, hand: Hand) -> None:
    if standing.is_settled:
        raise Stale(_("This step is settled already."), code="settled")
    if standing.waits_for is not None:
        name = i18n.pick(standing.waits_for.texts, hand.actor.language)
        raise Stale(_("A step before it is still open."), code="too-early", fields={standing.waits_for.key: name})


def _done(
    hand: Hand, standing: Standing, outcome: str, answers: Sequence[int], note: str
) -> tuple[StepState, int | None]:
    """How it stands now, and the note with what was said."""
    kind = standing.step.kind
    if kind is StepKind.APPROVE:
        raise Invalid(_("An approval is asked for, and given by somebody else."), fields={"step": "is an approval"})
    if kind is StepKind.VERIFY:
        return _verified(outcome, note), None
    if outcome:
        raise Invalid(_("Only a check of identity has an outcome."), fields={"outcome": "leave empty"})
    words = _answered(hand, standing, answers) if kind is StepKind.ASK else ""
    told = "\n\n".join(part for part in (words, note.strip()) if part)
    return StepState.DONE, notices.note(hand, told).id if told else None


def _verified(outcome: str, note: str) -> StepState:
    if outcome not in OUTCOMES:
        raise Invalid(_("Say what came of the check."), fields={"outcome": f"one of {', '.join(OUTCOMES)}"})
    if note.strip():
        told = _("Nothing of what was said at a check is kept.")
        raise Invalid(told, fields={"note": _("Leave this empty.")})
    return StepState.DONE if outcome == VERIFIED else StepState.FAILED


def _answered(hand: Hand, standing: Standing, answers: Sequence[int]) -> str:
    """The questions with their answers, as the note tells them."""
    asked = reading.script(standing.step, answers)
    if not asked.answered or asked.next is not None:
        raise Invalid(_("The script is not at its end."), fields={"answers": _("Go on to its last question.")})
    here = hand.actor.language
    lines = [i18n.pick(standing.step.texts, here)]
    lines += [f"{i18n.pick(one.texts, here)} {i18n.pick(answer.texts, here)}" for one, answer in asked.answered]
    last = asked.answered[-1][1].advice
    return "\n".join([*lines, *([i18n.pick(last, here)] if last else [])])


def settle(
    hand: Hand, procedure: Procedure, standing: Standing, state: StepState, message_id: int | None = None, **asked: Any
) -> None:
    """Keeps how a step stands, and states it as a fact."""
    given = {"asked_at": None, "asked_by": None, "amount": None} | asked
    row = {"procedure": procedure.id, "step": standing.step.key, "state": state.value, "at": hand.at}
    db.session.execute(_SETTLE, row | {"by": hand.actor.id, "message": message_id} | given)
    if state is StepState.ASKED:
        hand.record(events.ApprovalAsked(procedure.version.id, standing.step.key, message_id))
    else:
        hand.record(events.StepSettled(procedure.version.id, standing.step.key, state.value, message_id))


def _deliver(hand: Hand, procedure: Procedure) -> None:
    statement = text("update procedure set delivered_at = :at where id = :id")
    db.session.execute(statement, {"id": procedure.id, "at": hand.at})
    hand.record(events.OutputDelivered(procedure.version.id))


@unit()
def skip(
    actor: Actor,
    number: int,
    step: str,
    reason: str,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """A step is left out, for a reason that is kept as a note. A mandatory one only by who supervises; never a gate.

    Raises Forbidden, Stale, Invalid.
    """
    with touching(actor, number, step, "step", version, at) as (hand, procedure, standing):
        _require_open(standing, hand)
        if standing.step.kind in (StepKind.APPROVE, StepKind.VERIFY):
            raise Forbidden(_("An approval or a check of identity is never skipped."), code="never-skipped")
        if standing.step.mandatory and not _supervises(actor):
            raise Forbidden(_("Only a supervisor skips a step that must be done."), code="mandatory")
        if not reason.strip():
            raise Invalid(_("Say why."), fields={"reason": _("Give the reason in a few words.")})
        hand.acknowledge()
        settle(hand, procedure, standing, StepState.SKIPPED, notices.note(hand, reason).id)
        go_on(hand)
        return hand.ticket


def _supervises(actor: Actor) -> bool:
    return actor is SYSTEM or actor.role in (Role.SUPERVISOR, Role.ADMINISTRATOR)


def go_on(hand: Hand) -> None:
    """Where the next step that must be done is another department's, the ticket goes there, and its time begins."""
    procedure = reading.require(hand.ticket)
    standing = next((one for one in procedure.steps if one.step.mandatory and not one.is_settled), None)
    if standing is None or standing.step.kind is StepKind.APPROVE:
        return
    place = reading.department(standing.step, procedure)
    if place is None or place == hand.ticket.department_id:
        return
    by = hand.actor if may(hand.actor, "transfer", hand.ticket) else SYSTEM
    seconds = standing.step.hours * 3600 or None
    hand.record(events.StepHandedOver(procedure.version.id, standing.step.key, place, seconds))
    name = i18n.pick(standing.step.texts, hand.actor.language)
    tickets.transfer(by, hand.ticket.id, place, i18n.gettext(hand.actor.language, NEXT) % {"step": name}, at=hand.at)


NEXT = _("Next step: %(step)s")
