"""Who calls: an HMAC over moment and body within a window, or the secret as a bearer token; compared in constant time.

Alertmanager cannot sign what it sends; it sends the secret in its Authorization header (http_config.authorization).
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from channels.monitoring.settings import MonitoringSettings
from channels.port import BadSignature, Hook

SIGNATURE = "x-monitoring-signature"
"""``t=<seconds since 1970>,v1=<hex of HMAC-SHA-256 over "<t>.<body>" with the secret>``."""
WINDOW = timedelta(minutes=5)
"""How old, or how far ahead by the caller's clock, a signed call may be."""
SHORTEST = 24
_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def verify(call: Hook, settings: MonitoringSettings) -> None:
    """Raises BadSignature where the caller is not proven; an account without a secret takes nothing."""
    now = settings.moment
    secrets = list(_secrets(settings, now)) if now else []
    if not secrets or now is None:
        raise BadSignature("this account has no secret")
    if SIGNATURE in call.headers:
        _check_signature(call, secrets, now)
    else:
        _check_token(call.headers.get("authorization", ""), secrets)


def _secrets(settings: MonitoringSettings, now: datetime) -> Iterator[str]:
    if len(settings.secret) >= SHORTEST:
        yield settings.secret
    until = settings.previous_until
    if len(settings.previous) >= SHORTEST and until and now < datetime.fromisoformat(until):
        yield settings.previous


def _check_signature(call: Hook, secrets: list[str], now: datetime) -> None:
    found = _FORM.fullmatch(call.headers[SIGNATURE].strip())
    if found is None:
        raise BadSignature("the signature cannot be read")
    if abs(now - datetime.fromtimestamp(int(found[1]), UTC)) > WINDOW:
        raise BadSignature("the call is too old, or a clock is wrong")
    given = found[2].encode()
    fits = [hmac.compare_digest(sign(secret, found[1], call.body).encode(), given) for secret in secrets]
    if not any(fits):
        raise BadSignature("the signature does not fit")


def _check_token(header: str, secrets: list[str]) -> None:
    kind, _, token = header.partition(" ")
    fits = [hmac.compare_digest(token.strip().encode(), secret.encode()) for secret in secrets]
    if kind.lower() != "bearer" or not any(fits):
        raise BadSignature("neither a signature nor the secret as a bearer token")


def sign(secret: str, moment: str, body: bytes) -> str:
    """The signature of a body at a moment (seconds since 1970), in hex."""
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def name_of(call: Hook, settings: MonitoringSettings) -> str:
    """What tells a call from all others: a signed one that is sent again is the same, whenever it comes.

    Alertmanager repeats the very same body on purpose; of those one a minute is another.
    """
    told = call.headers.get(SIGNATURE) or f"{settings.moment:%Y-%m-%dT%H:%M}"
    return hashlib.sha256(told.encode() + b"\n" + call.body).hexdigest()
