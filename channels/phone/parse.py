"""A carrier's report of a call becomes a message: who rang, and how long it took (pure)."""

from channels.carrier import e164
from channels.message import InboundMessage, Party
from channels.port import Unreadable
from channels.twilio_carrier import flat

_TOLD = ("CallSid", "CallStatus", "CallDuration", "To", "RecordingSid", "RecordingDuration", "ErrorCode")


def parse(body: bytes) -> InboundMessage:
    """Understands a form that names a call; raises Unreadable for what is none."""
    try:
        facts = flat(body)
    except ValueError:
        raise Unreadable("this is no report of a call") from None
    if not facts.get("CallSid") or not facts.get("CallStatus"):
        raise Unreadable("this is no report of a call")
    number = e164(facts.get("From", ""))
    to = e164(facts.get("To", ""))
    return InboundMessage(
        sender=Party(number, facts.get("CallerName", "")),
        to=(Party(to),) if to else (),
        message_id=facts["CallSid"],
        may_answer=False,
        fields={name: facts[name] for name in _TOLD if facts.get(name)},
        warnings=() if number else ("the number is withheld",),
    )
