"""The values that cross the border: messages in and out, their attachments, and what became of a sending."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Party:
    """Somebody by address (lower case) and the name they give themselves."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that came or goes with a message; ``content_id`` without angle brackets."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None

    @property
    def size(self) -> int:
        """Decoded bytes."""
        return len(self.data)

    @property
    def sha256(self) -> str:
        """Of the decoded bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Everything but the bytes."""
        return {
            "name": self.name,
            "content_type": self.content_type,
            "size": self.size,
            "sha256": self.sha256,
            "inline": self.inline,
            "content_id": self.content_id,
        }


@dataclass(frozen=True)
class FailedRecipient:
    """An address that a delivery notice is about.

    ``status`` is an RFC 3463 code, ``action`` what became of the mail (RFC 3464, 2.3.3: failed, delayed, delivered,
    relayed, expanded). ``permanent`` speaks of the address: a mail that was tried for days and given up has failed,
    and yet the next one may arrive. ``addressed`` is whom it was written to, where it was passed on to ``address``.
    """

    address: str
    status: str = ""
    permanent: bool = True
    reason: str = ""
    action: str = "failed"
    addressed: str = ""


@dataclass(frozen=True)
class Bounce:
    """What a delivery notice tells: which of our messages (Message-ID, when it says so) did not reach whom."""

    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str | None = None


@dataclass(frozen=True)
class Authentication:
    """What the topmost Authentication-Results claims; ``trusted`` only when our own host wrote it."""

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    aligned: bool = False
    trusted: bool = False


TEXTED = "texted"
"""The field with what a carrier tells of a text message beside its words: opt-out, files that lie there."""

COMPLAINT = "complaint"
"""The field with the Message-ID of a letter that its reader marked as spam (RFC 5965)."""


@dataclass(frozen=True)
class InboundMessage:
    """What a channel understood of raw bytes. Ids stand without angle brackets, times are aware and in UTC.

    ``text`` is the whole plain text, ``reply`` the new part, ``quoted`` what was cut. ``automatic`` is null or a
    kind of machine; ``may_answer`` is false where no automatic answer may be sent.
    """

    sender: Party
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    reply_to: tuple[Party, ...] = ()
    subject: str = ""
    text: str = ""
    reply: str = ""
    quoted: str = ""
    signature: str = ""
    html: str | None = None
    language: str = ""
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    date: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic: str | None = None
    may_answer: bool = True
    bounce: Bounce | None = None
    authentication: Authentication = Authentication()
    spam: Mapping[str, Any] = field(default_factory=dict)
    delivered_to: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The published shape (docs/channels.md); bytes of attachments are left out."""
        return {
            "from": asdict(self.sender),
            "reply_to": [asdict(party) for party in self.reply_to],
            "to": [asdict(party) for party in self.to],
            "cc": [asdict(party) for party in self.cc],
            "subject": self.subject,
            "message_id": self.message_id,
            "in_reply_to": self.in_reply_to,
            "references": list(self.references),
            "date": self.date.isoformat() if self.date else None,
            "language": self.language,
            "text": self.text,
            "reply": self.reply,
            "quoted": self.quoted,
            "signature": self.signature,
            "html": self.html,
            "attachments": [item.to_json() for item in self.attachments],
            "automatic": self.automatic,
            "may_answer": self.may_answer,
            "bounce": self._bounce_json(),
            "authentication": asdict(self.authentication),
            "spam": dict(self.spam),
            "warnings": list(self.warnings),
        }

    def _bounce_json(self) -> dict[str, Any] | None:
        if self.bounce is None:
            return None
        recipients = [asdict(item) for item in self.bounce.recipients]
        return {"recipients": recipients, "original_message_id": self.bounce.original_message_id}


@dataclass(frozen=True)
class OutboundMessage:
    """A finished message for a channel to carry. ``message_id`` was minted when it was put into the outbox."""

    sender: Party
    to: Party
    subject: str
    text: str
    message_id: str
    html: str | None = None
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    date: datetime | None = None
    instance: str = ""
    cc: tuple[Party, ...] = ()
    language: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    """The other side's name for words that it has approved, where only such may be sent."""
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """The other side took it; ``detail`` is what it said, ``refused`` whom of several it would not take and why.

    ``reference`` is its name for it, by which it reports later; ``parts`` in how many it goes out.
    """

    detail: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    parts: int = 1
