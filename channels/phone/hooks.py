"""A call from the carrier becomes a step: what happened, to which call, under which of our addresses (pure)."""

from collections.abc import Mapping

from channels.carrier import e164
from channels.port import Hook, Unreadable
from channels.turns import Step
from channels.twilio_carrier import flat

LARGEST = 64 * 1024
"""Bytes of a call; the carrier's own have some two thousand."""

REPORTS = frozenset({"call/status", "recording/status", "conference/events", "call/amd"})
"""What only tells, and wants no words."""

_SUBJECT = {"recording/status": "RecordingSid", "conference/events": "ConferenceSid"}


def understand(call: Hook) -> Step:
    """Raises Unreadable for what is none."""
    if len(call.body) > LARGEST:
        raise Unreadable("the call is too large")
    parts = [part for part in call.path.split("/") if part]
    if len(parts) < 2:
        raise Unreadable("there is no such address")
    try:
        facts = flat(call.body)
    except ValueError:
        raise Unreadable("it is no form") from None
    act = "/".join(parts[:2])
    if not facts.get("CallSid") and act != "conference/events":
        raise Unreadable("it names no call")
    return Step(
        sid=facts.get("CallSid", ""),
        act=act,
        mark=_mark(act, tuple(parts[2:]), facts),
        path=tuple(parts[2:]),
        caller=e164(facts.get("From", "")),
        called=e164(facts.get("To", "")),
        status=facts.get("CallStatus", ""),
        digits=facts.get("Digits", ""),
        facts=facts,
    )


def _mark(act: str, path: tuple[str, ...], facts: Mapping[str, str]) -> str:
    """What tells one report from the next of the same call; a repeated one has the same."""
    if act not in REPORTS:
        return "/".join(path)
    subject = facts.get(_SUBJECT.get(act, ""), "")
    order = facts.get("SequenceNumber", "")
    state = facts.get("RecordingStatus") or facts.get("StatusCallbackEvent") or facts.get("CallStatus", "")
    return ":".join(part for part in (subject, state, order) if part)
