"""Accounts of monitoring systems: made, changed, given another secret, tried out; all by administrators, on record."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from channels.monitoring import proof
from channels.port import Hook
from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.monitoring import Signal
from helpdesk.models.post import ChannelAccount
from helpdesk.permissions import Actor, may
from helpdesk.services import accounts, catalogue, hooks, house
from helpdesk.vocabulary import ChannelKind, Level, SignalState

_ROWS, _SIGNALS = table(ChannelAccount), table(Signal)
KIND = ChannelKind.MONITORING.value
GRACE = timedelta(hours=24)
"""How long the secret before still counts, so that the other side can be changed in peace."""
MOST = 1000


@dataclass(frozen=True)
class Kept:
    """What an account was given: its row's id, and its secret, which is shown this once."""

    id: int
    secret: str


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("Administrators keep the accounts of monitoring systems.")


def listed() -> Sequence[Row[Any]]:
    """Every account with what it reported: when last, how many troubles last."""
    last = select(func.max(_SIGNALS.c.last_at)).where(_SIGNALS.c.account_id == _ROWS.c.id).scalar_subquery()
    firing = select(func.count()).select_from(_SIGNALS)
    firing = firing.where(_SIGNALS.c.account_id == _ROWS.c.id, _SIGNALS.c.state == SignalState.FIRING)
    query = select(_ROWS, last.label("last_at"), firing.scalar_subquery().label("firing"))
    return db.session.execute(query.where(_ROWS.c.kind == KIND).order_by(_ROWS.c.id)).all()


def named(id_: int) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """An account, and what it reported last; raises NotFound."""
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == id_, _ROWS.c.kind == KIND)).one_or_none()
    if row is None:
        raise NotFound("There is no such account.")
    query = select(_SIGNALS).where(_SIGNALS.c.account_id == id_).order_by(_SIGNALS.c.last_at.desc()).limit(50)
    return row, db.session.execute(query).all()


@unit()
def create(actor: Actor, name: str, settings: dict[str, Any], *, at: datetime | None = None) -> Kept:
    """A new account with a secret of its own."""
    _require(actor)
    moment = at or clock.now()
    values, secret = _checked(name, settings), secrets.token_urlsafe(32)
    row = {
        "kind": KIND, "address": f"{catalogue.key_from({'el': values['name']}) or 'monitoring'}-{secrets.token_hex(3)}",
        "secrets": accounts.seal({"secret": secret}), **values,
    }  # fmt: skip
    made = int(db.session.execute(insert(_ROWS).values(row).returning(_ROWS.c.id)).scalar_one())
    accounts.changed()
    house.record(actor, "made", "monitoring", made, moment)
    return Kept(made, secret)


@unit()
def change(
    actor: Actor, id_: int, name: str, settings: dict[str, Any], active: bool, *, at: datetime | None = None
) -> None:
    """What becomes of its reports, or whether it is listened to at all."""
    _require(actor)
    row, _signals = named(id_)
    given = {**_checked(name, settings), "active": active}
    given["settings"] = {**row.settings, **given["settings"]}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == id_).values(given))
    accounts.changed()
    house.record(actor, "changed", "monitoring", id_, at or clock.now(), house.changes(row, given))


def _checked(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    wrong: dict[str, str] = {}
    title = " ".join(name.split())
    if not 1 <= len(title) <= 120:
        wrong["name"] = "1 to 120 characters"
    service, impact = str(settings.get("service", "")), str(settings.get("impact", Level.MEDIUM))
    if service and service not in {row.key for row in catalogue.services(all_=True)}:
        wrong["service"] = "one of the catalogue"
    if impact not in set(Level):
        wrong["impact"] = f"one of {', '.join(Level)}"
    most = settings.get("most_an_hour", 20)
    if not isinstance(most, int) or not 1 <= most <= MOST:
        wrong["most_an_hour"] = f"1 to {MOST}"
    if wrong:
        raise Invalid("Please correct what is marked.", fields=wrong)
    kept = {"service": service, "impact": impact, "most_an_hour": most, "resolves": bool(settings.get("resolves"))}
    return {"name": title, "settings": kept}


@unit()
def rotate(actor: Actor, id_: int, *, at: datetime | None = None) -> Kept:
    """Another secret, shown this once; the one before counts for a day more."""
    _require(actor)
    moment = at or clock.now()
    row, _signals = named(id_)
    before, secret = accounts.secrets_of(accounts.account_of(row)).get("secret", ""), secrets.token_urlsafe(32)
    settings = {**row.settings, "previous_until": (moment + GRACE).isoformat()}
    sealed = accounts.seal({"secret": secret, "previous": before})
    db.session.execute(update(_ROWS).where(_ROWS.c.id == id_).values(secrets=sealed, settings=settings))
    accounts.changed()
    house.record(actor, "changed", "monitoring", id_, moment)
    return Kept(id_, secret)


def try_out(actor: Actor, id_: int, *, at: datetime | None = None) -> int:
    """A signed call with a piece of information, through the very door that the other side uses; how many were kept."""
    _require(actor)
    row, _signals = named(id_)
    moment = f"{(at or clock.now()).timestamp():.0f}"
    body = json.dumps({"key": "test", "level": "information", "title": f"Test by {actor.name}"}).encode()
    secret = accounts.secrets_of(accounts.account_of(row)).get("secret", "")
    signed = {proof.SIGNATURE: f"t={moment},v1={proof.sign(secret, moment, body)}"}
    return hooks.take(KIND, str(id_), Hook("", body, signed))
