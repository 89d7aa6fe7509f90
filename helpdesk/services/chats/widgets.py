"""Places on other sites of the body where the chat is embedded: which sites may, and who is signed in there."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import select

from helpdesk import clock
from helpdesk.background import connection
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.chats import ChatWidget
from helpdesk.permissions import Actor, may
from helpdesk.services import accounts, house, people
from helpdesk.services.catalogue.administration import key_from
from helpdesk.services.chats import colours

LONGEST_LIFE = 300
"""Seconds for which a proof of identity may be good: it is made when the chat opens."""

SKEW = 30
"""Seconds by which two clocks may differ."""

SHORTEST_SECRET = 32
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_ROWS = table(ChatWidget)


@dataclass(frozen=True)
class Identity:
    """Who the embedding site says is signed in there, proven by its signature."""

    subject: str
    name: str = ""
    email: str = ""


def every() -> Sequence[Any]:
    """All places, in the order in which they were made."""
    return db.session.execute(select(_ROWS).order_by(_ROWS.c.id)).all()


def find(key: str) -> Any:
    """The place of that key that is in use; raises NotFound."""
    found = db.session.execute(select(_ROWS).where(_ROWS.c.key == key, _ROWS.c.active)).one_or_none()
    if found is None:
        raise NotFound("There is no such place.")
    return found


@unit()
def save(
    actor: Actor,
    id_: int | None,
    *,
    names: dict[str, str],
    origins: Sequence[str],
    department_id: int | None = None,
    identity_required: bool = False,
    secret: str = "",
    colour: str = "",
    key: str | None = None,
    active: bool = True,
    at: datetime | None = None,
) -> int:
    """Makes a place or changes it; an empty secret keeps the one there is. Raises Forbidden, NotFound, Invalid."""
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
    row = ChatWidget() if id_ is None else db.session.get(ChatWidget, id_)
    if row is None:
        raise NotFound("There is no such place.")
    given: dict[str, Any] = {
        "names": names, "origins": _checked(origins), "department_id": department_id,
        "identity_required": identity_required, "colour": colours.checked(colour), "active": active,
    }  # fmt: skip
    if id_ is None:
        given["key"] = key or key_from(names) or "chat"
        if db.session.execute(select(_ROWS.c.id).where(_ROWS.c.key == given["key"])).scalar() is not None:
            raise Invalid("This key is taken.", fields={"key": "another one"})
    _check_secret(row, secret, identity_required)
    different = {} if id_ is None else house.changes(row, given)
    for name, value in given.items():
        setattr(row, name, value)
    if secret:
        row.secret = accounts.seal({"secret": secret}).decode()
    row.changed_at = at or clock.now()
    db.session.add(row)
    db.session.flush()
    if id_ is None or different or secret:
        house.record(actor, "made" if id_ is None else "changed", "widget", row.id, row.changed_at, different)
    return int(row.id)


def _checked(origins: Sequence[str]) -> list[str]:
    told = [one.strip().lower().rstrip("/") for one in origins if one.strip()]
    if wrong := [one for one in told if not _ORIGIN.fullmatch(one)]:
        raise Invalid("That is no address of a site.", fields={"origins": f"like https://www.city.example: {wrong[0]}"})
    return list(dict.fromkeys(told))


def _check_secret(row: ChatWidget, secret: str, required: bool) -> None:
    if secret and len(secret) < SHORTEST_SECRET:
        raise Invalid("The secret is too short.", fields={"secret": f"at least {SHORTEST_SECRET} characters"})
    if required and not (secret or row.secret):
        raise Invalid("A secret is needed.", fields={"secret": "without one nobody can prove who they are"})


def identity(widget: Any, token: str, at: datetime) -> Identity | None:
    """Who is signed in on the embedding site, by its token (a JWT, HS256); None for nobody where that is allowed.

    Raises Forbidden for a token that proves nothing, and without one where identity is required: what is unsigned,
    for another place, older than five minutes or seen before is no proof.
    """
    if not token:
        if widget.identity_required:
            raise Forbidden("Please sign in on the site first.", code="identity-required")
        return None
    claims = _claims(widget, token)
    seconds = at.timestamp()
    expires = claims.get("exp")
    fresh = isinstance(expires, int | float) and seconds - SKEW <= expires <= seconds + LONGEST_LIFE + SKEW
    subject, once = claims.get("sub"), claims.get("jti")
    named = isinstance(subject, str) and isinstance(once, str) and subject and once
    if claims.get("aud") != widget.key or not fresh or not named or not _is_first(widget.id, str(once)):
        raise _unproven()
    email = str(claims.get("email", "")).strip().lower()
    return Identity(str(subject), str(claims.get("name", ""))[:200], email if people.EMAIL.fullmatch(email) else "")


def _unproven() -> Forbidden:
    return Forbidden("The site's proof of who you are is not good. Load the page again.", code="identity-unproven")


def _claims(widget: Any, token: str) -> dict[str, Any]:
    """What the token says, its signature checked under our secret alone: the token may not choose how it is signed."""
    if widget.secret is None or len(token) > 4_000 or token.count(".") != 2:
        raise _unproven()
    head, body, signature = token.split(".")
    secret = accounts.opened(widget.secret.encode())["secret"]
    made = hmac.digest(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256)
    try:
        claims = json.loads(_bytes(body))
        signed = json.loads(_bytes(head)).get("alg") == "HS256" and hmac.compare_digest(made, _bytes(signature))
    except (ValueError, AttributeError, binascii.Error, RecursionError):
        raise _unproven() from None
    if not signed or not isinstance(claims, dict):
        raise _unproven()
    return claims


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _is_first(widget_id: int, once: str) -> bool:
    """Whether nobody came with that token before; without Valkey its five minutes must do."""
    name = hashlib.sha256(once.encode()).hexdigest()
    try:
        return bool(connection().set(f"chat-identity:{widget_id}:{name}", 1, nx=True, ex=LONGEST_LIFE + 2 * SKEW))
    except RedisError:
        return True
