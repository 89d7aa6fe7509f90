"""Failed tries of a secret, counted per (what, address): each makes the next wait longer, none locks anybody out."""

import hashlib
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import text

from helpdesk.db import db, unit

FREE = 4
"""Tries without any delay: people mistype."""

LONGEST = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def wait_left(what: str, address: str, at: datetime) -> timedelta:
    """How long that address must still wait before another try; zero when it may try now."""
    found = db.session.execute(
        text("select count as tries, last_at from failure where what = :what and address = :address"),
        _key(what, address),
    ).one_or_none()
    if found is None or found.last_at < at - FORGOTTEN_AFTER:
        return timedelta()
    again_at: datetime = found.last_at + delay(found.tries)
    return max(again_at - at, timedelta())


def delay(count: int) -> timedelta:
    """Two seconds after the fifth failure, doubled by each further one, a quarter of an hour at most."""
    if count <= FREE:
        return timedelta()
    return min(timedelta(seconds=2 ** min(count - FREE, 12)), LONGEST)


_COUNT = text(
    """
    insert into failure (what, address, count, last_at) values (:what, :address, 1, :at)
    on conflict (what, address) do update
      set count = case when failure.last_at < :old then 1 else failure.count + 1 end, last_at = :at
    """
)


@unit()
def count_failure(what: str, address: str, at: datetime) -> None:
    """Counts a failed try; committed by itself, so that the refusal that follows does not undo it."""
    db.session.execute(_COUNT, _key(what, address) | {"at": at, "old": at - FORGOTTEN_AFTER})


@unit()
def forget_failures(what: str, address: str) -> None:
    """After success that address starts afresh."""
    db.session.execute(text("delete from failure where what = :what and address = :address"), _key(what, address))


def _key(what: str, address: str) -> dict[str, bytes]:
    """Keyed hashes: the table tells nobody who failed from where."""
    key = current_app.config["SETTINGS"].secret_key.encode()
    return {
        "what": hashlib.blake2b(what.lower().encode(), key=key[:64], digest_size=16).digest(),
        "address": hashlib.blake2b(address.encode(), key=key[:64], digest_size=16).digest(),
    }
