"""Health for machines: alive, ready, and figures for Prometheus."""

import hmac
import ipaddress

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from helpdesk import background, clock, migrations
from helpdesk.db import db
from helpdesk.services import hooks
from helpdesk.web.guards import machine

health = Blueprint("health", __name__)


@health.get("/health/live")
@machine
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/health/ready")
@machine
def ready() -> ResponseReturnValue:
    """Database, migrations and Valkey serve; 503 with the part that does not."""
    parts = {"database": _database(), "migrations": _migrations(), "valkey": _valkey()}
    good = all(parts.values())
    states = {name: "ok" if works else "fails" for name, works in parts.items()}
    return jsonify(status="ok" if good else "fails", **states), 200 if good else 503


def _database() -> bool:
    try:
        return db.session.execute(text("select 1")).scalar() == 1
    except SQLAlchemyError:
        db.session.rollback()
        return False


def _migrations() -> bool:
    try:
        return migrations.current(db.session.connection()) == migrations.head()
    except SQLAlchemyError:
        db.session.rollback()
        return False


def _valkey() -> bool:
    try:
        return bool(background.connection().ping())
    except RedisError:
        return False


@health.get("/metrics")
@machine
def metrics() -> ResponseReturnValue:
    """Figures of the whole installation, read from the database: the same from every process."""
    if not (_is_neighbour() or _has_token()):
        return Response("A token is needed.\n", 401, {"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    return Response(generate_latest(_figures()), content_type=CONTENT_TYPE_LATEST)


def _is_neighbour() -> bool:
    """A peer on this machine that no proxy speaks for."""
    peer = request.environ.get("werkzeug.proxy_fix.orig", {}).get("REMOTE_ADDR") or request.remote_addr or ""
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"))
    try:
        return not forwarded and ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    token = current_app.config["SETTINGS"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(token.encode(), given.encode())


_COUNTS = text(
    """
    select 'tickets_open' as name, count(*) as value from ticket where is_open
    union all select 'tickets_late', count(*) from ticket where is_open and queue_at < :at and next_due_at < :at
    union all select 'inbound_kept', count(*) from inbound where state = 'kept'
    union all select 'inbound_unreadable', count(*) from inbound where state = 'unreadable'
    union all select 'inbound_held', count(*) from inbound where state = 'held'
    union all select 'outbound_held', count(*) from outbound where state = 'held'
    union all select 'mailboxes_ill', count(*) from mailbox join channel_account on channel_account.id = account_id
      where active and (error is not null or succeeded_at < cast(:at as timestamptz) - interval '15 minutes')
    union all select 'outbound_waiting', count(*) from outbound where state = 'waiting'
    union all select 'outbound_late_seconds',
      coalesce(extract(epoch from cast(:at as timestamptz) - min(due_at)), 0) from outbound
      where state = 'waiting' and due_at < :at
    union all select 'inbound_oldest_seconds',
      coalesce(extract(epoch from cast(:at as timestamptz) - min(received_at)), 0) from inbound where state = 'kept'
    union all select 'sessions_open', count(*) from login_session where revoked_at is null and expires_at > :at
    """
)


def _figures() -> CollectorRegistry:
    registry = CollectorRegistry()
    for row in db.session.execute(_COUNTS, {"at": clock.now()}):
        Gauge(f"helpdesk_{row.name}", row.name.replace("_", " "), registry=registry).set(float(row.value))
    refused = Gauge("helpdesk_webhooks_refused", "calls not proven", ["channel", "reason"], registry=registry)
    for (kind, reason), count in hooks.refused().items():
        refused.labels(kind, reason).set(count)
    return registry
