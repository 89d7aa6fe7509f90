"""Mails for tests: a head with sensible fields, any body."""

from channels.email.parse import parse
from channels.message import InboundMessage


def a_mail(text: str | bytes = "Καλημέρα", charset: str = "utf-8", **given: str) -> bytes:
    """A one-part mail; keywords are header fields (``auto_submitted="no"``), later ones replace the defaults."""
    fields = {
        "from": "anna@example.org",
        "to": "info@city.example",
        "subject": "Water",
        "message_id": "<m1@example.org>",
    }
    fields |= {"content_type": f"text/plain; charset={charset}"} | given
    head = "".join(f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in fields.items())
    body = text if isinstance(text, bytes) else text.encode(charset)
    return head.encode() + b"\r\n" + body


def read(text: str | bytes = "Καλημέρα", charset: str = "utf-8", **given: str) -> InboundMessage:
    """That mail, understood."""
    return parse(a_mail(text, charset, **given))


def a_multipart(kind: str, *parts: str | bytes, **given: str) -> bytes:
    """A mail of several parts, each with its own header lines."""
    inner = b"".join(b"--edge\r\n" + (part if isinstance(part, bytes) else part.encode()) + b"\r\n" for part in parts)
    return a_mail(inner + b"--edge--\r\n", content_type=f'multipart/{kind}; boundary="edge"', **given)
