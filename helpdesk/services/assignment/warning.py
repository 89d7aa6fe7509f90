"""Tells somebody who is absent that their untouched work goes to others: one letter a person, however much it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from helpdesk import i18n
from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import accounts, alerts, outbox
from helpdesk.services.correspondence import CARRIER

_TICKETS = table(Ticket).c
Notice = tuple[int, int, datetime]
"""Who is told, of which ticket, and when it goes to others."""


def send(notices: Sequence[Notice], at: datetime) -> None:
    """Writes the letters; without an address of ours nobody can be written to."""
    book = accounts.book()
    if not notices or book.default(CARRIER) is None:
        return
    subjects = _subjects([ticket_id for _, ticket_id, _ in notices])
    theirs: dict[int, list[Notice]] = {}
    for notice in notices:
        theirs.setdefault(notice[0], []).append(notice)
    parcels = []
    for of_one in theirs.values():
        until = min(ends for _, _, ends in of_one)
        for row in alerts.readers(alerts.WORKER, of_one[0][1]):
            moment = i18n.moment(until, i18n.chosen(row.language))
            listed = [_line(ticket_id, subjects) for _, ticket_id, _ in of_one]
            parcels.append(alerts.parcel(row, book, "untouched", at, until=moment, listed=listed))
    outbox.put(parcels, at)


def _subjects(ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(select(_TICKETS.id, _TICKETS.subject).where(_TICKETS.id.in_(ids)))
    return {row.id: row.subject for row in rows}


def _line(ticket_id: int, subjects: dict[int, str]) -> dict[str, Any]:
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    return {"number": ticket_id, "subject": subjects[ticket_id], "link": f"{base}/desk/tickets/{ticket_id}"}
