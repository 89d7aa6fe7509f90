"""What a channel works with: an account's settings, its secrets, a fresh token, and our way out."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from time import monotonic
from typing import Any

from flask import current_app
from sqlalchemy import update

from channels.port import Channel, Refused, Retry
from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.models.post import ChannelAccount
from helpdesk.services import accounts, outgoing
from helpdesk.services.accounts import Account

_EARLY = 120.0
"""Seconds before its end at which a token is fetched anew."""

_TOKENS = "provider_tokens"


@dataclass(frozen=True)
class _Token:
    """An access token of a provider and until when (monotonic) it serves."""

    value: str
    until: float


def settings_of(channel: Channel, account: Account) -> Any:
    """The channel's settings: the body's transport, then the account's own, then its secrets, then what we provide.

    Raises Retry where the provider gives no token now, Refused where it never will.
    """
    known = {item.name for item in fields(channel.settings)}
    own = _own(accounts.book().by_id.get(account.settings.get(THROUGH, 0))) | _own(account)
    given: dict[str, Any] = {"smtp_url": current_app.config["SETTINGS"].smtp_url} | own
    if "smtp_url" in own or "imap_url" in own:
        given["dial"] = outgoing.dial
    operator = current_app.config["SETTINGS"]
    given |= {"moment": clock.now(), "public_base_url": operator.public_base_url}
    given["hook_base"] = f"{operator.public_base_url.rstrip('/')}/hooks/{account.kind}/{account.id}/"
    given["carrier_url"] = operator.twilio_base_url
    if own.get("token_url"):
        given["access_token"] = _access_token(account, own)
    return channel.settings(**{name: value for name, value in given.items() if name in known})


THROUGH = "through"
"""The setting of an account that has a number at another account's carrier: the id of that one."""


def _own(account: Account | None) -> dict[str, Any]:
    """What an account says of itself, its secrets included."""
    if account is None:
        return {}
    told = {name: value for name, value in account.settings.items() if value not in (None, "")}
    return told | accounts.secrets_of(account)


def _access_token(account: Account, own: Mapping[str, Any]) -> str:
    """The token that is still good, else a fresh one."""
    asked = {name: str(own.get(name, "")) for name in ("token_url", "client_id", "client_secret", "refresh_token")}
    asked["scope"] = str(own.get("token_scope", ""))
    key = hashlib.sha256(json.dumps([account.id, asked]).encode()).hexdigest()
    kept: dict[str, _Token] = current_app.extensions.setdefault(_TOKENS, {})
    found = kept.get(key)
    if found is None or found.until < monotonic():
        found = kept[key] = _fetched(account, asked)
    return found.value


def _fetched(account: Account, asked: dict[str, str]) -> _Token:
    """RFC 6749 §6 with a refresh token, §4.4 without one."""
    url, refresh = asked["token_url"], asked["refresh_token"]
    form = {"client_id": asked["client_id"], "client_secret": asked["client_secret"], "scope": asked["scope"]}
    form |= (
        {"grant_type": "refresh_token", "refresh_token": refresh} if refresh else {"grant_type": "client_credentials"}
    )
    try:
        reply = outgoing.post(url, {name: value for name, value in form.items() if value})
    except OSError as why:
        raise Retry(f"no token: {why}") from None
    told = _read(reply.body)
    if reply.status >= 500 or reply.status == 429:
        raise Retry(f"no token: the provider answered {reply.status}")
    if reply.status != 200 or not isinstance(told.get("access_token"), str):
        reason = told.get("error_description") or told.get("error") or reply.status
        raise Refused(f"no token: {str(reason).splitlines()[0][:300]}")
    if told.get("refresh_token") and refresh and told["refresh_token"] != refresh:
        _keep(account, str(told["refresh_token"]))
    return _Token(told["access_token"], monotonic() + max(_seconds(told.get("expires_in")) - _EARLY, 30.0))


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(said: Any) -> float:
    try:
        return float(said)
    except (TypeError, ValueError):
        return 3600.0


@unit()
def _keep(account: Account, refresh_token: str) -> None:
    """Some providers give a new refresh token with every use and end the old one soon after."""
    rows = table(ChannelAccount)
    row = db.session.execute(rows.select().where(rows.c.id == account.id).with_for_update()).one_or_none()
    if row is None:
        return
    held = accounts.secrets_of(accounts.account_of(row)) | {"refresh_token": refresh_token}
    db.session.execute(update(rows).where(rows.c.id == account.id).values(secrets=accounts.seal(held)))
    accounts.changed()
