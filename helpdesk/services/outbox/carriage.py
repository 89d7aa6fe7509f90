"""Hands a claimed message to its channel, and says how that ended."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from channels import registry
from channels.message import Attachment, OutboundMessage, Party
from channels.port import Delivers, Refused, Retry, Unknown
from helpdesk import storage
from helpdesk.services import accounts, outgoing
from helpdesk.services.accounts import Account
from helpdesk.services.equipment import settings_of
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
    except Refused as why:
        return Outcome(Delivery.REFUSED, f"{why.code} {why}".strip(), code=why.code)
    except FileNotFoundError as why:
        return Outcome(Delivery.REFUSED, str(why))
    except Unknown as why:
        return Outcome(Delivery.UNKNOWN, str(why))
    return Outcome(Delivery.SENT, receipt.detail, receipt.reference, receipt.parts)


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
        instance=outgoing.instance(),
        template=letter.get("content_sid", ""),
        variables=tuple(letter.get("variables", ())),
    )
