"""Reads delivery notices: RFC 3464 reports, and the free-text ones of mail servers that write none."""

import re
from collections.abc import Iterator

from channels.email import automatic_words as words
from channels.email import headers as fields
from channels.email.mime import Cutter, Headers, Part
from channels.message import Bounce, FailedRecipient, Party

MOST = 200
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.\-+(])([45])\d\d(?:[ \-#]|: )")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'/=&~#-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z0-9-]{2,24}")
_ALONE = re.compile(
    r"^\s*(?:<([^\s<>]+@[^\s<>]+)>|(?:rfc822;)?\s*([^\s<>:,;()\[\]]+@[^\s<>:,;()\[\]]+\.[A-Za-z]{2,24}))\s*(?:[:(].{0,300})?\s*$"
)
_SYSTEMS = (
    "this message was created automatically by mail delivery software", "hi. this is the qmail-send program",
    "i'm afraid i wasn't able to deliver", "this is the mail system at host",
    "the following addresses had permanent fatal errors", "your message did not reach some or all",
    "your message couldn't be delivered", "your message wasn't delivered", "delivery to the following recipient",
    "this is a permanent error", "the following recipient(s) could not be reached",
    "could not be delivered to one or more", "address not found", "message blocked",
    "delivery has failed to these recipients", "this is an automatically generated delivery status",
    "the following message to", "recipient's mailbox is full", "το μήνυμά σας δεν παραδόθηκε", "η παράδοση απέτυχε",
    "δεν ήταν δυνατή η παράδοση",
)  # fmt: skip
_ORIGINAL_ID = re.compile(r"^\s*(?:>\s*)?Message-I[Dd]:\s*<?([^<>\s]{3,300})>?", re.MULTILINE)


def read(
    root: Part, headers: Headers, sender: Party, subject: str, text: str, return_path: str | None
) -> Bounce | None:
    """The notice a mail is; None for one that is none."""
    parts = list(root.walk())
    reports = [
        part for part in parts if part.content_type in {"message/delivery-status", "message/global-delivery-status"}
    ]
    recipients = [one for part in reports for one in _reported(part)]
    if not reports and not _looks_like_notice(headers, sender, subject, text, return_path):
        return None
    if not recipients:
        recipients = _told(headers, sender, subject, text)
    return Bounce(tuple(_once(recipients))[:MOST], _original(parts, text))


def original(root: Part) -> str | None:
    """The Message-ID of the mail that a report encloses."""
    return _original(list(root.walk()), "")


def _reported(part: Part) -> Iterator[FailedRecipient]:
    """A block of fields for each recipient, after one for the message."""
    blocks = re.split(rb"\r?\n[ \t]*\r?\n", part.content.strip()[:200_000])
    for block in blocks[:MOST]:
        found = Cutter().cut(block.strip() + b"\r\n\r\n").headers
        address = _typed(found.get("final-recipient")) or _typed(found.get("original-recipient"))
        if not address:
            continue
        action = found.plain("action").lower().split(" ")[0]
        status = _STATUS.search(found.plain("status")) or _STATUS.search(found.plain("diagnostic-code"))
        reason = _typed(found.get("diagnostic-code"), lower=False) or found.plain("status")
        permanent = action not in {"delayed", "delivered", "relayed", "expanded"} and not (status and status[1] in "24")
        yield FailedRecipient(address, status[0] if status else "", permanent, reason[:500])


def _typed(value: bytes, *, lower: bool = True) -> str:
    """What stands behind the type (``rfc822; a@b``)."""
    said = fields.text(value)
    kind, semicolon, rest = said.partition(";")
    plain = (rest if semicolon and " " not in kind.strip() else said).strip(" <>")
    return plain.lower() if lower else plain


def _looks_like_notice(headers: Headers, sender: Party, subject: str, text: str, return_path: str | None) -> bool:
    if "x-failed-recipients" in headers:
        return True
    local = sender.address.partition("@")[0]
    machine = local in words.MACHINES or sender.name.lower() in words.MACHINES
    if not (machine or return_path == ""):
        return _is_named(subject) and _is_told(text)
    if _is_named(subject) or _is_told(text):
        return True
    return (
        machine and return_path == "" and bool(_ADDRESS.search(text) and (_STATUS.search(text) or _REPLY.search(text)))
    )


def _is_named(subject: str) -> bool:
    lower = subject.lower()
    return any(phrase in lower for phrase in words.UNDELIVERED)


def _is_told(text: str) -> bool:
    lower = text[:3_000].lower()
    return any(phrase in lower for phrase in _SYSTEMS)


def _told(headers: Headers, sender: Party, subject: str, text: str) -> list[FailedRecipient]:
    """Whom a free text names: lines that are an address, then its own header, then the first address at all."""
    said = _before_original(text)
    named = [one.lower() for one in _ADDRESS.findall(fields.text(headers.get("x-failed-recipients")))]
    sections = _sections(said)
    for address in named or ([] if sections else [one.lower() for one in _ADDRESS.findall(said)[:1]]):
        sections.setdefault(address, said[max(said.lower().find(address), 0) :][:1_500])
    delayed = _is_late(subject.lower(), said[:2_000].lower())
    sections.pop(sender.address, None)
    whole = said if len(sections) == 1 else ""
    return [_failed(one, section, whole, delayed=delayed) for one, section in list(sections.items())[:MOST]]


def _is_late(subject: str, said: str) -> bool:
    """Whether the server still tries; a reason that passes says so only where nothing was returned."""
    if any(phrase in subject or phrase in said for phrase in words.DELAYED):
        return True
    passing = any(phrase in said for phrase in words.PASSING)
    return passing and not any(word in subject for word in words.RETURNED)


def _sections(said: str) -> dict[str, str]:
    """Addresses that stand alone on a line, each with what is written up to the next."""
    lines = said.split("\n")[:400]
    found = [(at, match[1] or match[2]) for at, line in enumerate(lines) if (match := _ALONE.match(line[:400]))]
    ends = [at for at, _ in found[1:]] + [len(lines)]
    sections: dict[str, str] = {}
    for (at, address), end in zip(found, ends, strict=False):
        sections.setdefault(address.strip("<>.,").lower(), "\n".join(lines[at : min(end, at + 15)]))
    return sections


def _failed(address: str, section: str, whole: str, *, delayed: bool) -> FailedRecipient:
    """With status and reason as they stand behind the address, or anywhere when it is the only one."""
    status = _STATUS.search(section) or _STATUS.search(whole)
    reply = _REPLY.search(section) or _REPLY.search(whole)
    code = status[0] if status else f"{reply[1]}.0.0" if reply else ""
    permanent = code.startswith("5") if code else not delayed
    lines = [line.strip(" <>:") for line in section.split("\n") if line.strip()]
    reason = next((line for line in lines if _STATUS.search(line) or _REPLY.search(line)), " ".join(lines[1:3]))
    return FailedRecipient(address, code, permanent, reason[:500])


def _before_original(text: str) -> str:
    """The notice without the copy of the returned mail below it."""
    found = re.search(
        r"^(?:-{2,}.{0,60}(?:original|copy|returned|αρχικό|ursprüng|message).{0,80}$|Received: |Return-Path: )",
        text,
        re.I | re.M,
    )
    return text[: found.start()] if found and found.start() > 0 else text[:20_000]


def _original(parts: list[Part], text: str) -> str | None:
    """The Message-ID of the mail that was not delivered."""
    for part in parts[1:]:
        if part.content_type in {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}:
            inner = Cutter().cut(part.content[:100_000] + b"\r\n\r\n").headers
            if found := fields.identity(inner.get("message-id")):
                return found
    found_text = _ORIGINAL_ID.search(text)
    return found_text[1] if found_text else None


def _once(recipients: list[FailedRecipient]) -> Iterator[FailedRecipient]:
    seen: set[str] = set()
    for one in recipients:
        if one.address not in seen:
            seen.add(one.address)
            yield one
