"""What is known of numbers is forgotten in its time; who wants no messages is remembered as long as they do."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from helpdesk.db import db

REPORTS, NUMBERS, SILENT = timedelta(days=30), timedelta(days=90), timedelta(days=180)
"""How long reports of the carrier, the numbers of messages sent, and conversations that went silent are kept."""

_REPORTS = text("delete from text_report where at < :before")
_NUMBERS = text("update text_message set number = '' where asked_at < :before and number <> ''")
_SILENT = text("delete from text_contact where spoken_at < :before and declined_at is null")


def forget(now: datetime) -> int:
    """How many rows; part of the caller's transaction."""
    asked = ((_REPORTS, REPORTS), (_NUMBERS, NUMBERS), (_SILENT, SILENT))
    ended: list[Any] = [db.session.execute(query, {"before": now - kept}) for query, kept in asked]
    return sum(int(one.rowcount) for one in ended)
