"""Mail that a provider posts to us (SendGrid's Inbound Parse): who called is proven, the form becomes a mail again."""

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from channels.email import form
from channels.email.mime import Part
from channels.email.settings import EmailSettings
from channels.port import BadSignature, Hook, Raw, Unreadable

SIGNATURE, TIMESTAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
SHORTEST_TOKEN = 20
_WHOLE = "email"
"""The field that holds the mail byte for byte, where the provider is told to post it raw."""


def verify(hook: Hook, settings: EmailSettings) -> None:
    """By the provider's signature where its key is known, and by the secret word of the address where there is one.

    An address with neither takes nothing. Raises BadSignature.
    """
    if not settings.hook_key and not settings.hook_token:
        raise BadSignature("this address has neither a verification key nor a secret word")
    if settings.hook_key:
        _check_signature(hook, settings.hook_key)
    if settings.hook_token:
        _check_token(hook.path, settings.hook_token)


def _check_token(path: str, token: str) -> None:
    if len(token) < SHORTEST_TOKEN or not hmac.compare_digest(path.strip("/").encode(), token.encode()):
        raise BadSignature("the secret word of the address is wrong")


def _check_signature(hook: Hook, key: str) -> None:
    """ECDSA on P-256 over the timestamp and the body as they came."""
    try:
        public = load_der_public_key(base64.b64decode(key, validate=True))
        signature = base64.b64decode(hook.headers.get(SIGNATURE, ""), validate=True)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise ValueError
        public.verify(signature, hook.headers.get(TIMESTAMP, "").encode() + hook.body, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, binascii.Error):
        raise BadSignature("the signature does not fit") from None


def receive(hook: Hook) -> Iterator[Raw]:
    """The mail of a call, with the envelope that the provider tells. Raises Unreadable for what is no such form.

    A mail that comes taken apart is kept as it was posted and put together when it is understood: what that does
    wrong can be mended, and the mail read again.
    """
    kind = hook.headers.get("content-type", "")
    fields = form.fields(hook.body, kind)
    envelope = _envelope(fields)
    if _WHOLE in fields:
        yield Raw(fields[_WHOLE].content, envelope=envelope)
    elif "headers" in fields or "from" in fields:
        yield Raw(hook.body, form.identity(fields), envelope=envelope | {"form": kind})
    else:
        raise Unreadable("the form holds no mail")


def _envelope(fields: Mapping[str, Part]) -> dict[str, Any]:
    told = form.table(fields, "envelope")
    to = told.get("to")
    envelope: dict[str, Any] = {
        "recipients": [str(one) for one in to][:100] if isinstance(to, list) else [],
        "peer": form.said(fields, "sender_ip")[:100],
    }
    if isinstance(told.get("from"), str):
        envelope["sender"] = told["from"][:300]
    return envelope
