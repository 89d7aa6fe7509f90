"""The system keeps promised calls: a colleague's telephone rings first, and once they press 1, the citizen's.

An attempt is a call of the telephone with its key as errand. Both are made in one transaction, of one promise one
attempt lives at a time, and an attempt whose call is not known to have ended keeps every other from being begun.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text

from helpdesk import clock
from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import HelpdeskError
from helpdesk.models.calls import Call, CallLeg
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import assignment, calls, catalogue, slots
from helpdesk.services.assignment import settings
from helpdesk.services.assignment.people import Asked, actor_of, desk
from helpdesk.services.callbacks import attempts, rows
from helpdesk.services.catalogue import Colleague
from helpdesk.services.hands import Hand, held
from helpdesk.services.slots import Brakes
from helpdesk.vocabulary import AttemptState, CallOutcome, CallState, LegRole, PromiseState, WorkKind
from routing import choose_agent

NOT_AGAIN = timedelta(minutes=2)
"""Whose telephone rang in vain is not rung for the same promise so soon."""
NEXT = timedelta(seconds=30)
"""So long after a colleague did not answer the next one is tried."""

SOON = timedelta(minutes=10)
"""A window that ends within so long comes before every other."""

_WAITS = [PromiseState.SCHEDULED.value, PromiseState.RETRY_WAIT.value]
_ATTEMPTS, _CALLS, _LEGS, _TICKETS = attempts.ATTEMPTS, table(Call), table(CallLeg), table(Ticket)


def tick(now: datetime | None = None) -> int:
    """Sees how attempts stand, then begins those that are due; how many were begun."""
    at = now or clock.now()
    for attempt_id in db.session.execute(_ALIVE).scalars().all():
        _observe(attempt_id, at)
    _call_off(at)
    return 0 if braked(at) else _begin_due(at)


_PLACES = text(
    """
    select promise.id from callback_promise as promise
    where promise.state = 'scheduled' and promise.place_since < :waits and promise.due_at <= :at
      and promise.department_id = :department and promise.phone <> ''
      and (select count(*) from callback_attempt as attempt join callback_promise as other on other.id = promise_id
           where other.phone = promise.phone and attempt.dialled_at > :since) < :most
    order by promise.place_since, promise.id limit 5
    """
)


def places(department_id: int, since: datetime, at: datetime) -> None:
    """Who keeps a place before somebody who has waited since then is rung first, if anybody is free for it.

    Part of the caller's transaction.
    """
    brakes = slots.brakes()
    values = {"department": department_id, "waits": since} | _often(brakes, at)
    found = db.session.execute(_PLACES, values).scalars().all()
    if found and not braked(at, brakes):
        lines = calls.telephones()
        for promise_id in found:
            _try(promise_id, lines, at)


def register() -> None:
    """The line of callers knows of those who keep their place in it. Only create_app calls it."""
    calls.let_first(places)


_ALIVE = text("select id from callback_attempt where ended_at is null and not by_hand order by id limit 200")
_STRAY = text(
    """
    select call.id, call.agent_id from call join callback_attempt as attempt on attempt.key = call.errand
    where call.errand is not null and call.ended_at is null and call.bridged_at is null
      and attempt.ended_at is not null
    order by call.id limit 50
    """
)
"""Calls on an errand that is over, before anybody talked."""
_DUE = text(
    """
    select id from (
        select promise.id, row_number() over (
            partition by promise.department_id
            order by promise.ends_at > :soon, promise.place_since is null,
                     coalesce(promise.place_since, promise.ends_at), promise.id) as turn
        from callback_promise as promise
        where promise.state in ('scheduled', 'retry_wait') and promise.due_at <= :at and promise.phone <> ''
          and promise.department_id is not null
          and (select count(*) from callback_attempt as attempt join callback_promise as other on other.id = promise_id
           where other.phone = promise.phone and attempt.dialled_at > :since) < :most
          and (promise.state <> 'scheduled' or not exists (
            select from call where call.department_id = promise.department_id and call.state = 'queued'
                               and call.queued_at < promise.place_since))
    ) as due where turn <= 5 order by turn, id limit 100
    """
)
"""What is due, some of every department: what ends soon, then who keeps a place in the line and has no caller before
them, then the rest."""
_SPENT = text(
    """
    select count(*) filter (where dialled_at is not null) as calls, coalesce(sum(seconds), 0) / 60 as minutes
    from callback_attempt where begun_at > :since and not by_hand
    """
)


def _call_off(at: datetime) -> None:
    """Who resolves a request, or calls the promise off, while a telephone rings has nobody rung about it."""
    known = catalogue.current().colleagues
    for call in db.session.execute(_STRAY).all():
        calls.hang_up(actor_of(known[call.agent_id]), call.id, at=at)


@dataclass(frozen=True)
class Spent:
    """What the system has dialled within a day."""

    calls: int
    minutes: int


def spent(at: datetime) -> Spent:
    """By the attempts of the last 24 hours, so that no midnight doubles what a day may cost."""
    row = db.session.execute(_SPENT, {"since": at - timedelta(days=1)}).one()
    return Spent(int(row.calls), int(row.minutes))


def braked(at: datetime, brakes: Brakes | None = None) -> str:
    """Why the system dials nobody: `off`, `calls` or `minutes`; empty while it does. Then people ring from the list."""
    rule = brakes or slots.brakes()
    if not rule.dialling:
        return "off"
    so_far = spent(at)
    if so_far.calls >= rule.calls_a_day:
        return "calls"
    return "minutes" if so_far.minutes >= rule.minutes_a_day else ""


@unit()
def _begin_due(at: datetime) -> int:
    lines = calls.telephones()
    values = {"soon": at + SOON} | _often(slots.brakes(), at)
    due = db.session.execute(_DUE, values).scalars().all() if lines else []
    return sum(_try(promise_id, lines, at) for promise_id in due)


def _often(brakes: Brakes, at: datetime) -> dict[str, Any]:
    """What keeps one number from being rung all day."""
    return {"at": at, "since": at - timedelta(days=1), "most": brakes.calls_to_one}


def _try(promise_id: int, lines: dict[int, str], at: datetime) -> bool:
    """Begins one, or leaves all as it was; what the telephone refuses stays on the list of what is at risk."""
    try:
        with savepoint():
            return _begin(promise_id, lines, at)
    except HelpdeskError:
        return False


def _begin(promise_id: int, lines: dict[int, str], at: datetime) -> bool:
    promise = _waiting(promise_id, at)
    if promise is None or not slots.reachable(promise.phone, slots.brakes().countries):
        return False
    person = _agent(promise, lines, at)
    if person is None:
        return False
    attempt = attempts.begin(promise, AttemptState.DIALING_AGENT, person.id, at, by_hand=False)
    calls.call(actor_of(person), promise.phone, ticket_id=promise.ticket_id, errand=attempt.key, at=at)
    return True


def _waiting(promise_id: int, at: datetime) -> Row[Any] | None:
    """The promise, held, where nobody rings meanwhile and nobody else is about to."""
    query = select(rows.PROMISES).where(
        rows.PROMISES.c.id == promise_id, rows.PROMISES.c.state.in_(_WAITS), rows.PROMISES.c.due_at <= at
    )
    return db.session.execute(query.with_for_update(skip_locked=True)).one_or_none()


def _agent(promise: Row[Any], lines: dict[int, str], at: datetime) -> Colleague | None:
    """Who works on it, else whoever of the department is there, has room and a telephone, by the department's turn."""
    lately = select(_ATTEMPTS.c.agent_id).where(
        _ATTEMPTS.c.promise_id == promise.id, _ATTEMPTS.c.dialled_at.is_(None), _ATTEMPTS.c.begun_at > at - NOT_AGAIN
    )
    without = frozenset(catalogue.current().colleagues.keys() - lines.keys())
    here, rule = desk(promise.department_id, at), settings.of(promise.department_id)
    busy = frozenset(db.session.execute(lately).scalars().all())
    ticket: Any = db.session.execute(select(_TICKETS).where(_TICKETS.c.id == promise.ticket_id)).one()
    asked = Asked(
        WorkKind.CALL, assignment.weights().running(WorkKind.CALL), ticket=ticket, last_agent=ticket.assignee_id,
        not_to=without | busy,
    )  # fmt: skip
    choice = choose_agent(here.roster(asked), here.need(asked), rule.turn)
    return catalogue.current().colleagues[int(choice.agent)] if choice.agent is not None else None


