"""Hands a claimed message to its channel, and says how that ended."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from flask import current_app
from sqlalchemy import Row

from channels import registry
from channels.message import Attachment, OutboundMessage, Party
from channels.port import Channel, Delivers, Refused, Retry, Unknown
from helpdesk import storage
from helpdesk.services import accounts
from helpdesk.services.accounts import Account
from helpdesk.services.outbox.settlement import Outcome
from helpdesk.vocabulary import Delivery


def carry(row: Row[Any], book: accounts.AddressBook) -> Outcome:
    """Sends it; no transaction is open. Whatever else is raised leaves the row claimed, for the sweep."""
    channel = registry.get(row.kind)
    account = book.by_id.get(row.account_id) if row.account_id is not None else book.default(row.kind)
    if account is None or not isinstance(channel, Delivers):
        return Outcome(Delivery.REFUSED, "none of our addresses can send this")
    try:
        receipt = channel.deliver(_message(row, account), settings_of(channel, account))
    except Retry as why:
        return Outcome(Delivery.WAITING, str(why))
    except (Refused, FileNotFoundError) as why:
        return Outcome(Delivery.REFUSED, str(why))
    except Unknown as why:
        return Outcome(Delivery.UNKNOWN, str(why))
    return Outcome(Delivery.SENT, receipt.detail)


def settings_of(channel: Channel, account: Account) -> Any:
    """The channel's settings: the body's transport, then the account's own, then its secrets."""
    known = {item.name for item in fields(channel.settings)}
    given: dict[str, Any] = {"smtp_url": current_app.config["SETTINGS"].smtp_url}
    given |= {name: value for name, value in account.settings.items() if value not in (None, "")}
    given |= accounts.secrets_of(account)
    return channel.settings(**{name: value for name, value in given.items() if name in known})


def _message(row: Row[Any], account: Account) -> OutboundMessage:
    letter: Mapping[str, Any] = row.payload
    return OutboundMessage(
        sender=Party(account.address, account.name),
        to=Party(letter["to_address"], letter["to_name"]),
        subject=letter["subject"],
        text=letter["text"],
        html=letter["html"],
        message_id=row.external_id,
        reply_to=letter["reply_to"],
        in_reply_to=letter["in_reply_to"],
        references=tuple(letter["references"]),
        attachments=tuple(
            Attachment(file["name"], file["content_type"], storage.read(file["sha256"]))
            for file in letter["enclosures"]
        ),
        automatic=row.automatic,
        date=row.created_at,
        instance=instance(),
    )


def _attached(file: Mapping[str, str]) -> Attachment:
    return Attachment(file["name"], file["content_type"], storage.read(file["sha256"]))


def instance() -> str:
    """A name for this installation that gives its key away to nobody; our own mail that returns is known by it."""
    key: str = current_app.config["SETTINGS"].secret_key
    return hashlib.sha256(f"instance:{key}".encode()).hexdigest()[:16]
