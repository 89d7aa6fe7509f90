"""Folders that we read: which there are, how far each was read, and how that goes."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert

from channels import registry
from channels.port import Brought, Cursor, Pulls, Raw
from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.models.post import ChannelAccount, Mailbox
from helpdesk.services import accounts, inbox
from helpdesk.services.accounts import Account
from helpdesk.services.inbox import Incoming

_ROWS, _ACCOUNTS = table(Mailbox), table(ChannelAccount)
_LOCK = 715_004
Keeping = Callable[[Brought], None]


@dataclass(frozen=True)
class Place:
    """A folder of one of our accounts."""

    account: Account
    name: str

    @property
    def mark(self) -> str:
        """Changes whenever what we would connect with changes."""
        sealed = zlib.crc32(self.account.sealed or b"")
        return f"{self.account.id}/{self.name}/{sealed}/{sorted(self.account.settings.items())}"


@unit()
def places() -> list[Place]:
    """Every folder of every account in use that is to be read."""
    return [Place(account, name) for account in accounts.book().accounts for name in _names(account)]


def _names(account: Account) -> tuple[str, ...]:
    """Asked without a token: to know the names, nobody need be let in."""
    channel = registry.get(account.kind)
    if not isinstance(channel, Pulls):
        return ()
    known = {item.name for item in channel.settings.__dataclass_fields__.values()}
    given = {name: value for name, value in account.settings.items() if name in known and value not in (None, "")}
    return channel.places(channel.settings(**given))


@unit()
def cursor_of(account_id: int, place: str) -> Cursor:
    """How far a folder was read; empty before the first look."""
    query = select(_ROWS.c.cursor).where(_ROWS.c.account_id == account_id, _ROWS.c.place == place)
    found: Mapping[str, Any] | None = db.session.execute(query).scalar()
    return found or {}


@unit()
def keep(account: Account, place: str, brought: Brought, at: datetime | None = None) -> int:
    """Makes a portion durable and moves the cursor behind it, both or neither; how many were new."""
    at = at or clock.now()
    kept = inbox.keep(_once([_incoming(account, raw, at) for raw in brought.raws]))
    values = {
        "cursor": dict(brought.cursor), "behind": brought.behind, "tried_at": at, "succeeded_at": at,
        "failures": 0, "error": None,
    }  # fmt: skip
    _note(account.id, place, values, values)
    return sum(1 for item in kept if item is not None)


def _once(found: Sequence[Incoming]) -> list[Incoming]:
    """One statement cannot meet the same name twice."""
    return list({item.external_id: item for item in found}.values())


def _incoming(account: Account, raw: Raw, at: datetime) -> Incoming:
    """The bytes name it, so that a folder that was numbered anew brings nothing twice."""
    moment = min(raw.received_at or at, at)
    name = inbox.fingerprint(raw.body) if raw.body else f"{raw.envelope}"
    return Incoming(account.kind, account.id, name, raw.body, moment, raw.envelope)


@unit()
def failed(account_id: int, place: str, why: str, at: datetime | None = None) -> None:
    """Notes that a folder could not be read."""
    at = at or clock.now()
    first = {"tried_at": at, "failures": 1, "error": why[:500]}
    _note(account_id, place, first, first | {"failures": _ROWS.c.failures + 1})


def _note(account_id: int, place: str, first: dict[str, Any], later: dict[str, Any]) -> None:
    row = insert(_ROWS).values(account_id=account_id, place=place, **first)
    db.session.execute(row.on_conflict_do_update(index_elements=["account_id", "place"], set_=later))


@contextmanager
def alone(place: Place) -> Iterator[bool]:
    """Whether this process is the one that reads the folder; the lock goes with the connection."""
    key = zlib.crc32(f"{place.account.id}/{place.name}".encode()) - 2**31
    with db.engine.connect() as connection:
        held = connection.execution_options(isolation_level="AUTOCOMMIT")
        ours = {"room": _LOCK, "key": key}
        if not held.execute(text("select pg_try_advisory_lock(:room, :key)"), ours).scalar():
            yield False
            return
        try:
            yield True
        finally:
            held.execute(text("select pg_advisory_unlock(:room, :key)"), ours)


def health() -> Sequence[Row[Any]]:
    """Every folder that was ever read, with its address: how it went last, and what still lies there."""
    query = select(_ROWS, _ACCOUNTS.c.address, _ACCOUNTS.c.active)
    joined = query.join(_ACCOUNTS, _ACCOUNTS.c.id == _ROWS.c.account_id)
    return db.session.execute(joined.order_by(_ACCOUNTS.c.address, _ROWS.c.place)).all()