@unit()
def _observe(attempt_id: int, at: datetime) -> None:
    """What the telephone knows of an attempt's call, put down with the promise."""
    query = select(_ATTEMPTS, rows.PROMISES.c.ticket_id)
    query = query.join(rows.PROMISES, rows.PROMISES.c.id == _ATTEMPTS.c.promise_id).where(_ATTEMPTS.c.id == attempt_id)
    attempt = db.session.execute(query).one()
    call = db.session.execute(select(_CALLS).where(_CALLS.c.errand == attempt.key)).one_or_none()
    if call is None:
        return
    with held(SYSTEM, attempt.ticket_id, "dial-call-back", None, at) as hand:
        promise = rows.open_of(attempt.ticket_id, lock=True)
        fresh = attempts.alive(attempt.promise_id)
        if fresh is None or fresh.id != attempt_id or promise is None:
            return
        leg = _citizen(call.id)
        if leg is not None and leg.state != "placing" and fresh.dialled_at is None:
            attempts.rung(hand, promise, fresh)
        if call.ended_at is None:
            _stands(fresh, call, leg, at)
        else:
            _ended(hand, promise, call, leg)


def _citizen(call_id: int) -> Row[Any] | None:
    query = select(_LEGS).where(_LEGS.c.call_id == call_id, _LEGS.c.role == LegRole.CITIZEN.value)
    return db.session.execute(query.order_by(_LEGS.c.id.desc()).limit(1)).one_or_none()


