"""Marks of what came lately: written and counted by one statement, kept for a day, readable by nobody."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, text

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


_COUNT = text(
    """
    with made as (
        insert into arrival_mark (mark, at) select mark, :at from unnest(cast(:written as text[])) as new(mark)
    )
    select asked.mark, (select count(*) from (
        select from arrival_mark where arrival_mark.mark = asked.mark and arrival_mark.at > :since limit :most
    ) as lately) as number
    from (select distinct mark from unnest(cast(:written as text[])) as new(mark)) as asked
    """
)


def counted(written: Sequence[str], at: datetime, window: timedelta) -> Mapping[str, int]:
    """Writes the marks, and says of each how many stood there within the window, these included."""
    if not written:
        return {}
    told = {"written": list(written), "at": at, "since": at - window, "most": MOST}
    new = {one: written.count(one) for one in set(written)}
    return {row.mark: row.number + new[row.mark] for row in db.session.execute(_COUNT, told)}


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
