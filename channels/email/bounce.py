"""Reads delivery notices: RFC 3464 reports, and the free-text ones of mail servers that write none."""

import re
from collections.abc import Iterator
from itertools import islice

from channels.email import automatic_words as words
from channels.email import headers as fields
from channels.email import notices
from channels.email.letters import folded
from channels.email.mime import Cutter, Headers, Part
from channels.message import Bounce, FailedRecipient, Party

MOST = 200
_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_COPIES = {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}
_STILL_TRIED = {"delayed", "delivered", "relayed", "expanded"}
_ANSWERED = re.compile(r"^\s*(?:re|aw|sv|απ|fwd?|fw|wg|tr|πρθ)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_ORIGINAL_ID = re.compile(r"^[ \t]{0,40}(?:>[ \t]{0,4}){0,3}Message-I[Dd]:\s{0,9}<?([^<>\s]{3,300})>?", re.MULTILINE)


def read(
    root: Part, headers: Headers, sender: Party, subject: str, text: str, return_path: str | None
) -> Bounce | None:
    """The notice a mail is; None for one that is none."""
    parts = list(root.walk())
    reports = [part for part in parts if part.content_type in _REPORTS]
    found = islice((one for part in reports for one in _reported(part)), 5 * MOST)
    recipients = list(found)
    if not reports and not _looks_like_notice(headers, sender, subject, text, return_path):
        return None
    if not recipients:
        recipients = notices.recipients(headers, sender, subject, text)
    return Bounce(tuple(_once(recipients))[:MOST], _original(parts, text))


def original(root: Part) -> str | None:
    """The Message-ID of the mail that a report encloses."""
    return _original(list(root.walk()), "")


def is_machine(sender: Party) -> bool:
    """Whether nobody but a mail server writes under that address or name."""
    local, name = sender.address.partition("@")[0], folded(sender.name)
    return local.startswith(words.DAEMONS) or any(one in name for one in words.DAEMON_NAMES)


def _reported(part: Part) -> Iterator[FailedRecipient]:
    """A block of fields for each recipient, after one for the message."""
    blocks = re.split(rb"\r?\n[ \t]*\r?\n", part.content.strip()[:200_000])
    for block in blocks[:MOST]:
        found = Cutter().cut(block.strip() + b"\r\n\r\n").headers
        reached = [_typed(found.get(f"{whose}-recipient")) for whose in ("final", "original", "x-actual")]
        address = next((one for one in reached if "@" in one), next(filter(None, reached), ""))
        if address:
            yield _settled(found, address, reached[1])


def _settled(found: Headers, address: str, addressed: str) -> FailedRecipient:
    """What became of the mail to one address."""
    said = _typed(found.get("diagnostic-code"), lower=False)
    action = re.split(r"[^a-z]", found.plain("action").lower(), maxsplit=1)[0]
    action = action if action in _STILL_TRIED else "failed"
    status = notices.status(found.plain("status"), said)
    return FailedRecipient(
        address,
        status,
        action == "failed" and status[:1] not in ("2", "4"),
        (said or found.plain("status"))[:500],
        action,
        addressed if "@" in addressed and addressed != address else "",
    )


def _typed(value: bytes, *, lower: bool = True) -> str:
    """What stands behind the type (``rfc822; a@b``)."""
    said = fields.text(value)
    kind, semicolon, rest = said.partition(";")
    plain = (rest if semicolon and " " not in kind.strip() else said).strip(" <>")
    return plain.lower() if lower else plain


def _looks_like_notice(headers: Headers, sender: Party, subject: str, text: str, return_path: str | None) -> bool:
    """By the header that only notices have, else by who writes what; people write of undelivered letters, too."""
    if "x-failed-recipients" in headers:
        return True
    named, told = _says(words.UNDELIVERED, subject), _says(words.SYSTEMS, text[:3_000])
    if is_machine(sender):
        return named or told or notices.names_a_failure(text)
    postmaster = sender.address.partition("@")[0] in words.POSTMASTERS
    if postmaster and return_path != "":
        return (named and told) or ((named or told) and notices.names_a_failure(text))
    if return_path:
        return False
    if return_path is None:
        return named and told and not _ANSWERED.match(subject) and notices.names_an_address(text)
    return named or told or (postmaster and notices.names_a_failure(text))


def _says(phrases: tuple[str, ...], text: str) -> bool:
    said = folded(text)
    return any(phrase in said for phrase in phrases)


def _original(parts: list[Part], text: str) -> str | None:
    """The Message-ID of the mail that was not delivered."""
    for part in parts[1:]:
        if part.content_type in _COPIES:
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
