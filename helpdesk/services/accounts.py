"""Our own addresses on the channels: which one answers, which ones are ours, and their encrypted secrets."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from channels.email import address
from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.post import ChannelAccount
from helpdesk.services import epoch

_ROWS = table(ChannelAccount)


@dataclass(frozen=True)
class Account:
    """One of our addresses. ``secrets`` stay encrypted until `secrets_of` is asked."""

    id: int
    kind: str
    address: str
    name: str
    department_id: int | None
    settings: Mapping[str, Any] = field(repr=False)
    is_default: bool = False
    sealed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class AddressBook:
    """All our active accounts, as read at one moment."""

    accounts: tuple[Account, ...]

    @cached_property
    def by_id(self) -> Mapping[int, Account]:
        """By the row's id."""
        return {account.id: account for account in self.accounts}

    @cached_property
    def _by_address(self) -> Mapping[tuple[str, str], Account]:
        return {(account.kind, account.address.lower()): account for account in self.accounts}

    @cached_property
    def _by_department(self) -> Mapping[tuple[str, int | None], Account]:
        return {(account.kind, account.department_id): account for account in reversed(self.accounts)}

    def at(self, kind: str, named: str) -> Account | None:
        """The account with that address, in any case of its letters."""
        return self._by_address.get((kind, named.lower()))

    def receiving(self, kind: str, recipients: Iterable[str]) -> Account | None:
        """The first of our accounts that one of these addresses reaches, signed or not."""
        found = (self.at(kind, address.bare(recipient)) for recipient in recipients)
        return next(filter(None, found), None)

    def default(self, kind: str) -> Account | None:
        """The account that speaks for the whole body: the one marked so, else the first."""
        ours = [account for account in self.accounts if account.kind == kind]
        marked = [account for account in ours if account.is_default]
        return next(iter(marked or ours), None)

    def speaking_for(self, kind: str, department_id: int | None) -> Account | None:
        """The account by which a department writes: its own, else the body's."""
        own = self._by_department.get((kind, department_id)) if department_id is not None else None
        return own or self.default(kind)


def book() -> AddressBook:
    """Our active accounts, the oldest first: asked once a unit of work, read anew only where they changed."""
    mark = epoch.current().addresses
    known: tuple[str, AddressBook] | None = current_app.extensions.get("address_book")
    if known is None or known[0] != mark:
        query = select(_ROWS).where(_ROWS.c.active).order_by(_ROWS.c.id)
        read = AddressBook(tuple(account_of(row) for row in db.session.execute(query)))
        known = current_app.extensions["address_book"] = (mark, read)
    return known[1]


def changed() -> None:
    """Accounts have changed in this unit of work: whoever asks again reads them anew."""
    epoch.changed()


def rows() -> Sequence[Any]:
    """Every account that has an address, also those out of use, the oldest first."""
    return db.session.execute(select(_ROWS).where(_ROWS.c.kind != _ROWS.c.address).order_by(_ROWS.c.id)).all()


def of_kind(kind: str) -> int:
    """The id of the one account of a channel that has no address of its own (the web form); made when missing."""
    query = select(_ROWS.c.id).where(_ROWS.c.kind == kind, _ROWS.c.address == kind)
    found = db.session.execute(query).scalar()
    if found is None:
        made = insert(_ROWS).values(kind=kind, address=kind, name=kind)
        kept = made.on_conflict_do_update(index_elements=["kind", "address"], set_={"kind": kind})
        found = db.session.execute(kept.returning(_ROWS.c.id)).scalar_one()
        changed()
    return int(found)


def named(kind: str, at: str = "") -> Account:
    """The account with that address, the default one without; raises NotFound that says which there are."""
    ours = book()
    account = ours.at(kind, at) if at else ours.default(kind)
    if account is None:
        known = ", ".join(item.address for item in ours.accounts if item.kind == kind) or "none"
        raise NotFound(f"there is no active {kind} account {at!r}; there are: {known}")
    return account


def seal(secrets: Mapping[str, str]) -> bytes:
    """Encrypts an account's secrets under the newest of CHANNEL_KEYS."""
    return _keys().encrypt(json.dumps(dict(secrets)).encode())


def secrets_of(account: Account) -> dict[str, str]:
    """An account's secrets in clear; raises NotFound when no key of CHANNEL_KEYS opens them."""
    return {} if account.sealed is None else opened(account.sealed, account.address)


def opened(sealed: bytes, whose: str = "it") -> dict[str, str]:
    """What `seal` sealed, in clear; raises NotFound when no key of CHANNEL_KEYS opens it."""
    try:
        return dict(json.loads(_keys().decrypt(sealed)))
    except InvalidToken:
        raise NotFound(f"no key opens the secrets of {whose}: see CHANNEL_KEYS") from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in current_app.config["SETTINGS"].channel_keys])


def account_of(row: Any) -> Account:
    """The account that a row of the table is."""
    return Account(
        row.id, row.kind, row.address, row.name, row.department_id, row.settings, row.is_default, row.secrets
    )


def reply_address(account: Account, ticket_id: int) -> str:
    """The address that proves to which ticket an answer belongs."""
    return address.sign(ticket_id, _signing_keys()[0], account.address)


def ticket_of(recipient: str) -> int | None:
    """The ticket that one of our signed addresses names; None for any other address."""
    return address.read(recipient, _signing_keys())


def bare(recipient: str) -> str:
    """An address of ours without the mark of a ticket."""
    return address.bare(recipient)


def _signing_keys() -> list[bytes]:
    settings = current_app.config["SETTINGS"]
    return [key.encode() for key in (settings.secret_key, *settings.old_secret_keys)]
