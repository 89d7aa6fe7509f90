"""A POST told once: the same key gives the same answer for 24 hours."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, insert, select, text

from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.access import IdempotencyKey
from helpdesk.permissions import Actor

KEPT = timedelta(hours=24)
_keys = table(IdempotencyKey)


@dataclass(frozen=True)
class Answer:
    """What was answered, to be told again word for word."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    repeated: bool = False


@unit()
def once(actor: Actor, key: str, request: bytes, now: datetime, act: Callable[[], Answer]) -> Answer:
    """Does ``act`` and keeps its answer in the same transaction, or tells the kept one.

    Raises Stale while the first is under way and Invalid when the key came with another request.
    """
    digest = hashlib.sha256(request).digest()
    _claim(actor, key)
    known = db.session.execute(_find(actor, key)).one_or_none()
    if known and known.created_at > now - KEPT:
        return _told_again(known.request_hash == digest, Answer(known.status, known.headers, known.body, True))
    db.session.execute(delete(_keys).where(_keys.c.person_id == actor.id, _keys.c.key == key))
    answer = act()
    row = {"person_id": actor.id, "key": key, "request_hash": digest, "created_at": now}
    db.session.execute(
        insert(_keys).values(**row, status=answer.status, headers=dict(answer.headers), body=answer.body)
    )
    return answer


def _claim(actor: Actor, key: str) -> None:
    """One at a time, by a lock that ends with the transaction."""
    name = hashlib.sha256(f"{actor.id}:{key}".encode()).digest()
    number = int.from_bytes(name[:8], "big", signed=True)
    if not db.session.execute(text("select pg_try_advisory_xact_lock(:number)"), {"number": number}).scalar():
        raise Stale("The same request is still under way.", code="in-flight")


def _find(actor: Actor, key: str) -> Select[Any]:
    return select(_keys).where(_keys.c.person_id == actor.id, _keys.c.key == key)


def _told_again(same: bool, answer: Answer) -> Answer:
    if not same:
        raise Invalid("This Idempotency-Key came with another request before.", code="key-reused")
    return answer


@unit()
def forget(now: datetime) -> int:
    """Deletes keys past their time; how many."""
    done = db.session.execute(delete(_keys).where(_keys.c.created_at < now - KEPT))
    return int(getattr(done, "rowcount", 0))
