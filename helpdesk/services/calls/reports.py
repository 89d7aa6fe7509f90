"""What the carrier tells by itself: how a line stands, that a file is there, who is in a room."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from channels.turns import Step
from helpdesk.db import db, table
from helpdesk.models.calls import CallEvent, CallLeg
from helpdesk.services.accounts import Account
from helpdesk.services.calls import ending, legs, recordings, scene
from helpdesk.services.calls.legs import LONGEST_SILENCE
from helpdesk.vocabulary import LegRole

_EVENTS = table(CallEvent)


def take(account: Account, step: Step, at: datetime) -> None:
    """Applies a report that was kept; one about a call that is not known yet stays parked."""
    if TELLS[step.act](step, at):
        sid = step.sid or step.facts.get("ConferenceSid", "")
        same = (_EVENTS.c.account_id == account.id, _EVENTS.c.sid == sid, _EVENTS.c.kind == step.act)
        db.session.execute(update(_EVENTS).where(*same, _EVENTS.c.mark == step.mark).values(applied_at=at))


def _status(step: Step, at: datetime) -> bool:
    found = (scene.by_key(step.path[0]) if step.path else None) or scene.by_sid(step.sid)
    if found is None:
        return False
    call, leg = found
    if leg.sid is None:
        leg.sid = step.sid
    stands(call, leg, step.status, at)
    return True


def stands(call: Any, leg: CallLeg, status: str, at: datetime) -> None:
    """How a line stands, by a report or because we asked; it is acted on once."""
    if not legs.apply(leg, status, at):
        return
    call.check_at = at + LONGEST_SILENCE if call.ended_at is None else None
    if leg.rank == legs.OVER:
        ending.line_over(call, leg, at)


def _conference(step: Step, at: datetime) -> bool:
    """Who leaves a room is told by their line's end as well; that they are alone only here."""
    found = scene.by_sid(step.sid)
    if found is None:
        return False
    call, leg = found
    left = step.facts.get("StatusCallbackEvent") == "participant-leave"
    if left and leg.role != LegRole.CITIZEN and call.ended_at is None and leg.ended_at is None:
        call.check_at = at
    return True


def _machine(step: Step, at: datetime) -> bool:
    """A guess whether a person answered: kept, never acted on."""
    return scene.by_sid(step.sid) is not None


TELLS: Mapping[str, Callable[[Step, datetime], bool]] = {
    "call/status": _status,
    "recording/status": recordings.told,
    "conference/events": _conference,
    "call/amd": _machine,
}
"""By the act of a report; whether it could be applied."""


def parked(at: datetime) -> list[Any]:
    """Reports of calls that were not known, the oldest first."""
    query = select(_EVENTS).where(_EVENTS.c.applied_at.is_(None), _EVENTS.c.at <= at - LONGEST_SILENCE / 2)
    return list(db.session.execute(query.order_by(_EVENTS.c.at).limit(100)))
