"""What ends by itself: silence after resolution closes, old keys are forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, text

from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import HelpdeskError
from helpdesk.models.access import FormReceipt, SentAutomatically
from helpdesk.permissions import SYSTEM
from helpdesk.services import drafts, duplicates, idempotency, patience, screening, texts, tickets

_PORTION = 200

_SILENT = text(
    f"select id from ticket where {patience.CLOSES_ITSELF} and {patience.CLOSES_AT} <= :at"  # noqa: S608 - our words
    " order by id limit :portion"
)


@unit()
def close_silent(now: datetime) -> int:
    """Closes what was resolved and then left alone; how many."""
    told = {"at": now, "portion": _PORTION, **patience.terms()}
    silent = db.session.execute(_SILENT, told).scalars().all()
    return sum(_try(tickets.close, id_, now, reason="silence") for id_ in silent)


def _try(verb: Callable[..., object], ticket_id: int, now: datetime, **fields: str) -> bool:
    """A ticket that somebody moved meanwhile is left as it is."""
    try:
        with savepoint():
            verb(SYSTEM, ticket_id, at=now, **fields)
    except HelpdeskError:
        return False
    return True


@unit()
def forget(now: datetime) -> int:
    """Deletes what served its time: answered keys, form receipts, old drafts, daily counts; how many rows."""
    gone = idempotency.forget(now) + drafts.forget(now) + screening.forget(now) + duplicates.forget(now)
    gone += texts.forget(now)
    receipts = delete(table(FormReceipt)).where(FormReceipt.created_at < now - timedelta(days=2))
    counts = delete(table(SentAutomatically)).where(SentAutomatically.day < f"{now - timedelta(days=3):%Y-%m-%d}")
    return gone + sum(int(getattr(db.session.execute(query), "rowcount", 0)) for query in (receipts, counts))
