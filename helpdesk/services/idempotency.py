"""A POST told once: the same key gives the same answer for 24 hours."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, text

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
def once(actor: Actor, key: str | None, request: bytes, now: datetime, act: Callable[[], Answer]) -> Answer:
    """Does ``act`` and keeps its answer in the same transaction, or tells the kept one; without a key only does it.

    Raises Stale while the first is under way and Invalid when the key came with another request. What was refused
    is not kept: it may be mended and sent again with the same key.
    """
    if key is None:
        return act()
    digest = hashlib.sha256(request).digest()
    known = _claim(actor, key)
    if known is not None and known.created_at > now - KEPT:
        return _told_again(known.request_hash == digest, Answer(known.status, known.headers, known.body, True))
    answer = act()
    _keep(actor, key, digest, answer, now)
    return answer


_CLAIM = text(
    """
    select claim.free, kept.created_at, kept.request_hash, kept.status, kept.headers, kept.body
    from (select pg_try_advisory_xact_lock(:lock) as free) as claim
    left join idempotency_key as kept on kept.person_id = :person and kept.key = :key
    """
)


def _claim(actor: Actor, key: str) -> Row[Any] | None:
    """What the key is known for; from now on it is ours until the transaction ends."""
    lock = int.from_bytes(hashlib.sha256(f"{actor.id}:{key}".encode()).digest()[:8], "big", signed=True)
    row = db.session.execute(_CLAIM, {"lock": lock, "person": actor.id, "key": key}).one()
    if not row.free:
        raise _under_way()
    return row if row.created_at is not None else None


def _under_way() -> Stale:
    return Stale("The same request is still under way.", code="in-flight")


def _told_again(same: bool, answer: Answer) -> Answer:
    if not same:
        raise Invalid("This Idempotency-Key came with another request before.", code="key-reused")
    return answer


_KEEP = text(
    """
    insert into idempotency_key (person_id, key, request_hash, created_at, status, headers, body)
    values (:person, :key, :digest, :at, :status, cast(:headers as jsonb), :body)
    on conflict (person_id, key) do update
      set request_hash = excluded.request_hash, created_at = excluded.created_at, status = excluded.status,
          headers = excluded.headers, body = excluded.body
      where idempotency_key.created_at <= :old
    returning id
    """
)


def _keep(actor: Actor, key: str, digest: bytes, answer: Answer, now: datetime) -> None:
    """Replaces what has outlived its day. A fresh answer of somebody who committed between our look and our lock
    stays: then this one is undone."""
    row = {"person": actor.id, "key": key, "digest": digest, "at": now, "old": now - KEPT}
    row |= {"status": answer.status, "headers": json.dumps(dict(answer.headers)), "body": answer.body}
    if db.session.execute(_KEEP, row).scalar() is None:
        raise _under_way()


@unit()
def forget(now: datetime) -> int:
    """Deletes keys past their time; how many."""
    done = db.session.execute(delete(_keys).where(_keys.c.created_at < now - KEPT))
    return int(getattr(done, "rowcount", 0))
