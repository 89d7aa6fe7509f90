"""A carrier's forms about short messages: one that came in, or what became of one of ours (pure)."""

import re
from collections.abc import Mapping
from typing import Any

from channels.carrier import e164
from channels.message import TEXTED, InboundMessage, Party
from channels.port import Hook, Tiding, Unreadable
from channels.twilio_carrier import flat

LARGEST = 64 * 1024
MOST_FILES = 10
INBOUND, STATUS = "message/inbound", "message/status"
_SID = re.compile(r"[A-Z]{2}[0-9a-zA-Z]{8,40}")

RANKS: Mapping[str, int] = {
    "accepted": 1, "scheduled": 1, "queued": 1, "sending": 2, "sent": 3, "partially_delivered": 4, "delivered": 5,
    "undelivered": 5, "failed": 5, "canceled": 5, "read": 6,
}  # fmt: skip
"""How far a message of ours has got; reports come in any order and never lead back."""


def fields(body: bytes) -> Mapping[str, str]:
    """A form about a message; raises Unreadable for anything else."""
    if len(body) > LARGEST:
        raise Unreadable("the form is too large")
    try:
        facts = flat(body)
    except (ValueError, UnicodeError):
        raise Unreadable("this is no form about a message") from None
    if not _SID.fullmatch(_sid(facts)):
        raise Unreadable("it names no message")
    return facts


def _sid(facts: Mapping[str, str]) -> str:
    return facts.get("MessageSid") or facts.get("SmsMessageSid") or facts.get("SmsSid", "")


def name_of(body: bytes) -> str:
    """The carrier's name for the message of a form."""
    return _sid(fields(body))


def understand(body: bytes, prefix: str = "") -> InboundMessage:
    """A message that came in; ``prefix`` stands before numbers on that channel. Raises Unreadable."""
    facts = fields(body)
    if "From" not in facts or ("Body" not in facts and "NumMedia" not in facts):
        raise Unreadable("it carries no message")
    number, to = (e164(facts.get(name, "").removeprefix(prefix)) for name in ("From", "To"))
    words = facts.get("Body", "").strip()
    media = _media(facts)
    told: dict[str, Any] = {"opt_out": facts.get("OptOutType", "").strip().upper()[:10], "media": media}
    return InboundMessage(
        sender=Party(number, facts.get("ProfileName", "").strip()[:200]),
        to=(Party(to),) if to else (),
        text=words,
        language=language_of(words, number),
        message_id=_sid(facts),
        may_answer=bool(number),
        fields={"phone": number, TEXTED: told},
        warnings=() if number else ("number-withheld",),
    )


def _media(facts: Mapping[str, str]) -> list[dict[str, str]]:
    told = facts.get("NumMedia", "0")
    count = min(int(told), MOST_FILES) if told.isascii() and told.isdigit() and len(told) < 4 else 0
    listed = [
        {
            "url": facts.get(f"MediaUrl{n}", "")[:600],
            "content_type": facts.get(f"MediaContentType{n}", "")[:100].lower(),
        }
        for n in range(count)
    ]
    return [one for one in listed if one["url"]]


_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_ENGLISH = re.compile(r"\b(?:the|is|are|and|please|my|hello|not|when|can|you|thanks)\b", re.IGNORECASE)


def language_of(words: str, number: str) -> str:
    """By its letters, its words, or its number's country; empty where that tells nothing: Greek in Latin letters."""
    if _GREEK.search(words):
        return "el"
    if _ENGLISH.search(words) or (words and number and not number.startswith("+30")):
        return "en"
    return ""


def tiding(call: Hook) -> Tiding | None:
    """What a call reports of a message of ours; None for one that carries a message. Raises Unreadable."""
    parts = [part for part in call.path.split("/") if part]
    if parts[:2] != STATUS.split("/"):
        return None
    facts = fields(call.body)
    state = (facts.get("MessageStatus") or facts.get("SmsStatus", "")).strip().lower()[:40]
    if not state:
        raise Unreadable("it tells no state")
    key = parts[2][:80] if len(parts) == 3 else ""
    return Tiding(_sid(facts), state, RANKS.get(state, 0), key, facts.get("ErrorCode", "").strip()[:10])
