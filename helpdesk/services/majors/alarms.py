"""The promised update that does not come: who coordinates is told, then those who supervise."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from helpdesk import events, i18n
from helpdesk.db import db, table, unit
from helpdesk.models.majors import MajorIncident
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, alerts, journal, outbox
from helpdesk.services.correspondence import CARRIER

_MAJORS = table(MajorIncident)
PATIENCE = timedelta(minutes=15)
"""How long the coordinator has before those who supervise are told, too."""

COORDINATOR = "person.id = (select coordinator_id from major_incident where ticket_id = ticket.id)"
SUPERVISORS = "staff.role = 'supervisor' and membership.department_id is not null or membership.lead"
ANY_SUPERVISOR = "staff.role in ('supervisor', 'administrator')"
_WHO = ((COORDINATOR,), (SUPERVISORS, ANY_SUPERVISOR))
"""Whom each alarm tells: the first of these that is anybody."""

_DUE = text(
    """
    select ticket_id, titles, next_update_at, alarms from major_incident
    where next_update_at is not null and ended_at is null
      and ((alarms = 0 and next_update_at <= :now) or (alarms = 1 and next_update_at <= :earlier))
    order by next_update_at, ticket_id limit 50 for update skip locked
    """
)
_RUNG = text("update major_incident set alarms = alarms + 1 where ticket_id = :id")


@unit()
def ring(now: datetime) -> int:
    """Rings every alarm that is due, once each; how many that were."""
    rows = db.session.execute(_DUE, {"now": now, "earlier": now - PATIENCE}).all()
    for row in rows:
        db.session.execute(_RUNG, {"id": row.ticket_id})
        missed = events.MajorUpdateMissed(row.next_update_at.isoformat(), row.alarms + 1)
        journal.record(row.ticket_id, missed, SYSTEM, now)
        _tell(row, now)
    return len(rows)


def _tell(row: Row[Any], now: datetime) -> None:
    book = accounts.book()
    if book.default(CARRIER) is None:
        return
    parcels = [
        alerts.parcel(
            reader, book, "major_silence", now,
            title=i18n.pick(row.titles, i18n.chosen(reader.language)), promised_at=row.next_update_at,
            second=row.alarms > 0,
        )
        for reader in _readers(row)
    ]  # fmt: skip
    outbox.put(parcels, now)


def _readers(row: Row[Any]) -> Sequence[Row[Any]]:
    for who in _WHO[row.alarms]:
        if found := alerts.readers(who, row.ticket_id):
            return found
    return ()
