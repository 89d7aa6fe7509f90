"""What is not kept for ever: recordings after their number's days, the carrier's reports after the days of raw post."""

from datetime import datetime

from sqlalchemy import text

from helpdesk.db import db, unit
from helpdesk.models.calls import Recording
from helpdesk.services import patience, stored
from helpdesk.vocabulary import RecordingState

PORTION = 500
_ROUNDS = 20
_OLD = text("select id, sha256 from recording where sha256 is not null and keep_until <= :at limit 200")
_REPORTS = text(
    """
    delete from call_event where id in (
        select id from call_event where at < :before and applied_at is not null order by at limit :portion
        for update skip locked)
    returning id
    """
)


def forget(at: datetime) -> int:
    """Deletes what has been kept long enough; how many recordings that were. What nobody applied yet stays."""
    files = _recordings(at)
    stored.drop(files)
    for _ in range(_ROUNDS):
        if _reports(at) < PORTION:
            break
    return len(files)


@unit()
def _recordings(at: datetime) -> list[str]:
    rows = db.session.execute(_OLD, {"at": at}).all()
    for row in rows:
        kept = db.session.get_one(Recording, row.id)
        kept.sha256, kept.transcript, kept.state, kept.deleted_at = None, None, RecordingState.DELETED.value, at
    return [row.sha256 for row in rows]


@unit()
def _reports(at: datetime) -> int:
    values = {"before": at - patience.keeps_raw(), "portion": PORTION}
    return len(db.session.execute(_REPORTS, values).all())
