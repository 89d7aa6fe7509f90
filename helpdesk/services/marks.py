"""Marks of what came lately: written and counted by one statement, kept for a day, readable by nobody."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Row, delete, text

from helpdesk.db import db, table
from helpdesk.models.screening import ArrivalMark

KEPT = timedelta(days=1)
MOST = 2_000
"""How far a mark is counted."""

_PREFIX = re.compile(r"^(?:(?:re|fwd?|απ|πρθ|aw|wg|sv|antw)\s*:\s*)+", re.IGNORECASE)


def mark(kind: str, value: str) -> str:
    """A keyed hash, so that the table says nothing to who reads it."""
    key: str = current_app.config["SETTINGS"].secret_key
    return hashlib.blake2b(f"{kind}:{value}".encode(), key=key.encode()[:64], digest_size=12).hexdigest()


def subject_of(said: str) -> str:
    """A subject without answers' beginnings, signs and case, so that a wave under one subject is seen as one."""
    return re.sub(r"[\W_]+", " ", _PREFIX.sub("", said.strip())).strip().lower()


_COUNT = """
    with made as (
        insert into arrival_mark (mark, at) select mark, :at from unnest(cast(:written as text[])) as new(mark)
    ){beside}
    select asked.mark, (select count(*) from (
        select from arrival_mark where arrival_mark.mark = asked.mark and arrival_mark.at > {since} limit :most
    ) as lately) as number{told}
    from (select distinct mark from unnest(cast(:written as text[])) as new(mark)) as asked{of}
    """
_PLAIN = text(_COUNT.format(beside="", since=":since", told="", of=""))
_WITH_BRAKE = text(
    _COUNT.format(
        beside=""", brake as (
            select coalesce(bool_or(reset_at is null), false) as tripped, max(reset_at) as released_at
            from breaker where name = :brake)""",
        since="greatest(cast(:since as timestamptz), brake.released_at)",
        told=", brake.tripped",
        of=", brake",
    )
)


def counted(written: Sequence[str], at: datetime, window: timedelta) -> Mapping[str, int]:
    """Writes the marks, and says of each how many stood there within the window, these included."""
    if not written:
        return {}
    return _with_new(written, db.session.execute(_PLAIN, _asked(written, at, window)).all())


def counted_under(
    brake: str, written: Sequence[str], at: datetime, window: timedelta
) -> tuple[bool, Mapping[str, int]]:
    """The same of what came since a person released that brake last, and whether the brake is on, by one statement."""
    rows = db.session.execute(_WITH_BRAKE, _asked(written, at, window) | {"brake": brake}).all()
    return any(row.tripped for row in rows), _with_new(written, rows)


def _asked(written: Sequence[str], at: datetime, window: timedelta) -> dict[str, Any]:
    return {"written": list(written), "at": at, "since": at - window, "most": MOST}


def _with_new(written: Sequence[str], rows: Sequence[Row[Any]]) -> Mapping[str, int]:
    new = Counter(written)
    return {row.mark: row.number + new[row.mark] for row in rows}


_LATELY = text(
    "select count(*) from (select from arrival_mark where mark = :mark and at > :since limit :most) as lately"
)


def lately(mark: str, at: datetime, window: timedelta) -> int:
    """How many stand there within the window, without another one."""
    told = {"mark": mark, "since": at - window, "most": MOST}
    return int(db.session.execute(_LATELY, told).scalar_one())


def forget(now: datetime) -> int:
    """Deletes what served its time; how many rows."""
    gone = db.session.execute(delete(table(ArrivalMark)).where(ArrivalMark.at < now - KEPT))
    return int(getattr(gone, "rowcount", 0))
