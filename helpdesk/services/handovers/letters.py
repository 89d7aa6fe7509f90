"""One letter about all that changed hands: to who has it now, and to who is back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from helpdesk.services import catalogue, summaries

TEMPLATE = "handed_over"


def handed(absence: Row[Any], rows: Sequence[Row[Any]], at: datetime) -> None:
    """Tells each who got something why, until when, and what."""
    for person_id in sorted({row.to_id for row in rows if row.to_id is not None}):
        mine = [row for row in rows if row.to_id == person_id]
        _send(person_id, mine, at, kind="absence", who=_name(absence.person_id), until=absence.until_at)


def returned(absence: Row[Any], back: Sequence[Row[Any]], stays: Sequence[Row[Any]], at: datetime) -> None:
    """Tells who is back what they have again; what others decided about, or finished, is only counted."""
    stayed = len({row.ticket_id for row in stays} - {row.ticket_id for row in back})
    if back or stayed:
        _send(absence.person_id, back, at, kind="returned", stayed=stayed)


def inherited(person_id: int, rows: Sequence[Row[Any]], at: datetime) -> None:
    """Tells each who got something from somebody who left."""
    for heir in sorted({row.to_id for row in rows if row.to_id is not None}):
        _send(heir, [row for row in rows if row.to_id == heir], at, kind="left", who=_name(person_id))


def _name(person_id: int) -> str:
    person = catalogue.current().colleagues.get(person_id)
    return person.name if person else ""


def _send(person_id: int, rows: Sequence[Row[Any]], at: datetime, **values: Any) -> None:
    summaries.send(person_id, TEMPLATE, rows, at, **({"who": "", "until": None, "stayed": 0} | values))
