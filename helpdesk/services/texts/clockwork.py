"""What the clock looks after of short messages; cheap where there are none."""

from datetime import datetime

from sqlalchemy import text

from helpdesk import clock
from helpdesk.db import db
from helpdesk.services.texts import looking, media, reports

_ANYTHING = text(
    """
    select exists (select from text_message where look_at <= :at) as looks,
           exists (select from text_report where applied_at is null and rank > 0 and at > :since) as parked,
           exists (select from text_media where due_at <= :at) as files
    """
)


def tick(now: datetime | None = None) -> None:
    """Reports that came too early, messages of which nobody tells, files that lie at the carrier."""
    at = now or clock.now()
    due = db.session.execute(_ANYTHING, {"at": at, "since": at - reports.PARKED}).one()
    if due.parked:
        reports.again(at)
    if due.looks:
        looking.look(at)
    if due.files:
        media.work(at)
