"""Who called while we could not answer at all: the carrier is asked whom it let in, and each is a missed call."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from channels.carrier import CallFound, e164
from channels.port import ChannelError
from helpdesk import clock
from helpdesk.db import db, end_reading, table, unit
from helpdesk.models.calls import Call, CallLeg, PhoneNumber
from helpdesk.services.calls import records, scene, working
from helpdesk.services.calls.legs import OVER, RANKS
from helpdesk.vocabulary import CallResult, CallState

log = logging.getLogger(__name__)
LOOKS_BACK = timedelta(hours=2)
SURELY_TOLD = timedelta(minutes=2)
"""What ended so lately may still be told by itself."""
_CALLS, _LEGS, _NUMBERS = table(Call), table(CallLeg), table(PhoneNumber)


def look(now: datetime | None = None) -> int:
    """Calls to our numbers that the carrier knows and we do not; how many there were. One question a number."""
    at, found = now or clock.now(), 0
    for row in db.session.execute(select(_NUMBERS.c.account_id, _NUMBERS.c.number).where(_NUMBERS.c.active)).all():
        carrier = working.carrier_of(row.account_id)
        end_reading()
        try:
            told = carrier.calls(row.number, "", at - LOOKS_BACK) if carrier else ()
        except ChannelError as why:
            log.warning("the carrier cannot be asked who called", extra={"why": str(why)[:200]})
            continue
        found += sum(_missed(row.account_id, one, at) for one in told if _is_old_enough(one, at))
    return found


def _is_old_enough(found: CallFound, at: datetime) -> bool:
    since = found.started_at
    over = RANKS.get(found.status) == OVER
    return over and since is not None and at - LOOKS_BACK <= since <= at - SURELY_TOLD


@unit()
def _missed(account_id: int, found: CallFound, at: datetime) -> bool:
    known = exists().where(_LEGS.c.sid == found.sid) | exists().where(_CALLS.c.sid == found.sid)
    if db.session.execute(select(known)).scalar():
        return False
    make(account_id, {"sid": found.sid, "other": found.sender, "called": found.to, "cause": found.status}, at)
    return True


def make(account_id: int, told: dict[str, Any], at: datetime) -> None:
    """The record of a call that none of our steps has seen: the carrier apologised, and we call it missed."""
    number = scene.number_called(told["called"])
    call = scene.opened(
        {
            "account_id": account_id, "number_id": number.id if number else None, "sid": told["sid"],
            "direction": "inbound", "other": e164(told["other"]) or None, "state": CallState.DONE.value,
            "department_id": number.department_id if number else None, "started_at": at, "ended_at": at,
            "result": CallResult.FAILED.value, "cause": told["cause"], "settled_at": at,
        }
    )  # fmt: skip
    records.missed(call, at)
