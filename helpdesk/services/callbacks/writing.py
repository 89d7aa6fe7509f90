"""Appointments in writing: a colleague's first word to the citizen in the window keeps what was promised."""

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk import events
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services.callbacks import attempts, rows
from helpdesk.services.hands import held
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import OPEN_PROMISES, ActorKind, AttemptState, CallOutcome, PromiseWay

_OPEN = [state.value for state in OPEN_PROMISES]


def wrote(facts: Sequence[Recorded]) -> None:
    """The reaction to a reply. One before the window is a reply like any other: the appointment stands."""
    said = {fact.ticket_id: fact for fact in facts if _by_somebody(fact)}
    if not said:
        return
    written = rows.PROMISES.c.way != PromiseWay.PHONE.value
    query = select(rows.PROMISES.c.ticket_id, rows.PROMISES.c.begins_at).where(
        rows.PROMISES.c.ticket_id.in_(said), rows.PROMISES.c.state.in_(_OPEN), written
    )
    for owed in db.session.execute(query).all():
        if said[owed.ticket_id].at >= owed.begins_at:
            _keep(said[owed.ticket_id])


def _by_somebody(fact: Recorded) -> bool:
    staff = fact.actor_kind == ActorKind.STAFF and isinstance(fact.event, events.ReplySent)
    return staff and getattr(fact.event, "automatic", None) is None


def _keep(fact: Recorded) -> None:
    message_id = getattr(fact.event, "message_id", None)
    with held(SYSTEM, fact.ticket_id, "dial-call-back", None, fact.at) as hand:
        promise = rows.open_of(fact.ticket_id, lock=True)
        if promise is None:
            return
        if attempts.alive(promise.id) is None:
            attempts.begin(promise, AttemptState.CONNECTED, fact.actor_id, fact.at, by_hand=True)
        attempts.settle(hand, promise, CallOutcome.REACHED, message_id)
