"""RFC 5322 bytes to InboundMessage; pure, and never fails on any bytes that are a message at all."""

from collections.abc import Mapping
from typing import Any

from channels.email import authentication, automatic, bounce, charset, headers, language, parties
from channels.email.body import Body, Gathering
from channels.email.history import without_history
from channels.email.mime import Cutter, Headers, Part
from channels.email.storable import storable
from channels.message import COMPLAINT, InboundMessage, Party
from channels.port import Unreadable

_DELIVERED = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "apparently-to")


def parse(raw: bytes, envelope: Mapping[str, Any] | None = None) -> InboundMessage:
    """What a mail says. Raises Unreadable for emptiness only; all else that is odd stands in ``warnings``.

    ``envelope`` may hold ``sender`` (empty: the null return path), ``recipients``, ``trust`` (the host whose
    Authentication-Results count), ``instance`` (our own name, to know our loops by) and ``cut`` (these bytes are only
    the beginning of so many).
    """
    if not raw.strip(b"\0 \t\r\n"):
        raise Unreadable("there is nothing in it")
    envelope = envelope or {}
    cutter = Cutter()
    if envelope.get("cut"):
        cutter.warn("message-cut")
    root = cutter.cut(raw)
    body = Gathering(cutter).gather(root)
    return storable(_message(root, body, cutter, envelope))


def _message(root: Part, body: Body, cutter: Cutter, envelope: Mapping[str, Any]) -> InboundMessage:
    own = root.headers
    hint = _hint(root)
    sender = _sender(own, hint, cutter)
    subject = headers.text(own.get("subject"), hint)
    text = body.text
    parted = without_history(body, subject)
    return_path = _return_path(own, envelope)
    notice = bounce.read(root, own, sender, subject, text, return_path)
    report = root.parameters.get("report-type", "").lower() if root.content_type == "multipart/report" else ""
    verdict = automatic.judge(
        own, sender, subject, notice, report=report, return_path=return_path, text=parted.reply or text,
        instance=envelope.get("instance"),
    )  # fmt: skip
    return InboundMessage(
        sender=sender,
        to=parties.read(b", ".join(own.all("to")), hint),
        cc=parties.read(b", ".join(own.all("cc")), hint),
        reply_to=parties.read(own.get("reply-to"), hint),
        subject=subject,
        text=text,
        reply=parted.reply,
        quoted=parted.quoted,
        signature=parted.signature,
        html=body.html,
        language=language.of(parted.reply or text) or language.of(subject),
        message_id=headers.identity(own.get("message-id")),
        in_reply_to=next(iter(headers.ids(own.get("in-reply-to"))), None),
        references=headers.ids(own.get("references")),
        date=_date(own, cutter),
        attachments=body.attachments,
        automatic=verdict.kind,
        may_answer=verdict.may_answer,
        bounce=notice,
        authentication=authentication.read(own, sender.address, str(envelope.get("trust") or "")),
        spam=authentication.spam(own),
        delivered_to=_delivered_to(own),
        fields={COMPLAINT: bounce.original(root) or ""} if verdict.kind == "feedback-report" else {},
        warnings=tuple(cutter.warnings),
    )


def _hint(root: Part) -> str:
    """The charset of the text, for header fields in raw 8-bit letters."""
    named = (part.parameters.get("charset", "") for part in root.walk() if part.content_type.startswith("text/"))
    return next((one for one in named if charset.named(one) not in {"", "ascii"}), "")


def _sender(own: Headers, hint: str, cutter: Cutter) -> Party:
    """Who it is from, by the first field that names an address."""
    if not own.fields:
        cutter.warn("no-headers")
    for name in ("from", "sender", "reply-to", "return-path"):
        for value in own.all(name):
            found = parties.first(value, hint)
            if found.address:
                if name != "from":
                    cutter.warn("from-missing")
                return Party(found.address, found.name or parties.first(own.get("from"), hint).name)
    cutter.warn("from-missing")
    return parties.first(own.get("from"), hint)


def _date(own: Headers, cutter: Cutter) -> Any:
    value = own.get("date")
    found = headers.moment(value)
    if value and found is None:
        cutter.warn("date-unreadable")
    return found


def _return_path(own: Headers, envelope: Mapping[str, Any]) -> str | None:
    """The sender of the envelope: empty for notices, None where nobody said."""
    if isinstance(said := envelope.get("sender"), str):
        return said.strip("<> ")
    if "return-path" in own:
        return own.plain("return-path").strip("<> ")
    return None


def _delivered_to(own: Headers) -> tuple[str, ...]:
    found = [party.address for name in _DELIVERED for value in own.all(name) for party in parties.read(value)]
    return tuple(dict.fromkeys(filter(None, found)))[:100]
