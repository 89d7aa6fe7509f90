"""Working on a ticket: take, assign, transfer, escalate, wait, resume."""

from datetime import datetime

from sqlalchemy import select

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Membership, Staff
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import alerts, escalations, notices, ownership
from helpdesk.services.hands import Hand, moved
from helpdesk.services.tickets import competence, pausing, suppliers
from helpdesk.vocabulary import Role, Status, WaitingReason


@unit()
def take(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The actor works on it from now on. Refused when somebody else has it: assign moves it on purpose."""
    with moved(actor, number, "take", version, at) as hand:
        give(hand, actor.id, taken=True)
        return hand.ticket


@unit()
def assign(
    actor: Actor, number: int, assignee_id: int | None, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Somebody of the department works on it from now on; None takes it off everybody."""
    with moved(actor, number, "assign", version, at) as hand:
        if assignee_id is not None:
            _require_colleague(assignee_id, hand.ticket.department_id)
        give(hand, assignee_id)
        return hand.ticket


def give(hand: Hand, person_id: int | None, *, taken: bool = False) -> None:
    """Puts a held ticket into somebody's hands, or into nobody's."""
    hand.give(person_id, taken=taken)


def _require_colleague(person_id: int, department_id: int | None) -> None:
    """Somebody active who works in that department (anybody, in triage), or answers for all."""
    query = select(Staff.role).where(Staff.person_id == person_id, Staff.active)
    role = db.session.execute(query).scalar_one_or_none()
    if role is None:
        raise Invalid("Nobody of that id works here.", fields={"assignee_id": "an active member of staff"})
    member = select(Membership).where(Membership.staff_id == person_id, Membership.department_id == department_id)
    if department_id and role == Role.AGENT and db.session.execute(member).one_or_none() is None:
        raise Invalid("That person is not of this department.", fields={"assignee_id": "a colleague of the department"})


@unit()
def transfer(
    actor: Actor,
    number: int,
    department_id: int | None,
    reason: str,
    note: str = "",
    not_competent: bool = False,
    hand_over: bool = False,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Another department answers from now on; the owner stays, the assignee does not.

    ``not_competent``: because the present one is not competent by law, which is put on record. ``hand_over``: the case
    goes along, and whoever answers by default there is its owner until somebody takes it.
    """
    fields = {"department_id": department_id, "reason": reason}
    with moved(actor, number, "transfer", version, at, **fields) as hand:
        ticket = hand.ticket
        if department_id == ticket.department_id:
            raise Stale("The ticket is with that department already.", code="already-there")
        _require_department(department_id)
        message = notices.note(hand, f"{reason}\n\n{note}".strip())
        if not_competent:
            competence.state_denied(hand, message.id)
        before, ticket.department_id, ticket.team_id = ticket.department_id, department_id, None
        hand.record(events.TicketTransferred(department_id, before, message_id=message.id))
        _settle_owner(hand, hand_over=hand_over)
        if ticket.assignee_id is not None:
            give(hand, None)
        return ticket


def _settle_owner(hand: Hand, *, hand_over: bool) -> None:
    """An owner stays, one by default too; a ticket out of triage gets one."""
    if hand_over:
        ownership.by_default(hand)
    else:
        hand.ticket.owner_by_default = False
        ownership.ensure(hand)


def _require_department(department_id: int | None) -> None:
    known = db.session.get(Department, department_id) if department_id else None
    if known is None or not known.active:
        raise Invalid("There is no such department.", fields={"department_id": "an active department"})


@unit()
def escalate(
    actor: Actor,
    number: int,
    reason: str,
    *,
    team: str | None = None,
    person: int | None = None,
    kind: str | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Another has it from now on, who knows more (a ``team``, by its key) or decides more (a ``person``).

    Without either it goes to whoever is next above, or (``kind`` functional) to the team of the next level. Those who
    get it, its owner and, where nobody is above, those who lead are told at once. Raises Invalid for both, for one that
    is no team or has no more authority, and where there is no further level.
    """
    if team and person:
        raise Invalid("Escalate to a team or to a person.", fields={"team": "leave this, or the person, empty"})
    with moved(actor, number, "escalate", version, at, reason=reason) as hand:
        _check_kind(kind, team, person)
        message = notices.note(hand, reason)
        if team:
            done = escalations.to_team(hand, team, message_id=message.id)
        elif person:
            done = escalations.to_person(hand, person, message_id=message.id)
        elif kind == escalations.FUNCTIONAL:
            done = escalations.to_next_team(hand, message_id=message.id)
        else:
            done = escalations.upwards(hand, message_id=message.id)
        db.session.flush()
        told = alerts.Escalation(number, done, reason, actor.name)
        alerts.escalated(told, hand.at, but=actor.id)
        return hand.ticket


def _check_kind(kind: str | None, team: str | None, person: int | None) -> None:
    known = {None: True, escalations.FUNCTIONAL: person is None, escalations.HIERARCHICAL: not team}
    if not known.get(kind, False):
        told = "functional (with a team, or to the next level) or hierarchical (with a person, or to who is next above)"
        raise Invalid("Escalate to a team or to a person.", fields={"kind": told})


@unit()
def deescalate(
    actor: Actor, number: int, reason: str, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The last escalation is taken back: one level down, to whom it came from; they and the owner are told.

    Raises Stale where it is not escalated.
    """
    with moved(actor, number, "de-escalate", version, at, reason=reason) as hand:
        message = notices.note(hand, reason)
        done = escalations.give_back(hand, message.id)
        alerts.given_back(alerts.Escalation(number, done, reason, actor.name), hand.at, but=actor.id)
        return hand.ticket


@unit()
def wait(
    actor: Actor,
    number: int,
    reason: str,
    until: datetime | None = None,
    note: str = "",
    *,
    past: bool = False,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """It waits for somebody else, for a reason, until a moment at the latest; its clock may pause.

    Without ``until`` it waits as long as the rules allow for that reason; longer is refused. ``past``: another system
    let it wait, which is told as it was: without a longest wait, and nobody is reminded.
    """
    with moved(actor, number, "wait", version, at, reason=reason) as hand:
        if reason not in set(WaitingReason):
            raise Invalid("That is no reason to wait.", fields={"reason": f"one of {', '.join(WaitingReason)}"})
        pausing.pause(hand, WaitingReason(reason), until, past=past)
        if note.strip():
            notices.note(hand, note)
        return hand.ticket


@unit()
def resume(
    actor: Actor, number: int, *, why: str = "resumed", version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Waiting ends; work goes on. ``why`` is a code: resumed, reviewed, or waited_out.

    Who goes on although a supplier works on it says that the supplier has answered. The clock says no such thing:
    when the time to wait is over, the engagement stays open.
    """
    with moved(actor, number, "resume", version, at) as hand:
        if actor.is_staff and hand.ticket.status == Status.WAITING_SUPPLIER:
            suppliers.settle(hand)
        hand.move(Status.OPEN, why)
        hand.ticket.waiting_reason = None
        return hand.ticket
