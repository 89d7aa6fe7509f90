"""Verbs on a ticket: take, assign, transfer, wait, resolve, close, reopen … each one unit of work."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Membership, Staff
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import notices, transitions
from helpdesk.services.hands import Hand, held
from helpdesk.vocabulary import WAITING_STATUS, ResolutionCode, Role, Status, WaitingReason


@contextmanager
def _moved(
    actor: Actor, number: int, verb: str, version: int | None, at: datetime | None, **fields: object
) -> Iterator[Hand]:
    """The same for a move of the table of transitions."""
    with held(actor, number, verb, version, at) as hand:
        transitions.require(verb, hand.ticket.status, fields)
        hand.acknowledge()
        yield hand


@unit()
def take(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The actor works on it from now on. Refused when somebody else has it: assign moves it on purpose."""
    with _moved(actor, number, "take", version, at) as hand:
        if hand.ticket.assignee_id not in (None, actor.id):
            raise Stale("Somebody else has taken this ticket.", code="taken", fields={"assignee_id": "already set"})
        give(hand, actor.id, taken=True)
        return hand.ticket


@unit()
def assign(
    actor: Actor, number: int, assignee_id: int | None, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Somebody of the department works on it from now on; None takes it off everybody."""
    with _moved(actor, number, "assign", version, at) as hand:
        if assignee_id is not None:
            _require_colleague(assignee_id, hand.ticket.department_id)
        give(hand, assignee_id)
        return hand.ticket


def give(hand: Hand, person_id: int | None, *, taken: bool = False) -> None:
    """Puts a held ticket into somebody's hands, or into nobody's."""
    if person_id != hand.ticket.assignee_id:
        before, hand.ticket.assignee_id = hand.ticket.assignee_id, person_id
        hand.record(events.TicketAssigned(person_id, before, taken))
    if person_id is not None:
        hand.own(person_id)
        hand.begin()


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
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Another department answers from now on; the owner stays, the assignee does not."""
    fields = {"department_id": department_id, "reason": reason}
    with _moved(actor, number, "transfer", version, at, **fields) as hand:
        ticket = hand.ticket
        if department_id == ticket.department_id:
            raise Stale("The ticket is with that department already.", code="already-there")
        _require_department(department_id)
        message = notices.note(hand, f"{reason}\n\n{note}".strip())
        before, ticket.department_id = ticket.department_id, department_id
        hand.record(events.TicketTransferred(department_id, before, message_id=message.id))
        if ticket.assignee_id is not None:
            give(hand, None)
        return ticket


def _require_department(department_id: int | None) -> None:
    known = db.session.get(Department, department_id) if department_id else None
    if known is None or not known.active:
        raise Invalid("There is no such department.", fields={"department_id": "an active department"})


@unit()
def wait(
    actor: Actor,
    number: int,
    reason: str,
    until: datetime | None = None,
    note: str = "",
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """It waits for somebody else, for a reason, until a moment at the latest; its clock may pause."""
    with _moved(actor, number, "wait", version, at, reason=reason) as hand:
        if reason not in set(WaitingReason):
            raise Invalid("That is no reason to wait.", fields={"reason": f"one of {', '.join(WaitingReason)}"})
        if until is not None and until <= hand.at:
            raise Invalid("The end of waiting lies in the past.", fields={"until": "a moment to come"})
        hand.move(WAITING_STATUS[WaitingReason(reason)], reason, until)
        if note.strip():
            notices.note(hand, note)
        return hand.ticket


@unit()
def resume(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """Waiting ends; work goes on."""
    with _moved(actor, number, "resume", version, at) as hand:
        hand.move(Status.OPEN, "resumed")
        hand.ticket.waiting_reason = None
        return hand.ticket


@unit()
def resolve(
    actor: Actor, number: int, code: str, text: str, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """It is done: with a code for the figures and a text that goes to the citizen, who may confirm or reject."""
    with _moved(actor, number, "resolve", version, at, code=code, text=text) as hand:
        if code not in set(ResolutionCode):
            raise Invalid("There is no such code.", fields={"code": f"one of {', '.join(ResolutionCode)}"})
        ticket = hand.ticket
        if actor.id is not None and ticket.assignee_id is None and actor.is_staff:
            give(hand, actor.id, taken=True)
        message = notices.resolution(hand, text)
        ticket.status, ticket.waiting_reason, ticket.waiting_until = Status.RESOLVED, None, None
        ticket.resolved_at, ticket.resolution_code, ticket.resolution_text = hand.at, code, text
        hand.record(events.TicketResolved(code, message.id))
        return ticket


@unit()
def confirm(actor: Actor, number: int, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The citizen says it is solved; that closes it."""
    with _moved(actor, number, "confirm", version, at) as hand:
        hand.ticket.confirmed_at = hand.at
        hand.record(events.ResolutionConfirmed())
        _close(hand, "confirmed")
        return hand.ticket


@unit()
def reject(
    actor: Actor, number: int, text: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The citizen says it is not solved; work goes on."""
    with _moved(actor, number, "reject", version, at) as hand:
        message = notices.from_citizen(hand, text) if text.strip() else None
        hand.record(events.ResolutionRejected(message.id if message else None))
        _reopen(hand, "rejected")
        return hand.ticket


@unit()
def close(
    actor: Actor, number: int, *, reason: str = "by_staff", version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Nothing more will happen; closed is terminal."""
    with _moved(actor, number, "close", version, at) as hand:
        _close(hand, reason)
        return hand.ticket


def _close(hand: Hand, reason: str) -> None:
    hand.ticket.status, hand.ticket.closed_at = Status.CLOSED, hand.at
    hand.record(events.TicketClosed(reason))


@unit()
def reopen(actor: Actor, number: int, reason: str, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """Work goes on after it was resolved; the reason is kept as a note."""
    with _moved(actor, number, "reopen", version, at, reason=reason) as hand:
        notices.note(hand, reason)
        _reopen(hand, "by_staff")
        return hand.ticket


def _reopen(hand: Hand, reason: str) -> None:
    ticket = hand.ticket
    ticket.status, ticket.resolved_at, ticket.confirmed_at = Status.OPEN, None, None
    ticket.resolution_code, ticket.resolution_text = None, None
    ticket.reopened += 1
    hand.record(events.TicketReopened(reason))


@unit()
def cancel(actor: Actor, number: int, reason: str, *, version: int | None = None, at: datetime | None = None) -> Ticket:
    """It ends without a resolution: withdrawn, a mistake, spam."""
    with _moved(actor, number, "cancel", version, at, reason=reason) as hand:
        notices.note(hand, reason)
        hand.ticket.status, hand.ticket.closed_at = Status.CANCELLED, hand.at
        hand.ticket.waiting_reason, hand.ticket.waiting_until = None, None
        hand.record(events.TicketCancelled("by_staff"))
        return hand.ticket


VERBS: Mapping[str, Callable[..., Ticket]] = {
    "take": take,
    "assign": assign,
    "transfer": transfer,
    "wait": wait,
    "resume": resume,
    "resolve": resolve,
    "confirm": confirm,
    "reject": reject,
    "close": close,
    "reopen": reopen,
    "cancel": cancel,
}
"""Verb -> function; the API's actions and the desk's buttons call these."""
