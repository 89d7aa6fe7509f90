"""Our own addresses as administrators keep them: made, changed, taken out of use, and tried for real."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text, update

from channels import registry
from channels.port import ChannelError, Probes, Pulls, form_fields
from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.catalogue import Department
from helpdesk.models.post import ChannelAccount
from helpdesk.permissions import Actor, may
from helpdesk.services import accounts, body, house, letters, outbox, outgoing
from helpdesk.services.accounts import Account
from helpdesk.services.equipment import settings_of
from helpdesk.services.outbox import Parcel

_ROWS = table(ChannelAccount)
_EMAIL = re.compile(r"[^@\s+]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,}")
TRIAL = "account_test"


def find(id_: int) -> Row[Any] | None:
    """The row of an account that has an address; None where there is none."""
    return db.session.execute(select(_ROWS).where(_ROWS.c.id == id_, _ROWS.c.kind != _ROWS.c.address)).one_or_none()


@unit()
def save(
    actor: Actor,
    kind: str,
    id_: int | None,
    at: datetime,
    *,
    secrets: Mapping[str, str],
    forgotten: frozenset[str] = frozenset(),
    **given: Any,
) -> int:
    """Makes (without an id) or changes an address; its id.

    ``secrets`` holds those that were told anew; what is neither told nor ``forgotten`` stays as it is.
    Raises Forbidden, NotFound, and Invalid that names each wrong field.
    """
    _require(actor)
    row = ChannelAccount(kind=kind) if id_ is None else db.session.get(ChannelAccount, id_)
    if row is None:
        raise NotFound("There is no such account.")
    given["address"] = str(given.get("address", row.address or "")).strip().lower()
    _check(kind, row, given, secrets)
    different = house.changes(row, given)
    if secrets or forgotten:
        kept = {name: value for name, value in _secrets(row).items() if name not in forgotten}
        row.secrets = accounts.seal(kept | dict(secrets))
        different["secrets"] = None
    for name, value in given.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()
    if row.is_default:
        others = (_ROWS.c.kind == kind, _ROWS.c.id != row.id)
        db.session.execute(update(_ROWS).where(*others).values(is_default=False))
    accounts.changed()
    if different:
        house.record(actor, "made" if id_ is None else "changed", "account", row.id, at, different)
    return int(row.id)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")


def _secrets(row: ChannelAccount) -> dict[str, str]:
    if row.secrets is None:
        return {}
    return accounts.secrets_of(Account(row.id, row.kind, row.address, "", None, {}, sealed=row.secrets))


def kept_secrets(row: Row[Any]) -> frozenset[str]:
    """Which secrets an account has, by name."""
    return frozenset(accounts.secrets_of(Account(row.id, row.kind, row.address, "", None, {}, sealed=row.secrets)))


def _check(kind: str, row: ChannelAccount, given: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    wrong: dict[str, str] = {}
    if not _EMAIL.fullmatch(given["address"]):
        wrong["address"] = "Write an address like name@example.org, without a plus."
    taken = db.session.execute(select(_ROWS.c.id).where(_ROWS.c.kind == kind, _ROWS.c.address == given["address"]))
    if taken.scalar() not in (None, row.id):
        wrong["address"] = "This address is here already."
    if given.get("department_id") is not None and db.session.get(Department, given["department_id"]) is None:
        wrong["department_id"] = "Choose one that exists."
    settings = given.get("settings") or {}
    wrong |= {
        name: why
        for name, value in {**settings, **secrets}.items()
        if name.endswith("_url") and value and (why := outgoing.why_not(str(value)))
    }
    known = {item.name for item in form_fields(registry.get(kind).settings)}
    wrong |= dict.fromkeys(({*settings} | {*secrets}) - known, "There is no such field.")
    if wrong:
        raise Invalid("The address cannot be saved like this.", fields=wrong)


@dataclass(frozen=True)
class Trial:
    """What became of the last try: the way out, the test letter, and whether it came back in."""

    at: datetime
    connected: bool
    said: str
    letter: str | None
    detail: str
    came_back: bool
    ticket_id: int | None
    reads: bool | None = None
    found: str = ""
    """Whether we were let in where its mail is read, and what was found; None where it is not read."""


def try_out(actor: Actor, id_: int, at: datetime) -> None:
    """Connects to the outgoing server, and where that goes well sends a letter to the address itself; then looks into
    the mailbox, where it is read.

    Nothing is open in the database while we wait for servers. Raises Forbidden, NotFound, and Invalid where the
    operator does not let us connect.
    """
    _require(actor)
    account = _in_use(id_)
    channel = registry.get(account.kind)
    assert isinstance(channel, Probes)
    said: dict[str, Any] = {}
    try:
        settings = settings_of(channel, account)
        said |= _answer("connected", "said", lambda: channel.probe(settings))
        if isinstance(channel, Pulls) and channel.places(settings):
            said |= _answer("reads", "found", lambda: channel.look(settings))
    except ChannelError as why:
        said |= {"connected": False, "said": str(why)[:300]}
    _keep(actor, account, said, at)


def _answer(good: str, words: str, ask: Callable[[], str]) -> dict[str, Any]:
    try:
        return {good: True, words: ask()[:300]}
    except ChannelError as why:
        return {good: False, words: str(why)[:300]}


@unit()
def _in_use(id_: int) -> Account:
    account = accounts.book().by_id.get(id_)
    if account is None or find(id_) is None:
        raise NotFound("There is no such account in use.")
    own = {**account.settings, **accounts.secrets_of(account)}
    wrong = {
        name: why for name, url in own.items() if name.endswith("_url") and url and (why := outgoing.why_not(str(url)))
    }
    if wrong:
        raise Invalid(next(iter(wrong.values())), fields=wrong)
    return account


@unit()
def _keep(actor: Actor, account: Account, said: Mapping[str, Any], at: datetime) -> None:
    data = dict(said)
    if data["connected"]:
        data["letter"] = _letter_to_itself(actor, account, at)
    house.record(actor, "tested", "account", account.id, at, data)


def _letter_to_itself(actor: Actor, account: Account, at: datetime) -> str:
    """Puts the letter into the outbox; its Message-ID."""
    language = i18n.chosen(actor.language)
    letter = letters.render("account_test", language, address=account.address, body_name=body.name(language))
    name = outbox.mint(account.address)
    parcel = Parcel(
        kind=account.kind, account_id=account.id, external_id=name, to_address=account.address,
        subject=letter.subject, text=letter.text, template=TRIAL, automatic=True,
    )  # fmt: skip
    outbox.put([parcel], at)
    return name


_TRIAL = text(
    """
    select test.at, test.data, outbound.state, outbound.detail, back.id as back, back.ticket_id
    from house_event test
    left join outbound on outbound.external_id = test.data->>'letter'
    left join lateral (
      select inbound.id, inbound.ticket_id from inbound
      where inbound.account_id = test.thing_id and inbound.received_at >= test.at - interval '1 minute'
        and position(convert_to(test.data->>'letter', 'UTF8') in substring(inbound.raw for 16000)) > 0
      order by inbound.id limit 1
    ) back on true
    where test.kind = 'account' and test.thing_id = :id and test.act = 'tested'
    order by test.id desc limit 1
    """
)


def last_trial(id_: int) -> Trial | None:
    """The last try of an address as things stand now; None where it was never tried."""
    row = db.session.execute(_TRIAL, {"id": id_}).one_or_none()
    if row is None:
        return None
    data = row.data
    return Trial(
        row.at, data["connected"], data["said"], row.state, row.detail or "", row.back is not None, row.ticket_id,
        data.get("reads"), data.get("found", ""),
    )  # fmt: skip
