"""Builds the MIME form of an outgoing mail; no header can be smuggled in by what goes into it."""

import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime, formatdate

from channels.email.automatic import OUR_HEADER
from channels.email.headers_out import SMTP
from channels.message import Attachment, OutboundMessage, Party
from channels.port import Refused

MOST_REFERENCES = 20
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}\Z")
_MEDIA = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}\Z", re.IGNORECASE)
_OURS = frozenset({
    "from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "auto-submitted", "return-path", "x-civic-helpdesk",
})  # fmt: skip
"""Headers that only the fields of the message may set."""


def compose(message: OutboundMessage) -> EmailMessage:
    """The mail as it goes out. Raises Refused where an address cannot be written."""
    mail = EmailMessage(policy=SMTP if _is_plain(message) else SMTPUTF8)
    _address(mail, message)
    _thread(mail, message)
    mail["Date"] = format_datetime(message.date) if message.date else formatdate()
    mail[OUR_HEADER] = one_line(message.instance) or "1"
    if message.automatic:
        mail["Auto-Submitted"] = "auto-replied" if message.in_reply_to else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    if _TOKEN.match(message.language):
        mail["Content-Language"] = message.language
    for name, value in message.headers.items():
        if _TOKEN.match(name) and name.lower() not in _OURS and not name.lower().startswith("content-"):
            mail[name] = one_line(value)
    _fill(mail, message)
    _name_edges(mail, message.message_id)
    return mail


def _name_edges(mail: EmailMessage, message_id: str) -> None:
    """The same boundaries whenever it is sent: a repeated mail is the same bytes, and is known as the same."""
    mark = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{mark}_{number}")


def one_line(value: str) -> str:
    """The text without line breaks and control letters."""
    return " ".join(_BREAKS.sub(" ", value).split())


def _is_plain(message: OutboundMessage) -> bool:
    addresses = [message.sender, message.to, *message.cc, Party(message.reply_to)]
    return all(party.address.rpartition("@")[0].isascii() for party in addresses)


def _address(mail: EmailMessage, message: OutboundMessage) -> None:
    mail["From"] = _party(message.sender)
    mail["To"] = _party(message.to)
    if message.cc:
        mail["Cc"] = [_party(party) for party in message.cc]
    if message.reply_to:
        mail["Reply-To"] = _party(Party(message.reply_to, message.sender.name))
    mail["Subject"] = one_line(message.subject)


def _party(party: Party) -> Address:
    """Raises Refused for what is no address."""
    local, at, domain = one_line(party.address).rpartition("@")
    try:
        if not at or not local or "." not in f"{domain}." or " " in party.address:
            raise ValueError
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        return Address(display_name=one_line(party.name), addr_spec=f"{local}@{plain}")
    except (ValueError, IndexError, UnicodeError):
        raise Refused(f"{party.address!r} is no address") from None


def _thread(mail: EmailMessage, message: OutboundMessage) -> None:
    """Message-ID, what it answers, and the thread: its first and its latest members."""
    mail["Message-ID"] = _id(message.message_id)
    if message.in_reply_to:
        mail["In-Reply-To"] = _id(message.in_reply_to)
    members = list(dict.fromkeys(filter(None, [*message.references, message.in_reply_to])))
    if len(members) > MOST_REFERENCES:
        members = members[:1] + members[1 - MOST_REFERENCES :]
    if members:
        mail["References"] = " ".join(map(_id, members))


def _id(said: str) -> str:
    return f"<{re.sub(r'[^!-~]|[<>]', '', said)}>"


def _fill(mail: EmailMessage, message: OutboundMessage) -> None:
    mail.set_content(message.text.rstrip("\n") + "\n", charset="utf-8")
    if message.html:
        mail.add_alternative(message.html, subtype="html", charset="utf-8")
        pictures = [file for file in message.attachments if file.inline and file.content_id]
        for file in pictures:
            page = mail.get_payload()[1]  # type: ignore[index]
            main, sub = _media(file)
            name = one_line(file.name)
            page.add_related(file.data, main, sub, cid=_id(file.content_id or ""), filename=name, disposition="inline")  # type: ignore[union-attr]
    else:
        pictures = []
    for file in message.attachments:
        if file not in pictures:
            main, sub = _media(file)
            mail.add_attachment(file.data, maintype=main, subtype=sub, filename=one_line(file.name) or "attachment")


def _media(file: Attachment) -> tuple[str, str]:
    """Main type and subtype; composites would need other rules and go as plain bytes."""
    kind = file.content_type if _MEDIA.match(file.content_type) else "application/octet-stream"
    main, _, sub = kind.partition("/")
    return ("application", "octet-stream") if main in {"multipart", "message"} else (main, sub)
