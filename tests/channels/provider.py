"""Calls as a mail provider makes them: forms with fields and files, signed on P-256."""

import base64
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels.port import Hook

KEY = ec.derive_private_key(20261124, ec.SECP256R1())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
MAIL = (
    "From: =?utf-8?B?zobOvc69zrE=?= <anna@example.org>\r\nTo: info@city.example\r\nSubject: Νερά\r\n"
    "Message-ID: <m1@example.org>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0200\r\n\r\nΔιαρροή νερού στην Ερμού.\r\n"
).encode()
ENVELOPE = json.dumps({"to": ["info@city.example"], "from": "anna@example.org"})
Part = tuple[str, bytes, dict[str, str]]


def field(name: str, value: str | bytes, *, file: str = "", kind: str = "") -> Part:
    """One field; with ``file`` a file of that name."""
    body = value if isinstance(value, bytes) else value.encode()
    about = {"Content-Disposition": f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")}
    return name, body, about | ({"Content-Type": kind} if kind else {})


def form(*parts: Part, boundary: str = "edge") -> tuple[bytes, str]:
    """The body and its type."""
    lines = b""
    for _, body, about in parts:
        head = "".join(f"{name}: {value}\r\n" for name, value in about.items()).encode()
        lines += f"--{boundary}\r\n".encode() + head + b"\r\n" + body + b"\r\n"
    return lines + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def signed(body: bytes, stamp: str = "1795500000") -> dict[str, str]:
    """The headers by which the provider proves itself."""
    signature = KEY.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
    }


def call(body: bytes, kind: str, *, path: str = "", **headers: str) -> Hook:
    """The call as the door hands it over."""
    told = {"content-type": kind} | {name.lower(): value for name, value in headers.items()}
    return Hook(path, body, told)


def raw_mode(mail: bytes = MAIL) -> tuple[bytes, str]:
    """The whole mail in one field."""
    return form(field("envelope", ENVELOPE), field("email", mail), field("sender_ip", "192.0.2.7"))


def taken_apart() -> tuple[bytes, str]:
    """The same with text and HTML, a picture of the page and a file, in the charsets that they came in."""
    return form(
        field("headers", "From: Άννα <anna@example.org>\nSubject: Νερά\nMessage-ID: <m2@example.org>\n"
                         "Content-Type: multipart/mixed;\n boundary=old\nMIME-Version: 1.0\nX-Long: a\n b\n"),
        field("envelope", ENVELOPE),
        field("text", "Διαρροή στην Ερμού.".encode("iso-8859-7")),
        field("html", '<p>Διαρροή <img src="cid:pic1"></p>'),
        field("charsets", json.dumps({"text": "iso-8859-7", "html": "UTF-8"})),
        field("content-ids", json.dumps({"pic1": "attachment1"})),
        field("attachment1", b"\x89PNG\r\n\x1a\n" + bytes(30), file="pic.png", kind="image/png"),
        field("attachment2", b"%PDF-1.4", file="αίτηση.pdf", kind="application/pdf"),
        field("spam_score", "7.1"),
    )  # fmt: skip
