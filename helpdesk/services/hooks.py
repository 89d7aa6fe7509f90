"""Calls from outside: whose account they are for, whether the caller is proven, and what they carry into the inbox."""

from channels import registry
from channels.port import Answers, BadSignature, Hook, Raw, Unreadable
from channels.registry import NoSuchChannel
from helpdesk import clock
from helpdesk.db import unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.services import accounts, inbox
from helpdesk.services.accounts import Account
from helpdesk.services.equipment import settings_of
from helpdesk.services.inbox import Incoming


def answering(kind: str, named: str) -> tuple[Answers, Account]:
    """The channel and our account on it, by its number or its address; raises NotFound."""
    try:
        channel = registry.get(kind)
    except NoSuchChannel:
        raise NotFound("There is no such door.") from None
    book = accounts.book()
    found = book.by_id.get(int(named)) if named.isascii() and named.isdigit() else book.at(kind, named)
    if not isinstance(channel, Answers) or found is None or found.kind != kind:
        raise NotFound("There is no such door.")
    return channel, found


@unit()
def take(kind: str, named: str, call: Hook) -> int:
    """Keeps what a proven call carries, durable before it is answered; how many messages were new.

    Raises NotFound, Forbidden where the caller is not proven, and Invalid for what the channel cannot read.
    """
    channel, account = answering(kind, named)
    settings = settings_of(registry.get(kind), account)
    try:
        channel.verify(call, settings)
        raws = list(channel.receive(call, settings))
    except BadSignature:
        raise Forbidden("The call is not signed as it should be.", code="bad-signature") from None
    except Unreadable as why:
        raise Invalid(f"That could not be read: {why}.", code="unreadable") from None
    kept = inbox.keep([_incoming(account, raw) for raw in raws])
    return sum(1 for item in kept if item is not None)


def _incoming(account: Account, raw: Raw) -> Incoming:
    name = raw.external_id or inbox.fingerprint(raw.body)
    return Incoming(account.kind, account.id, name, raw.body, raw.received_at or clock.now(), raw.envelope)
