"""Calls from outside: whose account they are for, whether the caller is proven, and what they carry into the inbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from channels import registry
from channels.port import Answers, BadSignature, Channel, Hook, Raw, TellsOfDelivery, Unreadable
from channels.registry import NoSuchChannel
from channels.turns import Converses, Reply
from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.calls import HookRefused
from helpdesk.services import accounts, inbox, texts
from helpdesk.services.accounts import Account
from helpdesk.services.calls import prompts, working
from helpdesk.services.calls.advance import advance
from helpdesk.services.equipment import settings_of
from helpdesk.services.inbox import Incoming

_REFUSED = table(HookRefused)
LATELY = timedelta(days=1)


def channel_of(kind: str) -> Channel:
    """The channel behind a door; raises NotFound."""
    try:
        return registry.get(kind)
    except NoSuchChannel:
        raise NotFound("There is no such door.") from None


def account_of(kind: str, named: str) -> Account:
    """Our account on it, by its number or its address; raises NotFound."""
    book = accounts.book()
    found = book.by_id.get(int(named)) if named.isascii() and named.isdigit() else book.at(kind, named)
    if found is None or found.kind != kind:
        raise NotFound("There is no such door.")
    return found


def converse(kind: str, named: str, call: Hook) -> Reply:
    """What a channel that converses says to a proven call.

    Raises NotFound, Forbidden where the caller is not proven (counted, and nothing else is kept), and Invalid.
    """
    channel, account = channel_of(kind), account_of(kind, named)
    if not isinstance(channel, Converses):
        raise NotFound("There is no such door.")
    settings = settings_of(channel, account)
    try:
        channel.verify(call, settings)
        step = channel.understand(call)
    except BadSignature as why:
        _count(kind, str(why))
        raise Forbidden("The call is not signed as it should be.", code="bad-signature") from None
    except Unreadable as why:
        raise Invalid(f"That could not be read: {why}.", code="unreadable") from None
    turn = advance(account, step, clock.now())
    return channel.speak(turn, prompts.voice(account), working.base_of(account.id))


def converses(kind: str) -> bool:
    """Whether calls of that kind want an answer in words; False for a kind that there is not."""
    return kind in registry.kinds() and isinstance(registry.get(kind), Converses)


def apology(kind: str, named: str) -> Reply:
    """What is said where nothing can be looked up; it needs no database."""
    channel, base = channel_of(kind), current_app.config["SETTINGS"].public_base_url
    assert isinstance(channel, Converses)
    return channel.apology(f"{base.rstrip('/')}/hooks/{kind}/{int(named) if named.isdigit() else 0}/")


@unit()
def _count(kind: str, reason: str) -> None:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    row = insert(_REFUSED).values(kind=kind, reason=reason[:40], hour=hour, count=1)
    again = {"count": _REFUSED.c.count + 1}
    db.session.execute(row.on_conflict_do_update(index_elements=["kind", "reason", "hour"], set_=again))


def refused() -> dict[tuple[str, str], int]:
    """How many calls were not proven, by channel and reason."""
    query = _REFUSED.select().with_only_columns(_REFUSED.c.kind, _REFUSED.c.reason, func.sum(_REFUSED.c.count))
    return {(row[0], row[1]): int(row[2]) for row in db.session.execute(query.group_by(*query.selected_columns[:2]))}


def refused_lately(now: datetime) -> int:
    """The same of the last day, whatever the channel and the reason."""
    query = select(func.coalesce(func.sum(_REFUSED.c.count), 0)).where(_REFUSED.c.hour > now - LATELY)
    return int(db.session.execute(query).scalar_one())


def answering(kind: str, named: str) -> tuple[Answers, Account]:
    """The channel and our account on it, by its number or its address; raises NotFound."""
    channel, found = channel_of(kind), account_of(kind, named)
    if not isinstance(channel, Answers):
        raise NotFound("There is no such door.")
    return channel, found


@dataclass(frozen=True)
class Kept:
    """What became of a call: how many messages were new, and what its caller is answered where it wants something."""

    new: int
    answer: tuple[bytes, str] | None = None


def take(kind: str, named: str, call: Hook) -> int:
    """How many messages were new; see `hear`."""
    return hear(kind, named, call).new


def hear(kind: str, named: str, call: Hook) -> Kept:
    """Keeps what a proven call carries, durable before it is answered.

    Raises NotFound, Forbidden where the caller is not proven (counted, and nothing else is kept), and Invalid for what
    the channel cannot read.
    """
    channel, account = answering(kind, named)
    settings = settings_of(registry.get(kind), account)
    try:
        channel.verify(call, settings)
        if isinstance(channel, TellsOfDelivery) and (tiding := channel.tiding(call)):
            return Kept(int(texts.report(account, tiding)), channel.thanks(call))
        raws = list(channel.receive(call, settings))
    except BadSignature as why:
        _count(kind, str(why))
        raise Forbidden("The call is not signed as it should be.", code="bad-signature") from None
    except Unreadable as why:
        raise Invalid(f"That could not be read: {why}.", code="unreadable") from None
    kept = inbox.keep([_incoming(account, raw) for raw in raws])
    answer = channel.thanks(call) if isinstance(channel, TellsOfDelivery) else None
    return Kept(sum(1 for item in kept if item is not None), answer)


def _incoming(account: Account, raw: Raw) -> Incoming:
    name = raw.external_id or inbox.fingerprint(raw.body)
    return Incoming(account.kind, account.id, name, raw.body, raw.received_at or clock.now(), raw.envelope)
