"""Approvals: asked for by whoever works on it, given or refused by somebody else who may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import absences, catalogue, notices, rulebook, scope, tickets
from helpdesk.services.catalogue import Colleague
from helpdesk.services.hands import Hand
from helpdesk.services.procedures import letters
from helpdesk.services.procedures.doing import go_on, settle, touching
from helpdesk.services.procedures.reading import Procedure, Standing, department_of
from helpdesk.services.workmodels import Step, amount
from helpdesk.vocabulary import Role, Status, StepKind, StepState, WaitingReason

_RANK = (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR)
_TICKETS = table(Ticket)
MOST = 200


def _(message: str) -> str:
    """Marks a message for translation; pages translate it."""
    return message


@unit()
def ask(
    actor: Actor,
    number: int,
    step: str,
    note: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Asks for an approval: those who may give it are told by mail, and an open ticket waits for it.

    Raises Stale where it is asked for or given already, or waits for an earlier step; Invalid for any other step.
    """
    with touching(actor, number, step, "step", version, at) as (hand, procedure, standing):
        _require_askable(standing)
        hand.acknowledge()
        message = notices.note(hand, note).id if note.strip() else None
        found = amount(hand.ticket.form.get(standing.step.approval.field)) if standing.step.approval else None
        settle(hand, procedure, standing, StepState.ASKED, message, asked_at=hand.at, asked_by=actor.id, amount=found)
        hand.begin()
        if hand.ticket.status == Status.OPEN:
            tickets.pause(hand, WaitingReason.APPROVAL)
        letters.ask(hand, standing.step, _present(standing.step, procedure.home_id, hand), note)
        return hand.ticket


def _require_askable(standing: Standing) -> None:
    if standing.step.kind is not StepKind.APPROVE:
        raise Invalid(_("This step needs no approval."), fields={"step": "an approval"})
    if standing.is_settled or standing.state is StepState.ASKED:
        raise Stale(_("This step is settled already."), code="settled")
    if standing.waits_for is not None:
        raise Stale(_("A step before it is still open."), code="too-early")


def approvers(step: Step, home_id: int | None) -> list[Colleague]:
    """Those who may approve that step, whoever asks."""
    return [one for one in catalogue.colleagues() if _is_approver(one, step, home_id)]


def _present(step: Step, home_id: int | None, hand: Hand) -> list[int]:
    """Whom to ask: those who may approve, and in the place of who is away who stands in, if anybody does."""
    gone, actor, ticket = absences.away(hand.at), hand.actor, hand.ticket
    able = [one.id for one in approvers(step, home_id) if not _of_own(one.id, ticket, actor.id)]
    there = [absences.stand_in(one, gone) or one for one in able]
    return [one for one in dict.fromkeys(there) if not _of_own(one, ticket, actor.id)]


def _is_approver(one: Colleague, step: Step, home_id: int | None) -> bool:
    approval = step.approval
    if approval is None or not one.active:
        return False
    if approval.people:
        return one.email in approval.people
    if one.role not in _RANK or _RANK.index(Role(one.role)) < _RANK.index(approval.role):
        return False
    place = (department_of(approval.department) if approval.department else None) or home_id
    return one.role == Role.ADMINISTRATOR or place is None or place in one.departments


def may_approve(actor: Actor, ticket: Any, standing: Standing, home_id: int | None, at: datetime | None = None) -> bool:
    """Whether the actor may decide: an approver who neither asked for it nor is who asks for the whole.

    So may who stands in for such an approver while they are away.
    """
    if actor.id is None or _of_own(actor.id, ticket, standing.asked_by_id):
        return False
    known = catalogue.current().colleagues

    def able(person_id: int) -> bool:
        person = known.get(person_id)
        mine = person is not None and _is_approver(person, standing.step, home_id)
        return mine and not _of_own(person_id, ticket, standing.asked_by_id)

    if able(actor.id):
        return True
    gone = absences.away(at or clock.now())
    return any(absences.stand_in(one, gone) == actor.id and able(one) for one in gone)


