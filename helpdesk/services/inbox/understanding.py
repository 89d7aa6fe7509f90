"""A kept raw message as its channel understands it, with its attachments in storage."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flask import current_app
from sqlalchemy import Row

from channels import registry
from channels.message import COMPLAINT, TEXTED, Attachment, Authentication, InboundMessage
from channels.port import Raw, Unreadable
from helpdesk import i18n, kinds, storage
from helpdesk.services import accounts, outgoing
from helpdesk.services.accounts import Account, AddressBook
from helpdesk.services.arrival import Arrival, Bounced, StoredFile, Wish
from helpdesk.services.people import Contact
from helpdesk.vocabulary import TEXTS, ChannelKind

LOOP = "loop"
BEHALF = "on_behalf_of"
_NUMBER = re.compile(r"(?<!\d)\d{6,12}(?!\d)")
BEGINNING = 256 * 1024
"""Bytes of a mail that is too large which are read."""

_MOST_NUMBERS = 5
_MOST_REFERENCES = 40


class NotUnderstood(Exception):
    """The channel cannot read it; the text says why."""


def understand(row: Row[Any], book: AddressBook) -> Arrival:
    """Reads one row of the inbox. Raises NotUnderstood, whatever the parser died of: the raw bytes stay."""
    try:
        message = registry.get(row.kind).parse(Raw(_bytes(row), row.external_id, row.received_at, _known(row)))
    except Unreadable as why:
        raise NotUnderstood(str(why)) from why
    except Exception as why:
        raise NotUnderstood(f"the parser failed: {type(why).__name__}") from why
    return _arrival(row, message, book.by_id.get(row.account_id), book)


def _bytes(row: Row[Any]) -> bytes:
    """As they came: in the row, or where they are large in storage; of what is too large its beginning."""
    if row.raw is not None or not row.stored:
        return row.raw or b""
    return storage.beginning(row.stored, BEGINNING) if "cut" in row.envelope else storage.read(row.stored)


def _known(row: Row[Any]) -> dict[str, Any]:
    """What the envelope says, with whose Authentication-Results we believe and by what we know our own mail."""
    trust = current_app.config["SETTINGS"].trusted_mail_host
    return {**row.envelope, "trust": trust, "instance": outgoing.instance()}


def _arrival(row: Row[Any], message: InboundMessage, account: Account | None, book: AddressBook) -> Arrival:
    language = _language(message.language)
    recipients = _recipients(row.envelope, message)
    ours = bool(message.sender.address) and book.at(row.kind, accounts.bare(message.sender.address)) is not None
    automatic = message.automatic or (LOOP if ours else None)
    return Arrival(
        channel=row.kind,
        received_at=row.received_at,
        contact=_contact(message, language),
        subject=_subject(message),
        text=message.text,
        html=message.html,
        reply_text=message.reply or None,
        language=language,
        inbound_id=row.id,
        account=account,
        recipients=recipients,
        external_id=message.message_id or "",
        references=_references(message),
        signed=tuple(dict.fromkeys(filter(None, map(accounts.ticket_of, recipients)))),
        named=tuple(int(number) for number in _NUMBER.findall(message.subject)[:_MOST_NUMBERS]),
        automatic=automatic,
        may_answer=message.may_answer and automatic is None,
        authentication=asdict(message.authentication) if message.authentication != Authentication() else None,
        unverified=message.authentication.trusted and message.authentication.dmarc == "fail",
        spam_score=_score(message.spam),
        spam=_is_spam(message.spam),
        cleared=row.cleared,
        warnings=message.warnings,
        files=tuple(_stored(file) for file in message.attachments),
        bounced=_bounced(message),
        complaint=str(message.fields.get(COMPLAINT, "")),
        wish=_wish(message.fields),
        texted=message.fields.get(TEXTED, {}) if row.kind in TEXTS else {},
        on_behalf_of=_behalf(message.fields, language) if row.kind == ChannelKind.WEBFORM else None,
    )


def _behalf(fields: Mapping[str, Any], language: str) -> Contact | None:
    """For whom a form asks, where that is somebody else."""
    told = fields.get(BEHALF)
    if not isinstance(told, Mapping):
        return None
    return Contact(str(told.get("email", "")).lower(), str(told.get("name", "")), str(told.get("phone", "")), language)


def _language(said: str) -> str:
    """Greek for Greek and for what cannot be told; everybody else reads English rather."""
    code = said.split("-")[0].lower()
    return i18n.chosen(code) if not code or code in i18n.LANGUAGES else "en"


def _recipients(envelope: Mapping[str, Any], message: InboundMessage) -> tuple[str, ...]:
    """Everyone it was addressed to: who the envelope names first, then who the headers name."""
    named = [party.address for party in (*message.to, *message.cc)]
    return tuple(dict.fromkeys([*envelope.get("recipients", ()), *message.delivered_to, *named]))


def _contact(message: InboundMessage, language: str) -> Contact:
    address = message.sender.address.strip().lower()
    phone = str(message.fields.get("phone") or "")
    return Contact(address if "@" in address else "", message.sender.name.strip(), phone, language)


def _subject(message: InboundMessage) -> str:
    """Its own, else its first words."""
    return message.subject.strip() or " ".join(message.text.split())[:80] or "—"


def _references(message: InboundMessage) -> tuple[str, ...]:
    """The thread's Message-IDs, oldest first, what it answers last."""
    named: Iterable[str] = (*message.references, message.in_reply_to or "")
    return tuple(dict.fromkeys(filter(None, named)))[-_MOST_REFERENCES:]


def _score(spam: Mapping[str, Any]) -> float | None:
    score = spam.get("score")
    return float(score) if isinstance(score, int | float) else None


def _is_spam(spam: Mapping[str, Any]) -> bool:
    """What the filter decided; where it gave a score only, ours is the limit."""
    if isinstance(spam.get("flag"), bool):
        return bool(spam["flag"])
    score = _score(spam)
    return score is not None and score >= current_app.config["SETTINGS"].spam_score


def _stored(file: Attachment) -> StoredFile:
    name = storage.keep(file.data)
    kind = kinds.honest(file.content_type, file.data[: kinds.ENOUGH])
    return StoredFile(file.name, kind, file.size, name, file.inline, file.content_id)


def _bounced(message: InboundMessage) -> Bounced | None:
    """What was given up, else what is late; only where the notice names who was not reached."""
    bounce = message.bounce
    named = bounce.recipients if bounce else ()
    failed = [one for one in named if one.action == "failed"]
    about = failed or [one for one in named if one.action == "delayed"]
    if bounce is None or not about:
        return None
    detail = "; ".join(f"{one.status} {one.reason}".strip() for one in about)
    addresses = tuple(filter(None, (address for one in about for address in (one.address, one.addressed))))
    return Bounced(bounce.original_message_id or "", addresses, detail, bool(failed))


_NOT_OF_FORM = frozenset({"phone", "service", COMPLAINT, BEHALF, TEXTED})


def _wish(fields: Mapping[str, Any]) -> Wish:
    more = {name: value for name, value in fields.items() if name not in _NOT_OF_FORM}
    return Wish(service=str(fields.get("service") or ""), fields=more)