def _stands(attempt: Row[Any], call: Row[Any], leg: Row[Any] | None, at: datetime) -> None:
    """While it lasts: an answer of the carrier that was lost is told apart, and waited for."""
    if leg is not None and leg.state == "unknown":
        state = AttemptState.UNKNOWN
    elif call.state == CallState.TALKING:
        state = AttemptState.CONNECTED
    elif leg is not None:
        state = AttemptState.DIALING_CITIZEN
    else:
        state = AttemptState.DIALING_AGENT
    if attempt.state != state:
        attempts.change(attempt.id, at, state=state.value, citizen_call=leg.sid if leg is not None else None)


_OUTCOMES = {"busy": CallOutcome.BUSY, "no-answer": CallOutcome.NO_ANSWER, "completed": CallOutcome.NO_ANSWER}


def _ended(hand: Hand, promise: Row[Any], call: Row[Any], leg: Row[Any] | None) -> None:
    """It is over: they talked, the citizen was not reached, or no colleague took it, which is nobody's attempt."""
    attempt = attempts.alive(promise.id)
    assert attempt is not None
    if leg is None or (leg.state == "canceled" and leg.sid is None):
        ended = {"state": AttemptState.DONE.value, "ended_at": hand.at, "outcome": None}
        attempts.change(attempt.id, hand.at, **ended)
        back = PromiseState.RETRY_WAIT if promise.first_dialled_at else PromiseState.SCHEDULED
        rows.change(promise.id, state=back.value, due_at=hand.at + NEXT)
        return
    talked = call.bridged_at is not None
    seconds = int((call.ended_at - call.bridged_at).total_seconds()) if talked else 0
    attempts.change(attempt.id, hand.at, seconds=seconds, citizen_call=leg.sid)
    if talked and hand.ticket.first_response_at is None:
        hand.ticket.first_response_at = call.bridged_at
    outcome = CallOutcome.REACHED if talked else _OUTCOMES.get(leg.cause or "", CallOutcome.FAILED)
    attempts.settle(hand, promise, outcome, None)
