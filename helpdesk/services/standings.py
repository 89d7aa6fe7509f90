"""Where tickets stand, read under their locks; a merged one stands where it goes on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from helpdesk.db import db


@dataclass(frozen=True)
class Standing:
    """Where a ticket stands. ``ticket_id`` is the ticket itself, of a merged one the survivor."""

    ticket_id: int
    status: str
    resolved_at: datetime | None = None
    type: str = ""
    restricted: bool = False
    complained_of: tuple[int, ...] = ()


_LOCKED = text(
    """
    select id, status, resolved_at, type, survivor_id, restricted, complained_of from ticket
    where id = any(array(select unnest(cast(:ids as bigint[])) union
                         select merged.survivor_id from ticket as merged
                         where merged.id = any(:ids) and merged.survivor_id is not null))
    order by id for update
    """
)
"""Always in the order of their numbers, so that two who hold several do not wait for each other."""


def locked(ticket_ids: Iterable[int]) -> dict[int, Standing]:
    """The standing of each of them, survivors included; all stay locked until the commit."""
    wanted = sorted(set(ticket_ids))
    rows = _rows(wanted)
    if late := {row.survivor_id for row in rows.values()} - rows.keys() - {None}:
        rows |= _rows(sorted(late))  # merged while we waited for its lock
    ahead = {id_: rows.get(row.survivor_id, row) for id_, row in rows.items()}
    return {id_: _standing(row) for id_, row in ahead.items()}


def _standing(row: Any) -> Standing:
    return Standing(row.id, row.status, row.resolved_at, row.type, row.restricted, tuple(row.complained_of or ()))


def _rows(ticket_ids: list[int]) -> dict[int, Any]:
    return {row.id: row for row in db.session.execute(_LOCKED, {"ids": ticket_ids})}