def _of_own(person_id: int | None, ticket: Any, asked_by_id: int | None) -> bool:
    return person_id in (ticket.requester_id, ticket.on_behalf_of_id, asked_by_id)


@unit()
def approve(
    actor: Actor, number: int, step: str, note: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Somebody who may says yes. Of two at once one does, and the other is told so (Stale). Raises Forbidden."""
    return _decide(actor, number, step, StepState.APPROVED, note, version, at)


@unit()
def refuse(
    actor: Actor, number: int, step: str, reason: str, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Somebody who may says no, and why; it may be asked for again."""
    if not reason.strip():
        raise Invalid(_("Say why."), fields={"reason": _("Give the reason in a few words.")})
    return _decide(actor, number, step, StepState.REFUSED, reason, version, at)


def _decide(
    actor: Actor, number: int, step: str, state: StepState, note: str, version: int | None, at: datetime | None
) -> Ticket:
    with touching(actor, number, step, "approve", version, at) as (hand, procedure, standing):
        if standing.state is not StepState.ASKED:
            raise Stale(_("Nobody asks for this approval now, or somebody decided already."), code="settled")
        _require_approver(hand, procedure, standing)
        settle(hand, procedure, standing, state, notices.note(hand, note).id if note.strip() else None)
        letters.decided(hand, standing, state, note)
        if hand.ticket.waiting_reason == WaitingReason.APPROVAL:
            hand.move(Status.OPEN, state.value)
            hand.ticket.waiting_reason = None
        if state is StepState.APPROVED:
            go_on(hand)
        return hand.ticket


def _require_approver(hand: Hand, procedure: Procedure, standing: Standing) -> None:
    if _of_own(hand.actor.id, hand.ticket, standing.asked_by_id):
        told = _("Nobody approves what they asked for themselves.")
        raise Forbidden(told, code="self-approval")
    if not may_approve(hand.actor, hand.ticket, standing, procedure.home_id, hand.at):
        raise Forbidden(_("This approval is for others to give."), code="not-approver")


@dataclass(frozen=True)
class Awaited:
    """An approval somebody is asked for."""

    ticket: Any
    step: Step
    asked_at: datetime
    asked_by: str
    amount: Any
    note: str


_ASKED = text(
    """
    select procedure.ticket_id, procedure.rulebook_id, procedure.home_id, step.step, step.asked_at, step.asked_by_id,
           step.amount, coalesce(message.text, '') as note
    from procedure_step step join procedure on procedure.id = step.procedure_id and procedure.ended_at is null
    left join message on message.id = step.message_id
    where step.state = 'asked' order by step.asked_at, step.id limit :limit
    """
)


def to_approve(actor: Actor) -> list[Awaited]:
    """What the actor is asked to approve, the oldest first, on tickets they may see."""
    rows = db.session.execute(_ASKED, {"limit": MOST}).all()
    shown = _seen(actor, [row.ticket_id for row in rows])
    return [one for row in rows if row.ticket_id in shown and (one := _awaited(actor, row, shown[row.ticket_id]))]


def _seen(actor: Actor, ids: Sequence[int]) -> dict[int, Any]:
    columns = _TICKETS.c
    query = select(
        columns.id, columns.subject, columns.language, columns.version, columns.department_id, columns.requester_id,
        columns.on_behalf_of_id,
    ).where(columns.id.in_(ids), scope.visible(actor), columns.is_open)  # fmt: skip
    return {row.id: row for row in db.session.execute(query)} if ids else {}


def _awaited(actor: Actor, row: Any, ticket: Any) -> Awaited | None:
    step = rulebook.version(row.rulebook_id).value.step(row.step)
    standing = Standing(step, StepState.ASKED, asked_by_id=row.asked_by_id)
    if not may_approve(actor, ticket, standing, row.home_id):
        return None
    asked_by = catalogue.current().colleagues.get(row.asked_by_id or 0)
    return Awaited(ticket, step, row.asked_at, asked_by.name if asked_by else "", row.amount, row.note)
