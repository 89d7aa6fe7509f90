"""What the carrier tells of messages of ours: kept once as it came, applied by rank, never backwards."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from channels.port import Tiding
from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.services import outbox
from helpdesk.services.accounts import Account
from helpdesk.services.outbox import Outcome
from helpdesk.services.texting import sending

log = logging.getLogger(__name__)
PARKED = timedelta(hours=1)
"""A report of a message that nobody knows is tried again for so long."""

_KEEP = text(
    """
    insert into text_report (account_id, sid, key, state, rank, error, at)
    values (:account, :sid, :key, :state, :rank, :error, :at)
    on conflict (account_id, sid, state) do nothing returning id
    """
)


@unit()
def report(account: Account, tiding: Tiding, *, at: datetime | None = None) -> bool:
    """Keeps a report and applies it; whether it was new. One of a message that is not known yet waits."""
    at = at or clock.now()
    told = {"account": account.id, "sid": tiding.sid, "key": tiding.key, "state": tiding.state, "rank": tiding.rank}
    kept = db.session.execute(_KEEP, told | {"error": tiding.error, "at": at}).scalar()
    if kept is None:
        return False
    if not tiding.rank:
        log.warning("a state of the carrier is not known", extra={"state": tiding.state})
    _take(int(kept), account.id, tiding, at)
    return True


_FIND = text(
    """
    select outbound_id, kind, number, rank from text_message
    where account_id = :account and (sid = :sid or (key = :key and (sid is null or sid = :sid))) for update
    """
)
_APPLIED = text("update text_report set applied_at = :at where id = :id")


def _take(report_id: int, account_id: int, tiding: Tiding, at: datetime) -> None:
    found = db.session.execute(_FIND, {"account": account_id, "sid": tiding.sid, "key": tiding.key}).one_or_none()
    if found is None:
        return
    apply(found, tiding, at)
    db.session.execute(_APPLIED, {"id": report_id, "at": at})


_GO_ON = text(
    """
    update text_message set sid = coalesce(sid, :sid), state = :state, rank = :rank, error = :error, changed_at = :at,
           look_at = case when :rank >= 5 then null else :look end
    where outbound_id = :id and rank < :rank returning rank
    """
)


def apply(found: Row[Any], tiding: Tiding, at: datetime) -> bool:
    """A state that is further than the one known; whether it was. One that we do not know changes nothing."""
    told = {"id": found.outbound_id, "sid": tiding.sid, "state": tiding.state, "rank": tiding.rank, "at": at}
    told |= {"error": tiding.error, "look": at + sending.SILENCE}
    if not tiding.rank or db.session.execute(_GO_ON, told).scalar() is None:
        return False
    if tiding.error:
        sending.learn(found.kind, found.number, tiding.error, at)
    state = sending.stands(tiding.state, tiding.rank)
    outbox.told(found.outbound_id, Outcome(state, sending.detail(tiding.error)), at)
    return True


_WAITING = text("select * from text_report where applied_at is null and rank > 0 and at > :since order by id limit 100")


@unit()
def again(at: datetime) -> int:
    """Tries reports once more that came before their message was known; how many there were."""
    rows = db.session.execute(_WAITING, {"since": at - PARKED}).all()
    for row in rows:
        _take(row.id, row.account_id, Tiding(row.sid, row.state, row.rank, row.key, row.error), at)
    return len(rows)
