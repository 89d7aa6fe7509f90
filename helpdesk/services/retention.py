"""Post is kept as it came and went for some days after it was worked off; then the raw of it is deleted."""

from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db, unit
from helpdesk.services import patience, stored

PORTION = 500
_ROUNDS = 20


def forget_raw(now: datetime) -> int:
    """Deletes what is old enough, a portion a transaction; how many rows were emptied or deleted.

    Messages, files and the journal stay. What nobody looked at yet stays as well: what is held or unreadable in, what
    failed out.
    """
    before = now - _kept()
    gone = 0
    for _ in range(_ROUNDS):
        emptied, files = _empty(before)
        stored.drop(files)
        gone += emptied
        if emptied < PORTION:
            break
    return gone


@unit()
def _kept() -> timedelta:
    return patience.keeps_raw()


_INBOUND = text(
    """
    update inbound set raw = null, stored = null, envelope = '{}'
    from (select id, stored from inbound
          where processed_at < :before and state in ('processed', 'discarded')
            and (raw is not null or stored is not null)
          order by processed_at limit :portion for update skip locked) as old
    where inbound.id = old.id
    returning old.stored
    """
)
_OUTBOUND = text(
    """
    update outbound set payload = '{}' where id in (
        select id from outbound
        where settled_at < :before and payload <> '{}'
          and state in ('sent', 'delivered', 'read', 'withdrawn', 'bounced', 'otherwise')
        order by settled_at limit :portion for update skip locked)
    returning id
    """
)
_LATER = text(
    """
    delete from scheduled_reply where id in (
        select id from scheduled_reply where settled_at < :before and state in ('sent', 'cancelled', 'stopped')
        order by settled_at limit :portion for update skip locked)
    returning array(select file->>'sha256' from jsonb_array_elements(files) as file) as names
    """
)


@unit()
def _empty(before: datetime) -> tuple[int, list[str]]:
    """A portion of each; how many of the kind with the most, and the files that nothing of these names now."""
    told = {"before": before, "portion": PORTION}
    came = db.session.execute(_INBOUND, told).scalars().all()
    went = db.session.execute(_OUTBOUND, told).scalars().all()
    later = db.session.execute(_LATER, told).scalars().all()
    files = {name for name in came if name} | {name for names in later for name in names}
    return max(len(came), len(went), len(later)), sorted(files)
