"""Who waits is offered to one colleague after the other: a lease while their telephone rings, never two at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from helpdesk.background import wake
from helpdesk.db import db, table
from helpdesk.models.calls import Call, CallLeg, PhoneLine
from helpdesk.services import assignment, catalogue, presence
from helpdesk.services.assignment import Work
from helpdesk.services.calls.scene import add_leg
from helpdesk.vocabulary import CallState, LegRole, WorkKind

RINGS = 20
"""Seconds a colleague's telephone rings; their lease is a little longer, so that pressing 1 at the end still counts."""
NOT_AGAIN = timedelta(minutes=2)
"""Who has just not taken a call is not rung for the same one again so soon."""

_LINES = table(PhoneLine)


Turn = Callable[[int, datetime, datetime], None]
_first: list[Turn] = []


def let_first(turn: Turn) -> None:
    """From now on that is asked, with a department and a moment, before whoever waits there since then has a turn:
    those who keep their place in the line without waiting in it."""
    _first[:] = [turn]


def offer_to_somebody(call: Call, at: datetime) -> bool:
    """Rings the next colleague for a call that waits; whether there was one."""
    if call.state != CallState.QUEUED or call.department_id is None:
        return False
    for turn in _first:
        turn(call.department_id, call.queued_at or at, at)
    lines = telephones()
    work = Work(WorkKind.CALL, call.id, call.department_id, call.language)
    made = assignment.offer(work, at, not_to=_nobody(call, lines, at))
    if made.offer is None:
        return False
    person_id = made.offer.person_id
    call.state = CallState.OFFERED.value
    add_leg(call, LegRole.AGENT, lines[person_id], at, person_id=person_id, offer_id=made.offer.id)
    wake("calls.work", on="urgent")
    return True


def telephones() -> dict[int, str]:
    """Where everybody is rung who has told a telephone."""
    return {row.person_id: row.number for row in db.session.execute(select(_LINES))}


def _nobody(call: Call, lines: dict[int, str], at: datetime) -> frozenset[int]:
    """Who cannot be rung, and who has just let this very call ring."""
    without = {person_id for person_id in catalogue.current().colleagues if person_id not in lines}
    rows = table(CallLeg)
    lately = select(rows.c.person_id).where(rows.c.call_id == call.id, rows.c.started_at > at - NOT_AGAIN)
    tried = db.session.execute(lately.where(rows.c.person_id.is_not(None))).scalars()
    return frozenset(without | set(tried))


def call_off(call: Call, at: datetime) -> None:
    """Nobody need answer any more: the lease ends, and the worker stops the ringing."""
    if call.state == CallState.OFFERED:
        assignment.withdraw(WorkKind.CALL, call.id, at)
        call.state = CallState.QUEUED.value
        never_dial(call, at)


def never_dial(call: Call, at: datetime) -> None:
    """Lines that were to be rung and are not any more."""
    gone = {"state": "canceled", "cause": "canceled", "rank": 9, "ended_at": at}
    rows = table(CallLeg)
    db.session.execute(rows.update().where(rows.c.call_id == call.id, rows.c.state == "placing").values(gone))


def nobody_answered(call: Call, leg: CallLeg, at: datetime) -> None:
    """A colleague did not take it: back to where it was in the line, and on to the next one."""
    assignment.withdraw(WorkKind.CALL, call.id, at)
    if leg.cause == "no-answer" and leg.person_id is not None:
        presence.missed(leg.person_id, at)
    call.state = CallState.QUEUED.value
    offer_to_somebody(call, at)


_LAPSED = text(
    """
    select call.id from call where call.state = 'offered'
      and not exists (select from offer where kind = 'call' and work_id = call.id
                      and (state = 'accepted' or (state = 'offered' and expires_at > :at)))
    order by call.queued_at for update of call skip locked
    """
)
_WAITING = text("select id from call where state = 'queued' order by queued_at for update skip locked")


def look(at: datetime) -> int:
    """What lapsed goes back into the line, and whoever is next is offered to whoever is free; how many were."""
    values: dict[str, Any] = {"at": at}
    for call_id in db.session.execute(_LAPSED, values).scalars().all():
        db.session.get_one(Call, call_id, populate_existing=True).state = CallState.QUEUED.value
    db.session.flush()
    waiting = [db.session.get_one(Call, id_) for id_ in db.session.execute(_WAITING).scalars().all()]
    return sum(offer_to_somebody(call, at) for call in waiting)
