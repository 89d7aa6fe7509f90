"""Attempts to keep a promise: one at a time, counted, and what follows from how it went."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from helpdesk import events
from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.callbacks import CallbackAttempt
from helpdesk.services import catalogue, rulebook, slots
from helpdesk.services.access.secrets import new_token
from helpdesk.services.callbacks import retrying, rows
from helpdesk.services.callbacks.retrying import Pauses
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import AttemptState, CallOutcome, PromiseEnd, PromiseState
from sla import NeverOpens

ATTEMPTS = table(CallbackAttempt)


def alive(promise_id: int) -> Row[Any] | None:
    """The attempt that is under way."""
    same = (ATTEMPTS.c.promise_id == promise_id, ATTEMPTS.c.ended_at.is_(None))
    return db.session.execute(select(ATTEMPTS).where(*same).with_for_update()).one_or_none()


def begin(promise: Row[Any], state: AttemptState, agent_id: int | None, at: datetime, *, by_hand: bool) -> Row[Any]:
    """The next attempt; the database refuses a second one beside one that is alive."""
    number = promise.attempts + 1
    made = {"promise_id": promise.id, "number": number, "key": new_token(), "state": state.value}
    made |= {"agent_id": agent_id, "by_hand": by_hand, "begun_at": at, "changed_at": at}
    row = db.session.execute(insert(ATTEMPTS).values(made).returning(ATTEMPTS)).one()
    rows.change(promise.id, attempts=number, state=PromiseState.RINGING.value)
    return row


def change(id_: int, at: datetime, **values: Any) -> None:
    """Another state of an attempt, or what the carrier calls its legs."""
    db.session.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == id_).values(changed_at=at, **values))


def rung(hand: Hand, promise: Row[Any], attempt: Row[Any]) -> None:
    """The citizen's phone rings from now on: that is what was promised."""
    change(attempt.id, hand.at, state=AttemptState.DIALING_CITIZEN.value, dialled_at=hand.at)
    if promise.first_dialled_at is None:
        rows.change(promise.id, first_dialled_at=hand.at)
    hand.record(events.CallBackRung(attempt.number, attempt.by_hand))


def settle(hand: Hand, promise: Row[Any], outcome: CallOutcome, message_id: int | None, *, past: bool = False) -> None:
    """How it went, and what follows: it is done, they are rung again, or they are told that we could not reach them.

    ``past``: it happened in another system, which rings nobody again.
    """
    attempt = alive(promise.id) or begin(promise, AttemptState.DIALING_CITIZEN, hand.actor.id, hand.at, by_hand=True)
    first = promise.first_dialled_at or attempt.dialled_at or hand.at
    ended = {"state": AttemptState.DONE.value, "ended_at": hand.at, "outcome": outcome.value}
    change(attempt.id, hand.at, dialled_at=attempt.dialled_at or hand.at, message_id=message_id, **ended)
    rows.change(promise.id, first_dialled_at=first)
    hand.record(events.CallBackDialled(outcome, message_id, promise.way))
    if outcome is CallOutcome.REACHED:
        rows.end(promise, PromiseEnd.REACHED, hand.at)
    elif past:
        rows.end(promise, PromiseEnd.UNREACHABLE, hand.at)
    else:
        _again(hand, promise, _tried(promise.id), first)


def _tried(promise_id: int) -> int:
    """How often the citizen's phone rang; a colleague who did not answer is no attempt of theirs."""
    query = select(func.count()).where(ATTEMPTS.c.promise_id == promise_id, ATTEMPTS.c.dialled_at.is_not(None))
    return int(db.session.execute(query).scalar_one())


def _again(hand: Hand, promise: Row[Any], number: int, first: datetime) -> None:
    """Rung again by rule, or no more."""
    rule = slots.of(promise.department_id) if promise.department_id else slots.CallbackRule(0)
    due = next_moment(promise, rule, number, first, hand.at) if number <= rule.most_retries else None
    if due is None:
        rows.end(promise, PromiseEnd.UNREACHABLE, hand.at)
        hand.record(events.CallBackGivenUp(number))
        return
    rows.change(promise.id, state=PromiseState.RETRY_WAIT.value, due_at=due)
    hand.record(events.CallBackRetried(number, due.isoformat()))


def next_moment(
    promise: Row[Any], rule: slots.CallbackRule, failed: int, first: datetime, at: datetime
) -> datetime | None:
    """When they are rung again, inside the department's hours; None where it never opens again."""
    place = catalogue.current().departments.get(promise.department_id or 0)
    try:
        calendar = rulebook.calendar_for(place.calendar_key if place else None).value
        pauses = Pauses(timedelta(minutes=rule.soon_minutes), timedelta(minutes=rule.later_minutes))
        return retrying.again_at(calendar, failed, first, at, pauses)
    except (NotFound, NeverOpens):
        return None
