"""Keeps raw messages by one statement, once per account and identity; nothing else may fail here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from helpdesk import clock, storage
from helpdesk.background import wake
from helpdesk.db import db, unit
from helpdesk.services.accounts import Account

_TRACE = (
    b"received:",
    b"return-path:",
    b"delivered-to:",
    b"x-original-to:",
    b"envelope-to:",
    b"x-envelope-to:",
    b"x-envelope-from:",
    b"delivery-date:",
)
"""Header lines that every hop writes on top, so that the same mail twice differs in them."""


@dataclass(frozen=True)
class Incoming:
    """Raw bytes as they came. ``external_id`` is what the source calls them; `fingerprint` where it has no name."""

    kind: str
    account_id: int
    external_id: str
    raw: bytes = field(repr=False)
    received_at: datetime
    envelope: Mapping[str, Any] = field(default_factory=dict)
    stored: str | None = None


WHOLE = 35 * 1024 * 1024
"""Bytes up to which a mail is read whole; of a larger one the beginning, while all of it is kept."""


def filed(kind: str, account_id: int, file: Path, received_at: datetime, envelope: Mapping[str, Any]) -> Incoming:
    """A large mail that lies in a file, which goes into storage."""
    with file.open("rb") as source:
        name = hashlib.sha256(_without_trace(source.read(WHOLE // 100)))
        while piece := source.read(1 << 20):
            name.update(piece)
    size = file.stat().st_size
    told = dict(envelope) | ({"cut": size} if size > WHOLE else {})
    return Incoming(kind, account_id, name.hexdigest(), b"", received_at, told, storage.keep_file(file))


def _without_trace(raw: bytes) -> bytes:
    return raw[_end_of_trace(raw) :]


def fingerprint(raw: bytes) -> str:
    """SHA-256 of a mail without its leading trace headers, in hex: the same however often it was relayed."""
    return hashlib.sha256(_without_trace(raw)).hexdigest()


def _end_of_trace(raw: bytes) -> int:
    """Where the first line stands that is neither a trace header nor the continuation of one."""
    at = 0
    while at < len(raw):
        folded = at > 0 and raw[at : at + 1] in (b" ", b"\t")
        if not folded and not raw[at : at + 20].lower().startswith(_TRACE):
            break
        end = raw.find(b"\n", at)
        if end < 0:
            break
        at = end + 1
    return at


def piped(raw: bytes, account: Account) -> Incoming:
    """A mail without a name of its own, as an MTA's pipe hands it over."""
    if len(raw) > WHOLE:
        told = {"cut": len(raw)}
        return Incoming(account.kind, account.id, fingerprint(raw), b"", clock.now(), told, storage.keep(raw))
    return Incoming(account.kind, account.id, fingerprint(raw), raw, clock.now())


_KEEP = text(
    """
    insert into inbound (kind, account_id, external_id, raw, envelope, received_at, due_at, state, stored)
    select kind, account_id, external_id, raw, envelope, received_at, received_at, 'kept', stored
    from unnest(cast(:kinds as text[]), cast(:accounts as bigint[]), cast(:names as text[]), cast(:raws as bytea[]),
                cast(:envelopes as jsonb[]), cast(:moments as timestamptz[]), cast(:stored as text[]))
         as came(kind, account_id, external_id, raw, envelope, received_at, stored)
    on conflict (account_id, external_id) do nothing
    returning id, account_id, external_id
    """
)


@unit()
def keep(incoming: Sequence[Incoming]) -> list[int | None]:
    """Makes them durable and wakes a worker; per message its id, None where it was kept before."""
    if not incoming:
        return []
    rows = db.session.execute(
        _KEEP,
        {
            "kinds": [item.kind for item in incoming],
            "accounts": [item.account_id for item in incoming],
            "names": [item.external_id for item in incoming],
            "raws": [None if item.stored else item.raw for item in incoming],
            "stored": [item.stored for item in incoming],
            "envelopes": [json.dumps(dict(item.envelope)) for item in incoming],
            "moments": [item.received_at for item in incoming],
        },
    )
    new = {(row.account_id, row.external_id): int(row.id) for row in rows}
    if new:
        wake("post.process")
    return [new.pop((item.account_id, item.external_id), None) for item in incoming]
